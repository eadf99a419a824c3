"""Who may still come in, and how many people there are."""

from datetime import datetime

import msgspec

from content.graph import Library
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import State

MOST_CHAIRS = 9999


class ShutDoor(Command, frozen=True):
    """No new phones from now on; those who are in go on."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not (state.ended or state.door_shut)

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        screen = "walk" if state.screen == "invite" else state.screen
        return msgspec.structs.replace(state, door_shut=True, screen=screen)


class OpenDoor(Command, frozen=True):
    """Let new phones in again."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.door_shut and not state.ended

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return msgspec.structs.replace(state, door_shut=False)


class Chairs(Command, frozen=True):
    """Keep how many people the facilitator counted in the hall."""

    number: int

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not state.ended

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if not 0 <= self.number <= MOST_CHAIRS:
            raise Refused(Reason.CHAIRS_NUMBER)
        return msgspec.structs.replace(state, chairs=self.number or None)
