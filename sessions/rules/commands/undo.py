"""The last command, taken back."""

from datetime import datetime

import msgspec

from content.graph import Library
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import State, find_decision


class Undo(Command, frozen=True):
    """Take back the last command."""

    refusal = Reason.NOTHING_TO_UNDO

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.previous is not None

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if state.previous is None:
            raise Refused(self.refusal)
        before = state.previous.current
        taken_back = before and before.decision is None and find_decision(state, before.number)
        return msgspec.structs.replace(
            state.previous,
            rounds=tuple(
                # What a hall saw it cannot unsee.
                msgspec.structs.replace(before, revealed_at=after.revealed_at)
                for before, after in zip(state.previous.rounds, state.rounds, strict=False)
            ),
            draft=taken_back or state.previous.draft,
            previous=None,
            step="",
            by="",
            hands=None,
        )
