"""The rooms of this process: who comes in where, and which room hears what."""

import asyncio
import time

from facilitation.live.layer import Listener, messenger
from facilitation.live.room import Member, Room
from facilitation.server.memory import tidy_memory

QUIET_SECONDS = 3  # without a vote


class Switchboard:
    """The rooms of this process, which hear what is written here and elsewhere."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._listener = Listener(self)
        self._voted_at = 0.0

    def note_vote(self) -> None:
        """Somebody votes: this is no moment to tidy. Pings go on for ever, so they are."""
        self._voted_at = time.monotonic()

    def look(self) -> None:
        """Something changed for all screens of this process: the rooms look what they show now."""
        for room in self.rooms.values():
            room.look()

    def catch_up(self) -> None:
        """This process may have missed something: every room reads its session again, at once."""
        for room in self.rooms.values():
            room.refresh("state")

    @property
    def is_quiet(self) -> bool:
        """Nobody voted for some seconds."""
        return time.monotonic() - self._voted_at > QUIET_SECONDS

    async def enter(self, code: str, member: Member, revision: int) -> Room:
        """Bring a screen that shows this revision into the room of its session, or its plan."""
        loop = asyncio.get_running_loop()
        if not self._tasks or self._tasks[0].get_loop() is not loop or self._tasks[0].done():
            self.rooms.clear()  # rooms of an event loop that is gone, as between two tests
            self._listener = Listener(self)
            jobs = (*self._listener.jobs(), tidy_memory(lambda: self.is_quiet))
            self._tasks = tuple(loop.create_task(job) for job in jobs)
        await asyncio.wait_for(self._listener.is_subscribed.wait(), 5)
        room = self.rooms.get(code)
        if room is None:
            room = self.rooms[code] = Room(code, self.rooms, member.draw_room)
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


switchboard = Switchboard()
messenger.pass_on = switchboard.pass_on
