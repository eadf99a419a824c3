"""The vote on a question, from opening it to showing what came of it."""

from datetime import datetime

import msgspec

from content.graph import Library
from sessions.rules.changes import change_current, need_current, open_to_all
from sessions.rules.commands.command import Command
from sessions.rules.ideas import list_shown
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, State, is_asked


class Open(Command, frozen=True):
    """Open the vote. Where proposals were gathered it is on those that were let through."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return is_asked(state, library, "reading")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if not need_current(state).gathers:
            return change_current(state, status="open", opened_at=now)
        options = open_to_all(library, ((f"p{idea.key}", idea.text) for idea in list_shown(state.ideas)))
        if not options:
            raise Refused(Reason.NOTHING_SHOWN)
        return change_current(state, status="open", opened_at=now, options=options)


class Close(Command, frozen=True):
    """Close the vote."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not state.is_brief and is_asked(state, library, "open")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return change_current(state, status="closed", closed_at=now)


class Continue(Command, frozen=True):
    """Open a vote again that was closed too early, with its votes, as long as nobody saw the result."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        current = state.active
        return current is not None and is_asked(state, library, "closed") and not (current.was_shown or current.sealed)

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return change_current(state, status="open", closed_at=None)


class Reveal(Command, frozen=True):
    """Show the total. Of what is no question of a tree this closes the vote as well, and shows all of it."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return is_asked(state, library, "closed") or (state.is_brief and is_asked(state, library, "open"))

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        closed_at = need_current(state).closed_at or now
        return change_current(state, status="revealed", split=state.is_brief, closed_at=closed_at, revealed_at=now)


class Split(Command, frozen=True):
    """Show the result per role."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        current = state.active
        return current is not None and is_asked(state, library, "revealed") and not current.split

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return change_current(state, split=True)


class Again(Command, frozen=True):
    """Vote once more on the same question; both rounds stay."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return is_asked(state, library, "closed", "revealed")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        current = need_current(state)
        again = Asking(
            number=state.rounds[-1].number + 1,
            place=current.place,
            visit=current.visit,
            attempt=current.attempt + 1,
            entered_at=now,
            kind=current.kind,
            subject=current.subject,
            asked=current.asked,
            options=current.options,
            page=current.page,
        )
        return msgspec.structs.replace(state, rounds=(*state.rounds, again), screen="walk")


class LetIn(Command, frozen=True):
    """Let those who came while the vote was open vote as well."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return is_asked(state, library, "open")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return change_current(state, let_ins=need_current(state).let_ins + 1)
