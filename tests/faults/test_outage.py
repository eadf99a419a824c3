"""Redis or PostgreSQL dies in the middle of a round: votes wait visibly, arrive, and count once.

Two servers share them; half of the phones sit on each.
"""

import asyncio
import time

from tests.faults.conftest import Hosted
from tests.faults.hall import Hall, open_hall, until

PHONES = 40


async def test_without_redis_votes_go_on_and_the_other_server_finds_the_news_itself(hosted: Hosted) -> None:
    async with open_hall(hosted.one) as hall:
        round_number = await begin(hall, hosted)
        hosted.redis.kill()
        vote(hall, round_number, late=True)
        await hall.all_settled()
        await hall.press("pause", "resume")
        await hall.all_show(version=hall.room.version)
        hosted.redis.start()
        await end_well(hall, round_number)


async def test_without_postgresql_votes_wait_visibly_and_arrive_once(hosted: Hosted) -> None:
    async with open_hall(hosted.one) as hall:
        round_number = await begin(hall, hosted)
        hosted.postgres.kill()
        vote(hall, round_number, late=True)
        await all_wait_visibly(hall)
        await asyncio.to_thread(hosted.postgres.start)
        await end_well(hall, round_number)


async def test_without_both_votes_wait_visibly_and_arrive_once(hosted: Hosted) -> None:
    async with open_hall(hosted.one) as hall:
        round_number = await begin(hall, hosted)
        hosted.redis.kill()
        hosted.postgres.kill()
        vote(hall, round_number, late=True)
        await all_wait_visibly(hall)
        await asyncio.to_thread(hosted.postgres.start)
        hosted.redis.start()
        await end_well(hall, round_number)


async def test_the_log_of_an_outage_has_a_counted_line_a_second_and_no_tracebacks(hosted: Hosted) -> None:
    async with open_hall(hosted.one) as hall:
        round_number = await begin(hall, hosted)
        read = len(hosted.one.app.read_log())
        began = time.monotonic()
        hosted.postgres.kill()
        vote(hall, round_number, late=True)
        await all_wait_visibly(hall)
        await asyncio.sleep(5)
        lines = hosted.one.app.read_log()[read:].splitlines()
        seconds = time.monotonic() - began
        await asyncio.to_thread(hosted.postgres.start)
        await end_well(hall, round_number)
    assert [line for line in lines if "Traceback" in line] == []
    assert 1 <= len(lines) <= seconds + 1
    assert all(" The database: " in line for line in lines)


async def begin(hall: Hall, hosted: Hosted) -> int:
    """Everybody is in and the first half has voted."""
    await hall.seat(PHONES // 2)
    await hall.seat(PHONES // 2, port=hosted.two.port)
    round_number = await hall.open_vote()
    vote(hall, round_number, late=False)
    await hall.all_settled()
    return round_number


def vote(hall: Hall, round_number: int, *, late: bool) -> None:
    """Every other phone votes, on both servers."""
    choices = hall.phones[0].state["choices"]
    for number, phone in enumerate(hall.phones[late::2]):
        phone.vote(round_number, choices[number % len(choices)])


async def all_wait_visibly(hall: Hall) -> None:
    waiting = hall.phones[True::2]
    await until(lambda: all(phone.pending and phone.is_late for phone in waiting), "a vote that is seen to wait")


async def end_well(hall: Hall, round_number: int) -> None:
    """What was voted has arrived once, and the next round goes as if nothing had happened."""
    await hall.all_settled()
    assert hall.read_votes(round_number) == hall.list_acked(round_number)
    assert len(hall.read_votes(round_number)) == PHONES
    next_round = await hall.open_vote(again=True)
    for late in (False, True):
        vote(hall, next_round, late=late)
    await hall.all_settled()
    assert hall.read_votes(next_round) == hall.list_acked(next_round)
    assert await hall.read_turnout() == f"{PHONES} van {PHONES}"
    assert [phone.closes for phone in hall.phones] == [[]] * PHONES  # nobody had to come back
