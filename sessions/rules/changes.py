"""The small changes that commands are made of. Pure."""

from datetime import datetime

import msgspec

from content.graph import Place
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import LINE_LENGTH, Asking, State


def enter_place(state: State, place: Place, now: datetime) -> State:
    """Arrive at a place: one more round, which nobody voted in yet."""
    visits = [round_.visit for round_ in state.rounds if round_.place == place]
    number = state.rounds[-1].number + 1 if state.rounds else 1
    arrived = Asking(number=number, place=place, visit=max(visits, default=0) + 1, entered_at=now)
    return msgspec.structs.replace(state, rounds=(*state.rounds, arrived), screen="walk")


def change_current(state: State, **changes: object) -> State:
    """Change the round the group stands at. Raises Refused in the lobby."""
    changed = msgspec.structs.replace(need_current(state), **changes)
    # A step of the question is something to see, so the plan leaves the beamer.
    rounds = tuple(changed if round_.number == changed.number else round_ for round_ in state.rounds)
    return msgspec.structs.replace(state, rounds=rounds, screen="walk")


def need_current(state: State) -> Asking:
    """The round the group stands at. Raises Refused in the lobby."""
    if state.current is None:
        raise Refused(Reason.NOT_NOW)
    return state.current


def tidy_line(text: str) -> str:
    """A line that somebody typed, without needless spaces. Raises Refused when it is too long."""
    line = " ".join(text.split())
    if len(line) > LINE_LENGTH:
        raise Refused(Reason.TOO_LONG)
    return line
