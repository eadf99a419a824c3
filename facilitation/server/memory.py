"""Python's search for objects that only hold each other (its garbage collection), at moments when nobody votes.

A full collection looks at every object of every connection: with thousands of phones a pause that all of them feel.
"""

import asyncio
import gc
import time
from collections.abc import Callable

TIDY_SECONDS = 60
MOST_UNTIDY_SECONDS = 1800


def arrange_memory() -> None:
    """Once, when all is loaded. That stays for ever; of the rest Python collects only what is young."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000_000)


async def tidy_memory(is_quiet: Callable[[], bool]) -> None:
    """For ever: collect what went in circles, such as closed connections, for Python does not by itself.

    With 3,000 phones that takes a third of a second, so it waits until nobody votes.
    """
    tidied = time.monotonic()
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        if is_quiet() or time.monotonic() - tidied > MOST_UNTIDY_SECONDS:
            gc.collect()
            tidied = time.monotonic()
