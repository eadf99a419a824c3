"""Who was seen lately: written every now and then for everybody at once, never once for each phone."""

import asyncio
import logging

from facilitation.server.threads import serving_loop, write_database
from sessions.writing.seats import mark_seen

logger = logging.getLogger(__name__)

WRITE_SECONDS = 2


class Presence:
    """Participants who were seen and of whom the database does not know it yet."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._writer: asyncio.Task[None] | None = None

    def note(self, *participants: int) -> None:
        """These are here. From the loop."""
        self._seen.update(participants)
        loop = asyncio.get_running_loop()
        if self._seen and (self._writer is None or self._writer.done() or self._writer.get_loop() is not loop):
            self._writer = loop.create_task(self._write())

    def note_from_thread(self, participant: int) -> None:
        """The same from a page. In a process that serves nobody it is written straight away."""
        loop = serving_loop()
        if loop is None:
            mark_seen([participant])
        else:
            loop.call_soon_threadsafe(self.note, participant)

    async def _write(self) -> None:
        while self._seen:
            await asyncio.sleep(WRITE_SECONDS)
            seen, self._seen = self._seen, set()
            try:
                await write_database(mark_seen, seen)
            except Exception:
                logger.warning("Who is here could not be written; we try again.", exc_info=True)
                self._seen |= seen


presence = Presence()
