"""Klopt dit? Beside the walk the room is asked whether its plan says what it agreed."""

from datetime import datetime
from typing import Annotated

import msgspec

from content.graph import Library, Place
from sessions.rules.changes import change_current, need_current
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, Option, State

WHOLE = "plan"  # the subject of a round about the whole plan; about one goal it is the key of its line
# What the room may say. A round keeps the texts it asked.
VERDICTS = (("fits", "Dit klopt"), ("lacks", "Er mist iets"))


class Check(Command, frozen=True):
    """Ask the room at once whether the plan is right: all of it, or the page of one goal, by its key."""

    refusal = Reason.NO_CHECK_NOW

    goal: Annotated[int, msgspec.Meta(ge=0)] = 0

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        current = state.active
        return current is not None and current.is_of_tree and current.status != "open"

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if not state.page:
            raise Refused(Reason.EMPTY_PLAN)
        place = Place(need_current(state).place.phase, "")
        asked = Asking(
            number=state.rounds[-1].number + 1,
            place=place,
            visit=1 + max((round_.visit for round_ in state.rounds if round_.place == place), default=0),
            status="open",
            entered_at=now,
            opened_at=now,
            kind="check",
            subject=str(self.goal) if self.goal else WHOLE,
            asked="Klopt dit?",
            options=tuple(Option(slug, text, tuple(role.slug for role in library.roles)) for slug, text in VERDICTS),
            page=state.page,
        )
        return msgspec.structs.replace(state, rounds=(*state.rounds, asked), screen="walk")


class Skip(Command, frozen=True):
    """Leave what was asked beside the walk: nothing of it is kept but that it was asked."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.active is not None and state.is_brief and not state.looks_back

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if need_current(state).status == "open":
            state = change_current(state, status="closed", closed_at=now)
        return msgspec.structs.replace(change_current(state, withdrawn=True), screen="plan")
