"""The channel layer: every name on it, and the one message that travels over it: these sessions changed.

What this process wrote is told to the others, what they wrote is heard, and a pulse proves that the layer works.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol, TypedDict

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
PULSE_SECONDS = 2  # between two tests of the layer; while it is silent, rooms look this often
SUBSCRIBE_SECONDS = 3600
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


class Hearer(Protocol):
    """Who hears what other processes wrote."""

    def pass_on(self, code: str, kind: str) -> None:
        """Something of this session changed."""

    def look(self) -> None:
        """A word may have been lost."""

    def catch_up(self) -> None:
        """We were away, and may have missed all of it."""


class Listener:
    """The one subscription of this process. Its `jobs` run for ever; `is_subscribed` once words can come in."""

    def __init__(self, hearer: Hearer) -> None:
        self._hearer = hearer
        self._channel = ""
        self._pulse_came_back = True
        self.is_subscribed = asyncio.Event()

    def jobs(self) -> tuple[Coroutine[Any, Any, None], ...]:
        return self._listen(), self._test_layer(), self._stay_subscribed()

    async def _listen(self) -> None:
        """Hear every change, for ever. After a fault all rooms look again: they may have missed something."""
        while True:
            try:
                await self._subscribe()
                while True:
                    # Without a time limit: a cancelled receive ends the subscription on Redis.
                    self._hear(await get_channel_layer().receive(self._channel))
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.warning("The channel layer does not answer; we ask again in a second.", exc_info=True)
                self.is_subscribed.set()  # screens still get their state, and ask for it again themselves
                await self._give_channel_back()
                await asyncio.sleep(1)

    async def _subscribe(self) -> None:
        layer = get_channel_layer()
        self._channel = await layer.new_channel()
        await layer.group_add(CHANGES, self._channel)
        self.is_subscribed.set()
        self._hearer.catch_up()

    def _hear(self, changes: Changes) -> None:
        if changes["process"] == PROCESS:
            self._pulse_came_back = True
            return
        for code, kind in changes["kinds"].items():
            self._hearer.pass_on(code, kind)

    async def _give_channel_back(self) -> None:
        """A channel that failed halfway: the layer would keep what nobody hears."""
        with suppress(Exception):
            await asyncio.wait_for(get_channel_layer().group_discard(CHANGES, self._channel), LAYER_SECONDS)

    async def _test_layer(self) -> None:
        """What we say on the layer has to come back. While it does not, and once after that, rooms look themselves.

        The layer of Redis subscribes again by itself, and tells nobody that it missed something.
        """
        was_whole = True
        while True:
            self._pulse_came_back = False
            with suppress(Exception):
                await send_to_layer(CHANGES, Changes(type="change", process=PROCESS, kinds={}))
            await asyncio.sleep(PULSE_SECONDS)
            is_whole = self._pulse_came_back
            if not (is_whole and was_whole):
                self._hearer.look()
            was_whole = is_whole

    async def _stay_subscribed(self) -> None:
        """Every hour: let the layer remember our subscription."""
        while True:
            await asyncio.sleep(SUBSCRIBE_SECONDS)
            try:
                await get_channel_layer().group_add(CHANGES, self._channel)
            except Exception:
                logger.warning("The channel layer does not answer; we try again in an hour.", exc_info=True)


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
