"""The walk of a group through the trees: State + command -> State, or Refused.

Pure: no Django, no clock (`now` is passed in), no votes. A round goes `reading -> open -> closed -> revealed ->
decided`; a step back marks rounds as withdrawn and keeps them. Every command carries the version it saw.
"""

from datetime import datetime

import msgspec

from content.graph import Library
from sessions.rules.commands import COMMANDS, Command, Undo
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, State, find_node, is_at_same_choice


def apply(state: State, command: Command, *, seen: int, library: Library, now: datetime, by: str = "") -> State:
    """Carry out one command, `by` a facilitator.

    `seen` is the version the facilitator saw. Raises Refused: `late` when somebody else was first, else with the
    reason why this command does not fit here.
    """
    if seen != state.version:
        raise Refused(Reason.LATE)
    if not command.fits(state, library):
        raise Refused(_reason(state, command))
    changed = command.carry_out(state, library, now)
    version = state.version + 1
    if isinstance(command, Undo):
        return msgspec.structs.replace(changed, version=version)  # which cannot be undone itself
    return msgspec.structs.replace(
        changed,
        version=version,
        draft=state.draft if is_at_same_choice(state, changed) else None,
        previous=_strip(state, step=command.name(), by=by),
    )


def count(state: State, before: tuple[tuple[str, str, int], ...], by: str = "") -> State:
    """Hands were counted: a step of its own, so that an undo brings back what was counted `before`.

    No step of the walk: the phones see nothing of it, and a button that is pressed at that moment does its work.
    """
    return msgspec.structs.replace(state, previous=_strip(state, step="hands", by=by, hands=before))


def _strip(state: State, **changes: object) -> State:
    """As much of a state as an undo has to keep."""
    return msgspec.structs.replace(
        state, open_steps=(), page=(), wanted="", ideas=(), unsorted=(), previous=None, **changes
    )


def allowed(state: State, library: Library) -> frozenset[str]:
    """The names of all commands that fit this state."""
    return frozenset(name for name, kind in COMMANDS.items() if kind.fits(state, library))


def next_step(state: State, library: Library) -> str:
    """The one command that the big button offers."""
    if state.ended:
        return "reopen"
    if state.paused:
        return "resume"
    current = state.current
    if current is None:
        return "takestock" if state.open_steps else "start"
    if state.is_brief:
        return _next_brief(current)
    if find_node(current, library).is_end:
        return "stop"
    if current.status == "revealed":
        return "decide" if current.split else "split"
    return {"reading": "open", "open": "close", "closed": "reveal", "decided": "next"}[current.status]


def _next_brief(current: Asking) -> str:
    """As `next_step`, of what is no question of a tree: two presses each, for there may be six steps of a plan."""
    said = "adopt" if current.kind == "support" else "conclude"
    return {"reading": "open", "revealed": said, "decided": "start"}.get(current.status, "reveal")


def _reason(state: State, command: Command) -> Reason:
    if isinstance(command, Undo):
        return command.refusal
    return Reason.ENDED if state.ended else Reason.PAUSED if state.paused else command.refusal
