"""What arrives together is written together, and each gets its own answer."""

import asyncio

import pytest

from facilitation.live import gather
from facilitation.live.gather import Gatherer
from facilitation.server.threads import adopt_loop


class Disk:
    """Keeps batches, and doubles each number. Fails on a batch with a negative one."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def write(self, numbers):
        self.batches.append(list(numbers))
        if min(numbers) < 0:
            raise OSError("disk full")
        return [2 * number for number in numbers]


async def test_items_that_arrive_together_are_one_batch_and_each_gets_its_own_result():
    disk = Disk()
    gatherer = Gatherer(disk.write)
    assert await asyncio.gather(*(gatherer.put(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert disk.batches == [[0, 1, 2, 3, 4]]


async def test_a_large_crowd_is_written_in_parts(monkeypatch):
    monkeypatch.setattr(gather, "MOST_AT_ONCE", 2)
    disk = Disk()
    gatherer = Gatherer(disk.write)
    await asyncio.gather(*(gatherer.put(number) for number in range(5)))
    assert disk.batches == [[0, 1], [2, 3], [4]]


async def test_a_fault_reaches_everybody_in_the_batch_and_the_next_batch_is_written():
    disk = Disk()
    gatherer = Gatherer(disk.write)
    outcomes = await asyncio.gather(gatherer.put(1), gatherer.put(-1), return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["disk full", "disk full"]
    assert await gatherer.put(3) == 6


async def test_who_stops_waiting_does_not_take_the_others_along():
    disk = Disk()
    gatherer = Gatherer(disk.write)
    impatient, patient = (asyncio.create_task(gatherer.put(number)) for number in (1, 2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == 4


async def test_a_page_waits_for_the_same_batch():
    disk = Disk()
    gatherer = Gatherer(disk.write)
    adopt_loop()
    page = asyncio.create_task(asyncio.to_thread(gatherer.put_from_thread, 1))
    assert await asyncio.gather(page, gatherer.put(2)) == [2, 4]


def test_without_a_server_it_is_written_straight_away():
    disk = Disk()
    assert Gatherer(disk.write).put_from_thread(4) == 8
    with pytest.raises(OSError, match="disk full"):
        Gatherer(disk.write).put_from_thread(-1)
