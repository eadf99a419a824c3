"""Where the event loop hands work to threads, and a thread hands work to the loop.

One loop serves all sockets and pages of a process. What asks the database runs in a small pool, and forms that come
in have another: they wait until they are written, and when the disk is locked nobody who only reads may wait with them.
Votes and seats are written in one thread of their own, so that no slow page holds it up and no two writers of one
process wait for each other's lock.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.db import close_old_connections, connections

Result = TypeVar("Result")

LOOP_SECONDS = 1  # between two looks whether the loop that we wait for still runs
PAGE_THREADS, FORM_THREADS = 8, 16  # each keeps a connection to the database
MOST_GUESSERS = 20  # who wait to have a password checked; more are told to come back


class ServerStopped(RuntimeError):  # noqa: N818
    """The server stops; what was asked of its loop will not be done."""


class Pools:
    """The threads of this process, each kind for its own work. Each thread keeps a connection to the database."""

    def __init__(self) -> None:
        self.pages = ThreadPoolExecutor(PAGE_THREADS, "page")
        self.forms = ThreadPoolExecutor(FORM_THREADS, "form")
        # Checking a password keeps a core busy for a third of a second: two at most, and who guesses keeps nobody
        # waiting who logged in before.
        self.strangers = ThreadPoolExecutor(1, "stranger")
        self.acquaintances = ThreadPoolExecutor(1, "acquaintance")
        self.writer = ThreadPoolExecutor(1, "writer")
        self.waiting_strangers = 0

    def close(self) -> None:
        """Let what runs end, and let go of the database: only the thread that has a connection may close it."""
        for pool in (self.pages, self.forms, self.strangers, self.acquaintances, self.writer):
            threads = pool._max_workers
            together = Barrier(threads)  # each waits for the others, so that all of them get a turn

            def let_go(together: Barrier = together) -> None:
                together.wait(10)
                connections.close_all()

            for done in [pool.submit(let_go) for _ in range(threads)]:
                done.result()
            pool.shutdown()


pools = Pools()
_loop: asyncio.AbstractEventLoop | None = None


def renew_pools() -> None:
    """New threads for what comes from now on; the old ones end what they do and let go of the database."""
    global pools
    # New ones first: what a screen still does in its last moment then comes before the end, or after it.
    left, pools = pools, Pools()
    left.close()


def adopt_loop() -> asyncio.AbstractEventLoop:
    """From now on the running loop is the one of this process."""
    global _loop
    _loop = asyncio.get_running_loop()
    return _loop


def serving_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that serves this process; None in a command, and in a test that asks a page without a server."""
    return _loop if _loop is not None and _loop.is_running() else None


async def ask_database(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function that asks the database, in the pool. Raises what it raises."""
    return await _run_in(pools.pages, function, *arguments)


async def take_form(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function that answers a form, in the pool for those. Raises what it raises."""
    return await _run_in(pools.forms, function, *arguments)


async def check_password(is_known: bool, function: Callable[..., Result], *arguments: Any) -> Result | None:
    """Call a function that checks a password, one at a time. None for a stranger when too many wait already."""
    now = pools
    if is_known:
        return await _run_in(now.acquaintances, function, *arguments)
    if now.waiting_strangers >= MOST_GUESSERS:
        return None
    now.waiting_strangers += 1
    try:
        return await _run_in(now.strangers, function, *arguments)
    finally:
        now.waiting_strangers -= 1


async def write_database(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function that writes what many phones send, in the one thread for that. Raises what it raises."""
    return await _run_in(pools.writer, function, *arguments)


async def _run_in(pool: ThreadPoolExecutor, function: Callable[..., Result], *arguments: Any) -> Result:
    call = partial(_call_with_fresh_connections, function, *arguments)
    return await asyncio.get_running_loop().run_in_executor(pool, copy_context().run, call)


def _call_with_fresh_connections(function: Callable[..., Result], *arguments: Any) -> Result:
    # As Django does around a request: a connection that broke is not used again, one of a pool goes back to it.
    close_old_connections()
    try:
        return function(*arguments)
    finally:
        close_old_connections()


def run_in_loop(function: Callable[..., Coroutine[Any, Any, Result]], *arguments: Any) -> Result:
    """From a thread: let the loop of this process do this, or one made for it, and wait. Raises what it raises.

    Raises ServerStopped when the loop stops meanwhile: a thread that waits for ever would keep the process alive.
    """
    loop = serving_loop()
    if loop is None:
        return async_to_sync(function)(*arguments)
    asked = asyncio.run_coroutine_threadsafe(function(*arguments), loop)
    while not wait([asked], LOOP_SECONDS).done:
        if not loop.is_running():
            raise ServerStopped
    return asked.result()
