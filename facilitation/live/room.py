"""A room: everybody of one session who is connected to this process.

A change comes in once per process over the channel layer. The room reads the session once, renders once per audience,
and hands the same text to every socket. The state goes out at once, counts at most a few times a second.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Sized
from contextlib import suppress
from typing import NamedTuple, Protocol

from facilitation.live.outlet import Outlet
from facilitation.live.presence import presence
from facilitation.live.protocol import StateFrame, write_frame
from facilitation.live.render import (
    Audience,
    keep_phone_screen,
    make_view,
    mark_view,
    render_counts,
    render_state,
)
from facilitation.server.threads import ask_database
from sessions.models import GroupSession
from sessions.reading import Reading, read_session
from sessions.reading.own import find_seated
from sessions.rules.refusals import Refused

logger = logging.getLogger(__name__)

COUNT_SECONDS = 0.1  # between two frames with counts
PHONES_SECONDS = 1  # between two looks for phones alone, to whom counts seldom matter
TURN_SECONDS = 0.01  # each room of a busy process takes its turn: counts may not hold up votes
LOOK_SECONDS = 20  # between two looks at a session that nobody told us about: a layer may lose a word
HEARTBEAT_SECONDS = 40  # keeps everybody who is connected on the list of people present
SOCKETS_PER_BREATH = 50  # an acknowledgement must not wait behind a whole fan-out


class Member(Protocol):
    """A connected screen."""

    audience: Audience
    participant: int | None
    outlet: Outlet

    def check_right(self) -> None: ...

    def send_off(self, refusal: Refused) -> None: ...


class Room:
    """One session in this process. `rooms` are all rooms of the process, which take turns."""

    def __init__(self, code: str, rooms: Sized) -> None:
        self.code = code
        self._rooms = rooms
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

    def is_ahead_of(self, audience: Audience, state: StateFrame) -> bool:
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
                turn = last_counts + max(pause, TURN_SECONDS * len(self._rooms))
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
    reading = read_session(code)
    return reading.state.version, {
        audience: _draw(reading, audience, mark, with_state) for audience, mark in known.items()
    }


def _draw(reading: Reading, audience: Audience, known: str | None, with_state: bool) -> Drawn:
    if audience.view == "phone":
        # A phone sees no counts. It gets a state of the same version only where that is another one.
        screen = keep_phone_screen(reading, audience)
        is_news = with_state or known not in (None, screen.view.mark)
        return Drawn(screen.text if is_news else None, screen.frame.html, screen.view.mark)
    mark = mark_view(reading, audience)
    if with_state or known not in (None, mark):
        frame = render_state(audience, make_view(reading, audience))
        return Drawn(write_frame(frame), frame.html, mark)
    return Drawn(write_frame(render_counts(audience, reading)), None, mark)
