"""Rooms: everybody of one session who is connected to this process.

A change comes in once per process over the channel layer. The room reads the session once, renders once per audience,
and hands the same text to every socket. The state goes out at once, counts at most a few times a second.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Protocol

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings

from facilitation.live.groups import CHANGES, PROCESS, Change
from facilitation.live.protocol import refuse, write_frame
from facilitation.live.render import Audience, make_view, render_counts, render_state
from sessions.commands import delete_old_practice, mark_seen
from sessions.models import GroupSession
from sessions.queries import load_walk

logger = logging.getLogger(__name__)

COUNT_SECONDS = 0.1  # between two frames with counts
LOOK_SECONDS = 20  # between two looks at a session that nobody told us about: a layer may lose a word
HEARTBEAT_SECONDS = 240  # keeps everybody who is connected on the list of people present
HOUSE_SECONDS = 3600
SOCKETS_PER_BREATH = 100  # an acknowledgement must not wait behind a whole fan-out


class Member(Protocol):
    """A connected screen."""

    audience: Audience
    participant: int | None

    async def send_text(self, text: str) -> None: ...


class Room:
    """One session in this process."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.version = 0
        self.members: set[Member] = set()
        self._state_is_old = False
        self._counts_are_old = False
        self._arrived: set[int] = set()
        self._wake = asyncio.Event()
        self._tasks = (asyncio.create_task(self._run()), asyncio.create_task(self._beat()))

    def admit(self, member: Member) -> None:
        self.members.add(member)
        if member.participant is not None:
            self._arrived.add(member.participant)
            self.refresh("counts")

    def refresh(self, kind: str) -> None:
        """Something changed: everybody gets the new state, or the screens with counts get new counts."""
        if kind == "state":
            self._state_is_old = True
        else:
            self._counts_are_old = True
        self._wake.set()

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _run(self) -> None:
        last_counts = 0.0
        while True:
            await self._wake.wait()
            if not self._state_is_old and (wait := last_counts + COUNT_SECONDS - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            with_state, self._state_is_old, self._counts_are_old = self._state_is_old, False, False
            arrived, self._arrived = self._arrived, set()
            self._wake.clear()
            try:
                await self._show(with_state=with_state, arrived=arrived)
            except GroupSession.DoesNotExist:
                await self._send(self.members, write_frame(refuse("unknown-code")))
            except Exception:
                logger.exception("Room %s could not show its state; it tries again.", self.code)
                await asyncio.sleep(1)
                self._arrived |= arrived
                self.refresh("state" if with_state else "counts")
            last_counts = time.monotonic()

    async def _show(self, *, with_state: bool, arrived: set[int]) -> None:
        audiences = {member.audience for member in self.members}
        texts, version = await database_sync_to_async(_compose)(self.code, audiences, with_state, arrived)
        if self.version and version != self.version and not with_state:
            self.refresh("state")  # we missed a word
        self.version = version
        for audience, text in texts.items():
            await self._send([member for member in self.members if member.audience == audience], text)

    async def _send(self, members: Iterable[Member], text: str) -> None:
        for number, member in enumerate(list(members)):
            try:
                await member.send_text(text)
            except Exception:
                logger.debug("A screen of room %s went away while we wrote to it.", self.code, exc_info=True)
            if number % SOCKETS_PER_BREATH == SOCKETS_PER_BREATH - 1:
                await asyncio.sleep(0)

    async def _beat(self) -> None:
        heard = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if time.monotonic() - heard >= HEARTBEAT_SECONDS:
                heard = time.monotonic()
                self._arrived |= {member.participant for member in self.members if member.participant is not None}
            self.refresh("counts")


def _compose(
    code: str, audiences: set[Audience], with_state: bool, arrived: set[int]
) -> tuple[dict[Audience, str], int]:
    """Read once, render once per audience. Runs in the thread of the database."""
    if arrived:
        mark_seen(arrived)
    walk = load_walk(code)
    texts = {}
    for audience in audiences:
        if with_state:
            texts[audience] = write_frame(render_state(audience, make_view(walk, audience)))
        elif audience.view != "phone":
            texts[audience] = write_frame(render_counts(audience, make_view(walk, audience)))
    return texts, walk.state.version


class Switchboard:
    """The rooms of this process and its one subscription on the channel layer."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self._listener: asyncio.Task[None] | None = None
        self._house: asyncio.Task[None] | None = None
        self._channel = ""
        self._loop: asyncio.AbstractEventLoop | None = None

    async def enter(self, code: str, member: Member) -> Room:
        """Bring a screen into the room of its session."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop or self._listener is None or self._listener.done():
            if self._loop is not loop:
                self.rooms.clear()  # rooms of an event loop that is gone, as between two tests
            self._loop = loop
            subscribed = asyncio.Event()
            self._listener = loop.create_task(self._listen(subscribed))
            self._house = loop.create_task(self._keep_house())
            await asyncio.wait_for(asyncio.shield(subscribed.wait()), 5)
        room = self.rooms.get(code)
        if room is None:
            room = self.rooms[code] = Room(code)
        room.admit(member)
        return room

    def leave(self, code: str, member: Member) -> None:
        room = self.rooms.get(code)
        if room is None:
            return
        room.members.discard(member)
        if not room.members:
            room.close()
            del self.rooms[code]

    def pass_on(self, change: Change) -> None:
        room = self.rooms.get(change["code"])
        if room is not None:
            room.refresh(change["kind"])

    def pass_on_from_thread(self, change: Change) -> None:
        """As `pass_on`, from the thread of a command."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.pass_on, change)

    async def _listen(self, subscribed: asyncio.Event) -> None:
        """Hear every change, for ever. After a fault all rooms look again: they may have missed something."""
        layer = get_channel_layer()
        while True:
            try:
                self._channel = await layer.new_channel()
                await layer.group_add(CHANGES, self._channel)
                subscribed.set()
                for room in self.rooms.values():
                    room.refresh("state")
                while True:
                    # Without a time limit: a cancelled receive ends the subscription on Redis.
                    change = await layer.receive(self._channel)
                    if change["process"] != PROCESS:
                        self.pass_on(change)
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.warning("The channel layer does not answer; we ask again in a second.", exc_info=True)
                subscribed.set()  # screens still get their state, and ask for it again themselves
                await asyncio.sleep(1)

    async def _keep_house(self) -> None:
        """Every hour: let the layer remember our subscription, and let old practice go."""
        while True:
            await asyncio.sleep(HOUSE_SECONDS)
            try:
                await get_channel_layer().group_add(CHANGES, self._channel)
                await database_sync_to_async(delete_old_practice)(settings.PRACTICE_HOURS)
            except Exception:
                logger.warning("Housekeeping failed; we try again in an hour.", exc_info=True)


switchboard = Switchboard()
