"""The end of a meeting, and going on with it after all."""

from datetime import datetime

import msgspec

from content.graph import Library
from sessions.rules.changes import change_current
from sessions.rules.commands.command import Command
from sessions.rules.state import State


class Stop(Command, frozen=True):
    """Stop here. The path so far is the result."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not state.ended

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if state.current and state.current.status == "open":
            state = change_current(state, status="closed", closed_at=now)
        return msgspec.structs.replace(state, ended=True, paused=False)


class Reopen(Command, frozen=True):
    """Go on with a session that was stopped."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.ended

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return msgspec.structs.replace(state, ended=False, screen="walk")
