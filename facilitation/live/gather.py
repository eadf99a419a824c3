"""What many phones send at once is written at once: one transaction for whatever arrived within some milliseconds.

While one batch is being written the next one gathers, and for at least as long after it: a busy moment makes larger
batches, not a longer queue.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from facilitation.server.threads import run_in_loop, serving_loop, write_database

Item = TypeVar("Item")
Result = TypeVar("Result")

GATHER_SECONDS = 0.01
MOST_AT_ONCE = 500  # keeps a transaction short enough for the next one not to wait noticeably


class Gatherer(Generic[Item, Result]):
    """Gathers items and hands them to `write`, which gives a result for each, in order. What it raises, all get."""

    def __init__(self, write: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self.write = write
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Result:
        """Return the result once the item is written. Raises whatever the database raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        if self._writer is None or self._writer.done() or self._writer.get_loop() is not loop:
            self._waiting = []
            self._writer = loop.create_task(self._write_all())
        self._waiting.append((item, future))
        return await future

    def put_from_thread(self, item: Item) -> Result:
        """The same from a page. In a process that serves nobody it is written straight away."""
        return run_in_loop(self.put, item) if serving_loop() else self.write([item])[0]

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        took = 0.0
        while self._waiting:
            if len(self._waiting) < MOST_AT_ONCE:
                # In a busy process, where writing takes long, the next one may gather as long.
                await asyncio.sleep(max(GATHER_SECONDS, took))
            began = loop.time()
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                results = await write_database(self.write, [item for item, _ in batch])
            except Exception as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            took = loop.time() - began
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)
