"""The small changes that commands are made of. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from content.graph import Library, Place
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import LINE_LENGTH, Asking, Kind, Option, State


def enter_place(state: State, place: Place, now: datetime) -> State:
    """Arrive at a place: one more round, which nobody voted in yet."""
    visits = [round_.visit for round_ in state.rounds if round_.place == place]
    number = state.rounds[-1].number + 1 if state.rounds else 1
    arrived = Asking(number=number, place=place, visit=max(visits, default=0) + 1, entered_at=now)
    return msgspec.structs.replace(state, rounds=(*state.rounds, arrived), screen="walk")


def ask_beside(state: State, now: datetime, *, kind: Kind, **what: Any) -> State:
    """Ask the room something beside its walk, which goes on from where it stood."""
    place = Place(need_current(state).place.phase, "")
    asked = Asking(
        number=state.rounds[-1].number + 1,
        place=place,
        visit=1 + max((round_.visit for round_ in state.rounds if round_.place == place), default=0),
        entered_at=now,
        kind=kind,
        **what,
    )
    return msgspec.structs.replace(state, rounds=(*state.rounds, asked), screen="walk")


def open_to_all(library: Library, texts: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    """Options that every role may choose."""
    roles = tuple(role.slug for role in library.roles)
    return tuple(Option(slug, text, roles) for slug, text in texts)


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
