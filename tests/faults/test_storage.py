"""The disk of the laptop: locked by another program, or full."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.faults.hall import Hall, open_hall, serve, until
from tests.load.client import DoorClosed
from tests.load.systems import Buurtboom

PHONES = 30
LOCK_SECONDS = 5


async def test_a_file_that_is_locked_for_five_seconds_keeps_votes_waiting_and_loses_none(prepared: Buurtboom) -> None:
    with serve(prepared) as system:
        async with open_hall(system) as hall:
            await hall.seat(PHONES)
            round_number = await hall.open_vote()
            with lock_file(system):
                vote(hall, round_number)
                await asyncio.sleep(LOCK_SECONDS)
                # Reading goes on: somebody who comes in now gets the page.
                assert (await hall.room.facilitator.get(f"/m/{hall.code}")).status == 200
                assert [phone.acked for phone in hall.phones] == [{}] * PHONES
                assert all(phone.posts for phone in hall.phones), "no phone tried another way"
            await all_counted_once(hall, round_number)


async def test_a_full_disk_says_so_and_loses_no_vote(prepared: Buurtboom) -> None:
    with serve(prepared) as system:
        async with open_hall(system) as hall:
            await hall.seat(PHONES)
            round_number = await hall.open_vote()
            vote(hall, round_number, hall.phones[::2])
            await hall.all_settled()
            with fill_disk(system):
                vote(hall, round_number, hall.phones[1::2])
                await until(lambda: all(phone.is_late for phone in hall.phones[1::2]), "a vote that is seen to wait")
                assert hall.read_votes(round_number) == hall.list_acked(round_number)
                assert len(hall.read_votes(round_number)) == PHONES // 2
                told = await press_in_vain(hall, "close")
                assert "Kijk of de schijf van de computer vol is." in told
                assert (await hall.room.facilitator.get("/healthz")).status == 503
            await all_counted_once(hall, round_number)
            assert [phone.closes for phone in hall.phones] == [[]] * PHONES
            await hall.press("close")


def vote(hall: Hall, round_number: int, phones: list | None = None) -> None:
    choices = hall.phones[0].state["choices"]
    for number, phone in enumerate(hall.phones if phones is None else phones):
        phone.vote(round_number, choices[number % len(choices)])


async def all_counted_once(hall: Hall, round_number: int) -> None:
    await hall.all_settled()
    assert hall.read_votes(round_number) == hall.list_acked(round_number)
    assert len(hall.read_votes(round_number)) == PHONES


async def press_in_vain(hall: Hall, command: str) -> str:
    """What the console says."""
    try:
        await hall.press(command)
    except DoorClosed as error:
        return str(error)
    raise AssertionError("it was saved on a full disk")


@contextmanager
def lock_file(system: Buurtboom) -> Iterator[None]:
    with closing(sqlite3.connect(system.app.folder / "buurtboom.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def fill_disk(system: Buurtboom) -> Iterator[None]:
    """No file of the server can grow: to SQLite that is a disk without room."""
    before = resource.prlimit(system.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(system.pid, resource.RLIMIT_FSIZE, before)
