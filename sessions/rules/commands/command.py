"""What every command has: its name, when it fits, and what it does."""

from datetime import datetime
from typing import ClassVar

from content.graph import Library
from sessions.rules.refusals import Reason
from sessions.rules.state import Frozen, State


class Command(Frozen, frozen=True, tag_field="command", tag=str.lower):
    """Something a facilitator asks for."""

    refusal: ClassVar[Reason] = Reason.NOT_NOW  # the code for when it does not fit

    @classmethod
    def name(cls) -> str:
        """As it travels and as it is kept."""
        return str(cls.__struct_config__.tag)

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        """Whether this command can be given now."""
        raise NotImplementedError

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        """The state after this command, which fits. Raises Refused when what came with it is not right."""
        raise NotImplementedError
