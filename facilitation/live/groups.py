"""Every name on the channel layer, and the one message that travels over it: something changed."""

import asyncio
import logging
import uuid
from typing import Any, TypedDict

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from sessions.signals import session_changed

logger = logging.getLogger(__name__)

# One group, one channel per server process: a change is told once to each process, never once to each phone.
CHANGES = "changes"


# A process tells itself directly, and knows its own words when they come back.
PROCESS = uuid.uuid4().hex
LAYER_SECONDS = 2  # a channel layer that hangs may not hold up a command that is on disk already


class Change(TypedDict):
    type: str
    process: str
    code: str
    kind: str  # "state" or "counts"


def listen_to_commands() -> None:
    """From now on what `sessions.commands` writes is told to every server process."""
    session_changed.connect(tell_processes, dispatch_uid="tell_processes")


def tell_processes(sender: object, code: str, kind: str, **kwargs: Any) -> None:
    """Tell all processes. The change is on disk already, so a silent channel layer may not undo it."""
    from facilitation.live.room import switchboard  # here, for rooms import this module

    change = Change(type="change", process=PROCESS, code=code, kind=kind)
    switchboard.pass_on_from_thread(change)
    try:
        async_to_sync(send_to_layer)(CHANGES, dict(change))
    except Exception:
        logger.warning("The channel layer does not answer; only this process knows of the change.", exc_info=True)


async def send_to_layer(group: str, message: dict[str, Any]) -> None:
    """Send, or raise within two seconds."""
    await asyncio.wait_for(get_channel_layer().group_send(group, message), LAYER_SECONDS)
