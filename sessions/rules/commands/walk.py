"""Walking from question to question."""

from datetime import datetime

import msgspec

from content.graph import Library
from sessions.rules.changes import change_current, enter_place, need_current, tidy_line
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import State, find_crossing, find_node, find_visit_to_go_back_to, is_asked


class Start(Command, frozen=True):
    """Leave the lobby for the first question, or what the group looked back on: what is left of that is skipped."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not (state.ended or state.paused or state.has_begun)

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        skipped = state.current
        if skipped and skipped.status == "open":
            state = change_current(state, status="closed", closed_at=now)
        if skipped and skipped.decision is None:
            state = change_current(state, withdrawn=True)
        return enter_place(state, library.start(state.phase), now)


class Next(Command, frozen=True):
    """Walk on where the decided answer leads."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not state.is_brief and is_asked(state, library, "decided")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        current = need_current(state)
        if current.decision is None:
            raise Refused(Reason.NOT_NOW)
        answer = library.node(current.place).answer(current.decision.answer)
        return enter_place(state, library.resolve(current.place.phase, answer.next), now)


class Follow(Command, frozen=True):
    """Take one of the ways on that an end node offers; `choice` counts from 0."""

    choice: int

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        current = state.active
        return current is not None and find_node(current, library).is_end

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        place = need_current(state).place
        ways = library.node(place).follow_up
        if not 0 <= self.choice < len(ways):
            raise Refused(Reason.NO_SUCH_WAY)
        return enter_place(state, library.resolve(place.phase, ways[self.choice].next), now)


class Return(Command, frozen=True):
    """Go back to the question from which the group crossed to another phase."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        current = state.active
        if current is None or state.is_brief or find_crossing(state, library) is None:
            return False
        return find_node(current, library).is_end or current.status in ("reading", "decided")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        crossing, current = find_crossing(state, library), need_current(state)
        if crossing is None:
            raise Refused(Reason.NOT_NOW)
        if current.status == "reading" and not library.node(current.place).is_end:
            state = change_current(state, withdrawn=True)
        return enter_place(state, crossing.place, now)


class Back(Command, frozen=True):
    """One step back: withdraw what came later, and stand at the question before once more."""

    refusal = Reason.FIRST_QUESTION

    why: str = ""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.active is not None and find_visit_to_go_back_to(state) is not None

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        why = tidy_line(self.why)
        target = find_visit_to_go_back_to(state)
        if target is None:
            raise Refused(self.refusal)
        # Everything from the visit we return to onwards is withdrawn; nothing is thrown away.
        first = min(
            round_.number for round_ in state.standing if (round_.place, round_.visit) == (target.place, target.visit)
        )
        rounds = tuple(
            msgspec.structs.replace(
                round_,
                withdrawn=True,
                # The line belongs to the choice the group comes back on, not to what was left half done after it.
                back_why=why if round_.number == target.number else round_.back_why,
            )
            if round_.number >= first and not round_.withdrawn and round_.is_of_tree
            else round_
            for round_ in state.rounds
        )
        return enter_place(msgspec.structs.replace(state, rounds=rounds), target.place, now)
