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
from typing import NamedTuple, Protocol

from channels.layers import get_channel_layer

from facilitation.live.groups import CHANGES, PROCESS, Changes, send_to_layer
from facilitation.live.outlet import Outlet
from facilitation.live.presence import presence
from facilitation.live.protocol import Show, write_frame
from facilitation.live.render import (
    Audience,
    keep_phone_screen,
    make_view,
    mark_view,
    render_counts,
    render_state,
)
from facilitation.threads import ask_database
from sessions.machine import Refused
from sessions.models import GroupSession
from sessions.queries import Walk, read_walk
from sessions.seats import find_seated

logger = logging.getLogger(__name__)

COUNT_SECONDS = 0.1  # between two frames with counts
PHONES_SECONDS = 1  # between two looks for phones alone, to whom counts seldom matter
TURN_SECONDS = 0.01  # each room of a busy process takes its turn: counts may not hold up votes
LOOK_SECONDS = 20  # between two looks at a session that nobody told us about: a layer may lose a word
PULSE_SECONDS = 2  # between two tests of the layer; while it is silent, rooms look this often
HEARTBEAT_SECONDS = 40  # keeps everybody who is connected on the list of people present
SUBSCRIBE_SECONDS = 3600
TIDY_SECONDS, QUIET_SECONDS = 60, 3
MOST_UNTIDY_SECONDS = 1800
SOCKETS_PER_BREATH = 50  # an acknowledgement must not wait behind a whole fan-out


class Member(Protocol):
    """A connected screen."""

    audience: Audience
    participant: int | None
    outlet: Outlet

    def check_right(self) -> None: ...

    def send_off(self, refusal: Refused) -> None: ...


class Room:
    """One session in this process."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.version = 0
        self.members: set[Member] = set()
        self._counting: set[Member] = set()  # those who see counts; a phone sees none
        self._states: dict[Audience, Drawn] = {}  # the newest that went out
        self._marks: dict[Audience, str] = {}  # of what was drawn last
        self._wake, self._hurry = asyncio.Event(), asyncio.Event()  # something changed; the state did
        self._seats_changed = False  # somebody was sent away
        self._rights_in_doubt = False  # somebody may have logged out, or left the team
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
        if kind != "counts":
            self._hurry.set()
        self._seats_changed |= kind == "seats"
        self._wake.set()

    def look(self) -> None:
        """A change may have been missed: ask the database, also where nobody sees counts."""
        self._rights_in_doubt = True
        self._wake.set()

    async def catch_up(self, member: Member) -> None:
        """Send the newest state to a screen that missed it: it read too slowly, or was still on its way in."""
        drawn = self._states.get(member.audience)
        if drawn and drawn.text is not None:
            await member.outlet.show(drawn.text)
        else:
            self.refresh("state")  # nobody else saw it in this way

    def is_ahead_of(self, audience: Audience, state: Show) -> bool:
        """Whether this state is not what the room shows to that audience: it changed on the way in."""
        drawn = self._states.get(audience)
        return state.version < self.version or (drawn is not None and drawn.html != state.html)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _run(self) -> None:
        last_counts = 0.0
        while True:
            await self._wake.wait()
            with suppress(TimeoutError):
                # Counts wait for their turn; a state that comes meanwhile does not.
                pause = COUNT_SECONDS if self._counting else PHONES_SECONDS
                turn = last_counts + max(pause, TURN_SECONDS * len(switchboard.rooms))
                await asyncio.wait_for(self._hurry.wait(), max(0, turn - time.monotonic()))
            with_state = self._hurry.is_set()
            self._wake.clear()
            self._hurry.clear()
            try:
                await self._show(with_state=with_state)
            except Exception:
                logger.exception("Room %s could not show its state; it tries again.", self.code)
                self._seats_changed = self._rights_in_doubt = True
                await asyncio.sleep(1)
                self.refresh("state" if with_state else "counts")
            last_counts = time.monotonic()

    async def _turn_away_the_seatless(self) -> None:
        self._seats_changed = False
        phones = [member for member in self.members if member.participant is not None]
        seated = await ask_database(find_seated, [member.participant for member in phones])
        for member in phones:
            if member.participant not in seated:
                member.send_off(Refused("no-seat"))

    async def _turn_away_the_rightless(self) -> None:
        """Who logged out, left the team or has another password sees nothing more."""
        self._rights_in_doubt = False
        team = [member for member in self.members if member.participant is None]
        for member, refusal in await ask_database(_find_rightless, team) if team else ():
            member.send_off(refusal)

    async def _close_down(self) -> None:
        """The session was deleted: each screen hears it once, and asks no more."""
        await self._turn_away_the_rightless()
        for number, member in enumerate(list(self.members), 1):
            member.send_off(Refused("deleted"))
            if number % SOCKETS_PER_BREATH == 0:
                await asyncio.sleep(0)

    async def _show(self, *, with_state: bool) -> None:
        if self._seats_changed:
            await self._turn_away_the_seatless()
        if with_state or self._rights_in_doubt:
            await self._turn_away_the_rightless()
        known = {member.audience: self._marks.get(member.audience) for member in self.members}
        try:
            version, drawn = await ask_database(_compose, self.code, known, with_state)
        except GroupSession.DoesNotExist:
            await self._close_down()
            return
        if version != self.version and not with_state:
            self.refresh("state")  # we missed a word
        self.version = version
        self._states = {} if with_state else self._states
        for audience, new in drawn.items():
            self._marks[audience] = new.mark
            if new.text is not None and new.html is not None:
                self._states[audience] = new
        if with_state and any(member.audience not in drawn for member in self.members):
            self.refresh("state")  # somebody new came in while we drew
        for audience, new in drawn.items():
            if new.text is not None:
                await self._send([member for member in self.members if member.audience == audience], new.text)

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


def _find_rightless(members: Iterable[Member]) -> list[tuple[Member, Refused]]:
    """Which screens may not be here any longer, and why."""
    rightless = []
    for member in members:
        try:
            member.check_right()
        except Refused as refusal:
            rightless.append((member, refusal))
    return rightless


class Drawn(NamedTuple):
    """A frame as it travels; None when there is nothing new to show.

    `html` is None but for a state; `mark` tells states of one version apart.
    """

    text: str | None
    html: str | None
    mark: str


def _compose(code: str, known: dict[Audience, str | None], with_state: bool) -> tuple[int, dict[Audience, Drawn]]:
    """Read once, render once per audience. `known` are the marks of what they were shown. Runs in a thread."""
    walk = read_walk(code)
    return walk.state.version, {audience: _draw(walk, audience, mark, with_state) for audience, mark in known.items()}


def _draw(walk: Walk, audience: Audience, known: str | None, with_state: bool) -> Drawn:
    if audience.view == "phone":
        # A phone sees no counts. It gets a state of the same version only where that is another one.
        screen = keep_phone_screen(walk, audience)
        is_news = with_state or known not in (None, screen.view.mark)
        return Drawn(screen.text if is_news else None, screen.frame.html, screen.view.mark)
    mark = mark_view(walk, audience)
    if with_state or known not in (None, mark):
        frame = render_state(audience, make_view(walk, audience))
        return Drawn(write_frame(frame), frame.html, mark)
    return Drawn(write_frame(render_counts(audience, walk)), None, mark)


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

    async def enter(self, code: str, member: Member, version: int) -> Room:
        """Bring a screen that shows this version into the room of its session."""
        loop = asyncio.get_running_loop()
        if not self._tasks or self._tasks[0].get_loop() is not loop or self._tasks[0].done():
            self.rooms.clear()  # rooms of an event loop that is gone, as between two tests
            self._subscribed = asyncio.Event()
            jobs = (self._listen(), self._test_layer(), self._stay_subscribed(), self._tidy_memory())
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

    async def _stay_subscribed(self) -> None:
        """Every hour: let the layer remember our subscription."""
        while True:
            await asyncio.sleep(SUBSCRIBE_SECONDS)
            try:
                await get_channel_layer().group_add(CHANGES, self._channel)
            except Exception:
                logger.warning("The channel layer does not answer; we try again in an hour.", exc_info=True)

    async def _tidy_memory(self) -> None:
        """Collect what went in circles, such as closed connections. See `asgi` for why Python does not by itself.

        With 3,000 phones that takes a third of a second, so it waits until nobody votes.
        """
        tidied = time.monotonic()
        while True:
            await asyncio.sleep(TIDY_SECONDS)
            if self.is_quiet or time.monotonic() - tidied > MOST_UNTIDY_SECONDS:
                gc.collect()
                tidied = time.monotonic()


switchboard = Switchboard()
