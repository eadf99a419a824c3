"""Nu, straks of later; wij, samen of de gemeente: the room sorts the steps of its plan, in two taps each."""

from collections.abc import Collection
from datetime import datetime
from itertools import takewhile

import msgspec

from content.graph import Library
from sessions.rules.changes import ask_beside, open_to_all
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import State, Unsorted

# By field of a step what the room may say of it. A round keeps the texts it asked.
FIELDS = {
    "term": (("now", "Nu"), ("soon", "Straks"), ("later", "Later")),
    "doer": (("us", "Wij"), ("together", "Samen"), ("council", "De gemeente")),
}


class Sort(Command, frozen=True):
    """Ask the room about the first step that has no place yet."""

    refusal = Reason.NO_CHECK_NOW

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        current = state.active
        return current is not None and current.is_of_tree and current.status != "open"

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        found = _find_next(state, asked=())
        if found is None:
            raise Refused(Reason.ALL_SORTED)
        return _ask(state, library, now, *found)


def ask_next_field(state: State, library: Library, now: datetime) -> State:
    """Open the vote on what a step lacks, after another one. Without one left the wall shows the plan."""
    sorted_ = takewhile(lambda round_: round_.kind == "sort" and not round_.withdrawn, reversed(state.rounds))
    found = _find_next(state, asked=[round_.subject for round_ in sorted_])
    return _ask(state, library, now, *found) if found else msgspec.structs.replace(state, screen="plan")


def _find_next(state: State, *, asked: Collection[str]) -> tuple[Unsorted, str] | None:
    """The first step with a field that it lacks, and that was not just asked for."""
    wanted = ((step, field) for step in state.unsorted for field in step.fields)
    return next(((step, field) for step, field in wanted if f"{step.line}:{field}" not in asked), None)


def _ask(state: State, library: Library, now: datetime, step: Unsorted, field: str) -> State:
    return ask_beside(
        state,
        now,
        kind="sort",
        status="open",
        opened_at=now,
        subject=f"{step.line}:{field}",
        asked=step.text,
        options=open_to_all(library, FIELDS[field]),
    )
