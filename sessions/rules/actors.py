"""Who does something. Pure: `facilitation.access` finds out who it is and what that one may; writers are told."""

from typing import Literal

from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Frozen


class Actor(Frozen, frozen=True):
    """Who reads or writes: a stranger, a participant (by the key of the seat), a member of teams (by account), or we.

    `name` is how a member is called, for colleagues who see whose step it was.
    """

    kind: Literal["stranger", "participant", "member", "system"]
    key: int = 0
    name: str = ""

    @property
    def leads(self) -> bool:
        """Whether this is somebody who can lead a meeting at all. Which ones, the gate decides."""
        return self.kind in ("member", "system")


STRANGER, SYSTEM = Actor("stranger"), Actor("system")  # the system: commands of a terminal, and what goes by itself


def need_leader(actor: Actor) -> None:
    """Raise Refused for anybody else: a writer that somebody reached around the gate does nothing."""
    if not actor.leads:
        raise Refused(Reason.UNKNOWN_SESSION)
