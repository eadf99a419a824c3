"""Rooms: everybody of one session who is connected to this process.

A change comes in once per process over the channel layer. The room reads the session once, renders once per audience,
and hands the same text to every socket. The state goes out at once, counts at most a few times a second.
"""

import asyncio
import gc
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from channels.layers import get_channel_layer
from django.conf import settings

from facilitation.live.groups import CHANGES, PROCESS, Changes, send_to_layer
from facilitation.live.outlet import Outlet
from facilitation.live.presence import presence
from facilitation.live.protocol import refuse, write_frame
from facilitation.live.render import Audience, keep_phone_screen, make_view, render_counts, render_state
from facilitation.threads import ask_database
from sessions.commands import delete_old_practice
from sessions.models import GroupSession
from sessions.queries import read_walk

logger = logging.getLogger(__name__)

COUNT_SECONDS = 0.1  # between two frames with counts
TURN_SECONDS = 0.01  # each room of a busy process takes its turn: counts may not hold up votes
LOOK_SECONDS = 20  # between two looks at a session that nobody told us about: a layer may lose a word
PULSE_SECONDS = 2  # between two tests of the layer; while it is silent, rooms look this often
HEARTBEAT_SECONDS = 240  # keeps everybody who is connected on the list of people present
HOUSE_SECONDS = 3600
TIDY_SECONDS, QUIET_SECONDS = 60, 3
MOST_UNTIDY_SECONDS = 1800
SOCKETS_PER_BREATH = 50  # an acknowledgement must not wait behind a whole fan-out


class Member(Protocol):
    """A connected screen."""

    audience: Audience
    participant: int | None
    outlet: Outlet


class Room:
    """One session in this process."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.version = 0
        self.members: set[Member] = set()
        self._counting: set[Member] = set()  # those who see counts; a phone sees none
        self._states: dict[Audience, str] = {}  # the newest that went out
        self._wake, self._hurry = asyncio.Event(), asyncio.Event()  # something changed; the state did
        self._tasks = (asyncio.create_task(self._run()), asyncio.create_task(self._beat()))
        self._wake.set()  # something may have changed before there was a room to hear it

    def admit(self, member: Member, version: int) -> None:
        """Let in a screen that shows this version."""
        self.members.add(member)
        if member.audience.view != "phone":
            self._counting.add(member)
        if version > self.version > 0:
            self.refresh("state")  # it knows more than we do
        self.version = self.version or version
        if member.participant is not None:
            presence.note(member.participant)
            self.refresh("counts")

    def dismiss(self, member: Member) -> None:
        self.members.discard(member)
        self._counting.discard(member)

    def refresh(self, kind: str) -> None:
        """Something changed: everybody gets the new state, or the screens with counts get new counts."""
        if kind == "state":
            self._hurry.set()
        if kind == "state" or self._counting:
            self._wake.set()

    def look(self) -> None:
        """A change may have been missed: ask the database, also where nobody sees counts."""
        self._wake.set()

    async def catch_up(self, member: Member) -> None:
        """Send the newest state to a screen that missed it: it read too slowly, or was still on its way in."""
        if text := self._states.get(member.audience):
            await member.outlet.show(text)
        else:
            self.refresh("state")  # nobody else saw it in this way

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _run(self) -> None:
        last_counts = 0.0
        while True:
            await self._wake.wait()
            with suppress(TimeoutError):
                # Counts wait for their turn; a state that comes meanwhile does not.
                turn = last_counts + max(COUNT_SECONDS, TURN_SECONDS * len(switchboard.rooms))
                await asyncio.wait_for(self._hurry.wait(), max(0, turn - time.monotonic()))
            with_state = self._hurry.is_set()
            self._wake.clear()
            self._hurry.clear()
            try:
                await self._show(with_state=with_state)
            except GroupSession.DoesNotExist:
                await self._send(self.members, write_frame(refuse("unknown-code")))
            except Exception:
                logger.exception("Room %s could not show its state; it tries again.", self.code)
                await asyncio.sleep(1)
                self.refresh("state" if with_state else "counts")
            last_counts = time.monotonic()

    async def _show(self, *, with_state: bool) -> None:
        audiences = {member.audience for member in self.members}
        version, texts = await ask_database(_compose, self.code, audiences, with_state)
        if version != self.version and not with_state:
            self.refresh("state")  # we missed a word
        self.version = version
        if with_state:
            self._states = texts
            if any(member.audience not in texts for member in self.members):
                self.refresh("state")  # somebody new came in while we drew
        for audience, text in texts.items():
            await self._send([member for member in self.members if member.audience == audience], text)

    async def _send(self, members: Iterable[Member], text: str) -> None:
        for number, member in enumerate(list(members), 1):
            try:
                await member.outlet.show(text)
            except Exception:
                logger.debug("A screen of room %s went away while we wrote to it.", self.code, exc_info=True)
            if number % SOCKETS_PER_BREATH == 0:
                await asyncio.sleep(0)

    async def _beat(self) -> None:
        heard = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if time.monotonic() - heard >= HEARTBEAT_SECONDS:
                heard = time.monotonic()
                presence.note(*(member.participant for member in self.members if member.participant is not None))
            self.look()


def _compose(code: str, audiences: set[Audience], with_state: bool) -> tuple[int, dict[Audience, str]]:
    """Read once, render once per audience. Runs in a thread."""
    walk = read_walk(code)
    texts = {}
    for audience in audiences:
        if with_state and audience.view == "phone":
            texts[audience] = write_frame(keep_phone_screen(walk, audience.role).frame)
        elif with_state:
            texts[audience] = write_frame(render_state(audience, make_view(walk, audience)))
        elif audience.view != "phone":
            texts[audience] = write_frame(render_counts(audience, walk))
    return walk.state.version, texts


class Switchboard:
    """The rooms of this process and its one subscription on the channel layer."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._channel = ""
        self._subscribed = asyncio.Event()
        self._spoken_at = 0.0
        self._pulse_came_back = True

    def note_speech(self) -> None:
        """Somebody said something: this is no moment to tidy."""
        self._spoken_at = time.monotonic()

    async def enter(self, code: str, member: Member, version: int) -> Room:
        """Bring a screen that shows this version into the room of its session."""
        loop = asyncio.get_running_loop()
        if not self._tasks or self._tasks[0].get_loop() is not loop or self._tasks[0].done():
            self.rooms.clear()  # rooms of an event loop that is gone, as between two tests
            self._subscribed = asyncio.Event()
            jobs = (self._listen(), self._test_layer(), self._keep_house(), self._tidy_memory())
            self._tasks = tuple(loop.create_task(job) for job in jobs)
        await asyncio.wait_for(self._subscribed.wait(), 5)
        room = self.rooms.get(code)
        if room is None:
            room = self.rooms[code] = Room(code)
        room.admit(member, version)
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
                await asyncio.sleep(1)

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

    async def _keep_house(self) -> None:
        """Every hour: let the layer remember our subscription, and let old practice go."""
        while True:
            await asyncio.sleep(HOUSE_SECONDS)
            try:
                await get_channel_layer().group_add(CHANGES, self._channel)
                await ask_database(delete_old_practice, settings.PRACTICE_HOURS)
            except Exception:
                logger.warning("Housekeeping failed; we try again in an hour.", exc_info=True)

    async def _tidy_memory(self) -> None:
        """Collect what went in circles, such as closed connections. See `asgi` for why Python does not by itself.

        With 3,000 phones that takes a third of a second, so it waits until nobody votes.
        """
        tidied = time.monotonic()
        while True:
            await asyncio.sleep(TIDY_SECONDS)
            now = time.monotonic()
            if now - self._spoken_at > QUIET_SECONDS or now - tidied > MOST_UNTIDY_SECONDS:
                gc.collect()
                tidied = now


switchboard = Switchboard()
