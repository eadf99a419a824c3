"""A room: everybody of one session who is connected to this process.

A change comes in once per process over the channel layer. The room reads the session once, renders once per audience,
and hands the same text to every socket. The state goes out at once, counts at most a few times a second.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sized
from contextlib import suppress
from typing import Protocol

from django.core.exceptions import ObjectDoesNotExist

from facilitation.live.outlet import Outlet
from facilitation.live.presence import presence
from facilitation.live.render import Audience, Picture
from facilitation.server.threads import ask_database
from sessions.reading.own import find_seated
from sessions.rules.refusals import Reason, Refused

logger = logging.getLogger(__name__)

COUNT_SECONDS = 0.1  # between two frames with counts
PHONES_SECONDS = 1  # between two looks for phones alone, to whom counts seldom matter
TURN_SECONDS = 0.01  # each room of a busy process takes its turn: counts may not hold up votes
LOOK_SECONDS = 20  # between two looks at a session that nobody told us about: a layer may lose a word
HEARTBEAT_SECONDS = 40  # keeps everybody who is connected on the list of people present
SOCKETS_PER_BREATH = 50  # an acknowledgement must not wait behind a whole fan-out


Draw = Callable[[str, Mapping[Audience, Collection[str]]], dict[Audience, Picture]]


class Member(Protocol):
    """A connected screen. `shown` is the mark of the picture that it shows; None until it was greeted."""

    audience: Audience
    participant: int | None
    outlet: Outlet
    shown: str | None

    @property
    def draw_room(self) -> "Draw": ...

    def check_right(self) -> None: ...

    def send_off(self, refusal: Refused) -> None: ...


class Room:
    """One session, or one plan, in this process. `rooms` are all rooms of the process, which take turns.

    Whatever woke it, a room reads the session and compares: who shows another picture than that of now gets it. So a
    word that was lost is found at the next look, and a change that an audience does not see costs it nothing.
    """

    def __init__(self, code: str, rooms: Sized, draw: Draw) -> None:
        self.code = code
        self._draw = draw
        self._rooms = rooms
        self.members: set[Member] = set()
        self._counting: set[Member] = set()  # those who see counts; a phone sees none
        self._pictures: dict[Audience, Picture] = {}  # of now, each with the newest state that was drawn
        self._revisions: dict[str, int] = {}  # by view: the newest we know of
        self.drawings = 0  # how often this room drew
        self._wake, self._hurry = asyncio.Event(), asyncio.Event()  # something changed; the state did
        self._seats_changed = False  # somebody was sent away
        self._rights_in_doubt = False  # somebody may have logged out, or left the team
        self._tasks = (asyncio.create_task(self._run()), asyncio.create_task(self._beat()))

    def admit(self, member: Member, revision: int) -> None:
        """Let in a screen that shows this revision."""
        self.members.add(member)
        view = member.audience.view
        if view != "phone":
            self._counting.add(member)
        if self._revisions.setdefault(view, revision) < revision:
            self.refresh("state")  # it knows more than we do
        if member.participant is not None:
            presence.note(member.participant)

    def revision_for(self, audience: Audience) -> int:
        """The newest revision that we know of, of what this audience sees."""
        return self._revisions.get(audience.view, 0)

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
        picture = self._pictures.get(member.audience)
        if picture and picture.state:
            member.shown = picture.mark
            await member.outlet.show(picture.state)
            if member in self._counting:
                self.refresh("counts")  # those in it may be older
        else:
            member.shown = ""
            self.refresh("state")

    def is_ahead_of(self, member: Member) -> bool:
        """Whether the room shows something else to that audience: it changed on the way in."""
        picture = self._pictures.get(member.audience)
        return picture is not None and picture.mark != member.shown

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
                # Not `wait_for`: in Python 3.11 it loses a cancel that comes as it ends, and the room would stay.
                async with asyncio.timeout(max(0, turn - time.monotonic())):
                    await self._hurry.wait()
            self._rights_in_doubt |= self._hurry.is_set()
            self._wake.clear()
            self._hurry.clear()
            try:
                await self._show()
            except Exception:
                logger.exception("Room %s could not show its state; it tries again.", self.code)
                await asyncio.sleep(1)
                self.refresh("seats")  # all of it: nobody knows how far it came
            last_counts = time.monotonic()

    async def _turn_away_the_seatless(self) -> None:
        self._seats_changed = False
        phones = [member for member in self.members if member.participant is not None]
        seated = await ask_database(find_seated, [member.participant for member in phones])
        for member in phones:
            if member.participant not in seated:
                member.send_off(Refused(Reason.NO_SEAT))

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
            member.send_off(Refused(Reason.DELETED))
            if number % SOCKETS_PER_BREATH == 0:
                await asyncio.sleep(0)

    async def _show(self) -> None:
        """Read once, draw once per audience, and send each screen what it does not show yet."""
        if self._seats_changed:
            await self._turn_away_the_seatless()
        is_checked = self._rights_in_doubt
        if is_checked:
            await self._turn_away_the_rightless()
        shown: dict[Audience, set[str]] = {}
        for member in self.members:
            if member.shown is not None:
                shown.setdefault(member.audience, set()).add(member.shown)
        try:
            pictures = await ask_database(self._draw, self.code, shown)
        except ObjectDoesNotExist:
            await self._close_down()
            return
        self.drawings += 1
        if not is_checked and any(picture.state for audience, picture in pictures.items() if audience.view != "phone"):
            await self._turn_away_the_rightless()  # nobody told us of this state
        self._keep(pictures)
        for audience, picture in pictures.items():
            members = [there for there in self.members if there.audience == audience and there.shown is not None]
            behind = [member for member in members if member.shown != picture.mark]
            level = [member for member in members if member.shown == picture.mark]
            if picture.state is None and behind:
                self.refresh("state")  # somebody came in while we drew
            elif picture.state:
                await self._send(behind, picture.state, picture.mark)
            if picture.counts:
                await self._send(level, picture.counts)
        if any(member.audience not in pictures for member in self.members if member.shown is not None):
            self.refresh("state")  # in a way that nobody else sees it

    def _keep(self, pictures: dict[Audience, Picture]) -> None:
        """Remember what was drawn, for who asks what is newest and for who missed it."""
        self._revisions.update({audience.view: picture.revision for audience, picture in pictures.items()})
        self._pictures = {
            audience: picture._replace(state=picture.state or _find_state(self._pictures.get(audience), picture.mark))
            for audience, picture in pictures.items()
        }

    async def _send(self, members: Iterable[Member], text: str, mark: str = "") -> None:
        """Send a frame to these screens. With a mark it is a state, which they show from now on."""
        for number, member in enumerate(list(members), 1):
            member.shown = mark or member.shown
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


def _find_state(known: Picture | None, mark: str) -> str | None:
    """The state of this mark that was drawn before, for who missed it."""
    return known.state if known and known.mark == mark else None
