"""Where the event loop hands work to threads, and a thread hands work to the loop.

One loop serves all sockets and pages of a process. What asks the database runs in a small pool, and forms that come
in have another: they wait until they are written, and when the disk is locked nobody who only reads may wait with them.
Votes and seats are written in one thread of their own, so that no slow page holds it up and no two writers of one
process wait for each other's lock.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.db import close_old_connections

Result = TypeVar("Result")

PAGE_THREADS, FORM_THREADS = 8, 16  # each keeps a connection to the database
MOST_GUESSERS = 20  # who wait to have a password checked; more are told to come back

_pages = ThreadPoolExecutor(PAGE_THREADS, "page")
_forms = ThreadPoolExecutor(FORM_THREADS, "form")
# Checking a password keeps a core busy for a third of a second: two at most, and who guesses keeps nobody waiting who
# logged in before.
_strangers, _acquaintances = ThreadPoolExecutor(1, "stranger"), ThreadPoolExecutor(1, "acquaintance")
_waiting_strangers = 0
_writer = ThreadPoolExecutor(1, "writer")
_loop: asyncio.AbstractEventLoop | None = None


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
    return await _run_in(_pages, function, *arguments)


async def take_form(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function that answers a form, in the pool for those. Raises what it raises."""
    return await _run_in(_forms, function, *arguments)


async def check_password(is_known: bool, function: Callable[..., Result], *arguments: Any) -> Result | None:
    """Call a function that checks a password, one at a time. None for a stranger when too many wait already."""
    global _waiting_strangers
    if is_known:
        return await _run_in(_acquaintances, function, *arguments)
    if _waiting_strangers >= MOST_GUESSERS:
        return None
    _waiting_strangers += 1
    try:
        return await _run_in(_strangers, function, *arguments)
    finally:
        _waiting_strangers -= 1


async def write_database(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function that writes what many phones send, in the one thread for that. Raises what it raises."""
    return await _run_in(_writer, function, *arguments)


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
    """From a thread: let the loop of this process do this, or one made for it, and wait. Raises what it raises."""
    loop = serving_loop()
    if loop is None:
        return async_to_sync(function)(*arguments)
    return asyncio.run_coroutine_threadsafe(function(*arguments), loop).result()
