"""Klopt dit? Beside the walk the room is asked whether its plan says what it agreed."""

from datetime import datetime
from typing import Annotated

import msgspec

from content.graph import Library
from sessions.rules.changes import ask_beside, change_current, need_current, open_to_all
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import State

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
        return ask_beside(
            state,
            now,
            kind="check",
            status="open",
            opened_at=now,
            subject=str(self.goal) if self.goal else WHOLE,
            asked="Klopt dit?",
            options=open_to_all(library, VERDICTS),
            page=state.page,
        )


class Skip(Command, frozen=True):
    """Leave what was asked beside the walk: nothing of it is kept but that it was asked."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.active is not None and state.is_brief and not state.looks_back

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if need_current(state).status == "open":
            state = change_current(state, status="closed", closed_at=now)
        return msgspec.structs.replace(change_current(state, withdrawn=True), screen="plan")
