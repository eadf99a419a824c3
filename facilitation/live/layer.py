"""Every name on the channel layer, and the one message that travels over it: these sessions changed."""

import asyncio
import logging
import uuid
from collections.abc import Callable
from typing import Any, TypedDict

from channels.layers import get_channel_layer

from facilitation.server.threads import run_in_loop, serving_loop
from sessions.signals import session_changed

logger = logging.getLogger(__name__)

# One group, one channel per server process: a change is told once to each process, never once to each phone.
CHANGES = "changes"
# A process tells itself directly, and knows its own words when they come back.
PROCESS = uuid.uuid4().hex
LAYER_SECONDS = 2  # a channel layer that hangs may not hold up a command that is on disk already
# What can change, each holding the ones before it: who voted, what is shown, who has a seat.
KINDS = ("counts", "state", "seats")
COUNTS_SECONDS = 0.03  # counts of this long travel together; a state goes out at once


class Changes(TypedDict):
    type: str
    process: str
    kinds: dict[str, str]  # code -> one of KINDS


def _ignore(code: str, kind: str) -> None:
    """Nobody is connected to a process that never made a room."""


class Messenger:
    """Tells the other processes what this one wrote, in as few messages as the hall allows.

    `pass_on` tells the rooms of this process itself, straight away: `switchboard` puts its own there.
    """

    def __init__(self) -> None:
        self.pass_on: Callable[[str, str], None] = _ignore
        self._kinds: dict[str, str] = {}
        self._sender: asyncio.Task[None] | None = None

    def tell(self, code: str, kind: str) -> None:
        """Tell of a change soon. From the loop."""
        self._kinds[code] = max(kind, self._kinds.get(code, kind), key=KINDS.index)
        loop = asyncio.get_running_loop()
        if self._sender is None or self._sender.done() or self._sender.get_loop() is not loop:
            self._sender = loop.create_task(self._send())

    async def _send(self) -> None:
        while self._kinds:
            if set(self._kinds.values()) == {"counts"}:
                await asyncio.sleep(COUNTS_SECONDS)
            kinds, self._kinds = self._kinds, {}
            try:
                await send_to_layer(CHANGES, Changes(type="change", process=PROCESS, kinds=kinds))
            except Exception:
                # On disk it is already; the other processes look for themselves every now and then.
                logger.warning("The channel layer does not answer; only this process knows.", exc_info=True)


messenger = Messenger()


def listen_to_commands() -> None:
    """From now on what is written is told to every server process."""
    session_changed.connect(tell_processes, dispatch_uid="tell_processes")


def tell_processes(sender: object, code: str, kind: str, **kwargs: Any) -> None:
    """Tell all processes. The change is on disk already, so a silent channel layer may not undo it."""
    loop = serving_loop()
    if loop is None:
        # A command of the command line, say: nobody sits here, the servers elsewhere should hear.
        try:
            run_in_loop(send_to_layer, CHANGES, Changes(type="change", process=PROCESS, kinds={code: kind}))
        except Exception:
            logger.warning("The channel layer does not answer; nobody knows of the change yet.", exc_info=True)
        return
    loop.call_soon_threadsafe(_tell_from_loop, code, kind)


def _tell_from_loop(code: str, kind: str) -> None:
    messenger.pass_on(code, kind)
    messenger.tell(code, kind)


async def send_to_layer(group: str, message: Any) -> None:
    """Send, or raise within two seconds."""
    await asyncio.wait_for(get_channel_layer().group_send(group, message), LAYER_SECONDS)
