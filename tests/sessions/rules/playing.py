"""Commands one after the other, as `run_command` carries them out: with what it reads of the plan each time anew."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from content.graph import Library
from sessions.rules import machine
from sessions.rules.commands import Command
from sessions.rules.state import State

NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)


def play(library: Library, state: State, *commands: Command, **read: Any) -> State:
    """The state after these commands, each of which sees the newest version."""
    for command in commands:
        state = msgspec.structs.replace(state, **read)
        state = machine.apply(state, command, seen=state.version, library=library, now=NOW)
    return state
