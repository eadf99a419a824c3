"""The rooms of this process, and its one subscription on the channel layer."""

import asyncio
import logging
import time
from contextlib import suppress

from channels.layers import get_channel_layer

from facilitation.live.layer import CHANGES, LAYER_SECONDS, PROCESS, Changes, messenger, send_to_layer
from facilitation.live.room import Member, Room
from facilitation.server.memory import tidy_memory

logger = logging.getLogger(__name__)

PULSE_SECONDS = 2  # between two tests of the layer; while it is silent, rooms look this often
SUBSCRIBE_SECONDS = 3600
QUIET_SECONDS = 3  # without a vote


class Switchboard:
    """The rooms of this process and its one subscription on the channel layer."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._channel = ""
        self._subscribed = asyncio.Event()
        self._voted_at = 0.0
        self._pulse_came_back = True

    def note_vote(self) -> None:
        """Somebody votes: this is no moment to tidy. Pings go on for ever, so they are."""
        self._voted_at = time.monotonic()

    def look(self) -> None:
        """Something changed for all screens of this process: the rooms look what they show now."""
        for room in self.rooms.values():
            room.look()

    @property
    def is_quiet(self) -> bool:
        """Nobody voted for some seconds."""
        return time.monotonic() - self._voted_at > QUIET_SECONDS

    async def enter(self, code: str, member: Member, revision: int) -> Room:
        """Bring a screen that shows this revision into the room of its session."""
        loop = asyncio.get_running_loop()
        if not self._tasks or self._tasks[0].get_loop() is not loop or self._tasks[0].done():
            self.rooms.clear()  # rooms of an event loop that is gone, as between two tests
            self._subscribed = asyncio.Event()
            jobs = (self._listen(), self._test_layer(), self._stay_subscribed(), tidy_memory(lambda: self.is_quiet))
            self._tasks = tuple(loop.create_task(job) for job in jobs)
        await asyncio.wait_for(self._subscribed.wait(), 5)
        room = self.rooms.get(code)
        if room is None:
            room = self.rooms[code] = Room(code, self.rooms)
        room.admit(member, revision)
        return room

    def leave(self, code: str, member: Member) -> None:
        room = self.rooms.get(code)
        if room is None:
            return
        room.dismiss(member)
        if not room.members:
            room.close()
            del self.rooms[code]

    def pass_on(self, code: str, kind: str) -> None:
        """Let the room of a session know, if anybody is there."""
        if room := self.rooms.get(code):
            room.refresh(kind)

    async def _listen(self) -> None:
        """Hear every change, for ever. After a fault all rooms look again: they may have missed something."""
        layer = get_channel_layer()
        while True:
            try:
                self._channel = await layer.new_channel()
                await layer.group_add(CHANGES, self._channel)
                self._subscribed.set()
                for room in self.rooms.values():
                    room.refresh("state")
                while True:
                    # Without a time limit: a cancelled receive ends the subscription on Redis.
                    changes = await layer.receive(self._channel)
                    if changes["process"] == PROCESS:
                        self._pulse_came_back = True
                        continue
                    for code, kind in changes["kinds"].items():
                        self.pass_on(code, kind)
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.warning("The channel layer does not answer; we ask again in a second.", exc_info=True)
                self._subscribed.set()  # screens still get their state, and ask for it again themselves
                await self._give_channel_back()
                await asyncio.sleep(1)

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
                for room in self.rooms.values():
                    room.look()
            was_whole = is_whole

    async def _stay_subscribed(self) -> None:
        """Every hour: let the layer remember our subscription."""
        while True:
            await asyncio.sleep(SUBSCRIBE_SECONDS)
            try:
                await get_channel_layer().group_add(CHANGES, self._channel)
            except Exception:
                logger.warning("The channel layer does not answer; we try again in an hour.", exc_info=True)


switchboard = Switchboard()
messenger.pass_on = switchboard.pass_on
