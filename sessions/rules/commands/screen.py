"""What the beamer shows, and the coffee."""

from datetime import datetime
from typing import Annotated

import msgspec

from content.graph import Library
from sessions.rules.cards import read_card
from sessions.rules.changes import need_current
from sessions.rules.commands.command import Command
from sessions.rules.plan import MOST_LEAVES
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import State, find_node


class Pause(Command, frozen=True):
    """Coffee: nobody can vote."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.active is not None

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return msgspec.structs.replace(state, paused=True)


class Resume(Command, frozen=True):
    """After the coffee."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return state.paused and not state.ended

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return msgspec.structs.replace(state, paused=False)


class ShowPlan(Command, frozen=True, tag="plan"):
    """Show the plan on the beamer, or another leaf of it."""

    leaf: Annotated[int, msgspec.Meta(ge=1, le=MOST_LEAVES)] = 1

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not state.ended

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return msgspec.structs.replace(state, screen="plan" if self.leaf == 1 else f"plan/{self.leaf}")


class ShowInvite(Command, frozen=True, tag="invite"):
    """Show the QR on the beamer, as large as it goes."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        if state.ended or state.screen == "invite" or state.door_shut:
            return False
        return state.current is not None  # in the lobby the QR is large already

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return msgspec.structs.replace(state, screen="invite")


class ShowCard(Command, frozen=True, tag="show"):
    """Show an opened answer, a working element or an intervention on the beamer. See `cards`."""

    card: str

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        # While people vote, the question stays where they can read it.
        return state.active is not None and state.active.status != "open"

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        current = need_current(state)
        # What an answer brings and costs would colour the vote: first the result, then the cards of answers.
        card = read_card(
            self.card, library, find_node(current, library) if current.was_revealed and current.is_of_tree else None
        )
        if card is None:
            raise Refused(Reason.UNKNOWN_CARD)
        return msgspec.structs.replace(state, screen=str(card))


class ShowWalk(Command, frozen=True, tag="walk"):
    """Show the walk on the beamer again."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not state.ended and state.screen != "walk"

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return msgspec.structs.replace(state, screen="walk")
