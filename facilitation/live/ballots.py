"""Votes that arrive together are written together: one transaction, one lock, one multi-row upsert.

While one batch is being written the next one gathers, so a busy moment makes larger batches, not a longer queue.
A vote is acknowledged after the commit that holds it.
"""

import asyncio

from channels.db import database_sync_to_async

from sessions.commands import Ballot, cast_votes
from sessions.machine import Refused

GATHER_SECONDS = 0.004


class BallotBox:
    """The votes of one session that are on their way to the disk."""

    def __init__(self, session_id: int) -> None:
        self._session_id = session_id
        self._waiting: list[tuple[Ballot, asyncio.Future[str | None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def cast(self, ballot: Ballot) -> None:
        """Return when the vote is on disk. Raises Refused, and whatever the database raises."""
        future: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((ballot, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        if refusal := await future:
            raise Refused(refusal)

    async def _write(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                refusals = await database_sync_to_async(cast_votes)(self._session_id, [ballot for ballot, _ in batch])
            except Exception as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), refusal in zip(batch, refusals, strict=True):
                if not future.done():
                    future.set_result(refusal)


_boxes: dict[tuple[asyncio.AbstractEventLoop, int], BallotBox] = {}


def find_box(session_id: int) -> BallotBox:
    """The one box of a session in this process."""
    key = (asyncio.get_running_loop(), session_id)
    if key not in _boxes:
        _boxes[key] = BallotBox(session_id)
    return _boxes[key]
