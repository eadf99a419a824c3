"""`kill -9` in the middle of a vote, over and over."""

import asyncio
import random
import time

import pytest

from tests.faults.hall import BACK_SECONDS, Hall, open_hall, serve, until
from tests.faults.phones import Phone
from tests.load.systems import Buurtboom
from tests.sizes import pick

KILLS, PHONES = pick(2, 200), pick(100, 300)
VOTE_SECONDS = 0.6  # in which everybody taps


@pytest.mark.long
async def test_kills_in_the_middle_of_300_votes_lose_and_double_nothing(prepared: Buurtboom) -> None:
    backs, unacknowledged = (sorted(column) for column in zip(*await play_evening(prepared), strict=True))
    print(f"\nback within {backs[-1]:.1f} s; votes without acknowledgement at the kill: {unacknowledged}")
    assert len(backs) == KILLS
    assert backs[-1] <= BACK_SECONDS
    # A kill after the last vote, or before the first, would test nothing; on a busy machine some come too late.
    assert unacknowledged[len(backs) // 2] > 0
    assert unacknowledged[-1] < PHONES


async def play_evening(prepared: Buurtboom) -> list[tuple[float, int]]:
    """Per kill: when the last phone was back, and how many votes were not acknowledged."""
    with serve(prepared) as system:
        async with open_hall(system) as hall:
            await hall.seat(PHONES)
            return [await kill_in_the_middle(hall, again=number > 0) for number in range(KILLS)]


async def kill_in_the_middle(hall: Hall, *, again: bool) -> tuple[float, int]:
    round_number = await hall.open_vote(again=again)
    await vote_until_the_server_dies(hall, round_number, after=random.randint(PHONES // 10, PHONES // 2))
    wanted = {phone.seat: phone.pending["answer"] for phone in hall.phones if phone.pending}
    unacknowledged = len(wanted)
    acked = hall.list_acked(round_number)
    assert len(acked) + unacknowledged == PHONES
    kept = hall.read_votes(round_number)
    assert [vote for vote in acked if vote not in kept] == []
    assert len({seat for seat, _ in kept}) == len(kept)

    await asyncio.to_thread(hall.app.start)
    began = time.monotonic()
    await hall.all_show(version=hall.room.version)
    await hall.all_settled()
    assert hall.list_acked(round_number) == sorted([*acked, *wanted.items()])
    assert hall.read_votes(round_number) == hall.list_acked(round_number)
    assert sorted((phone.seat, phone.own[1]) for phone in hall.phones) == hall.list_acked(round_number)
    assert await hall.read_turnout() == f"{PHONES} van {PHONES}"
    return max(phone.back_at for phone in hall.phones) - began, unacknowledged


async def vote_until_the_server_dies(hall: Hall, round_number: int, *, after: int) -> None:
    """Everybody taps within a moment; the server is killed at the `after`th acknowledgement."""
    choices = hall.phones[0].state["choices"]
    heard = 0

    def count() -> None:
        nonlocal heard
        heard += 1
        if heard == after:
            hall.app.process.kill()

    async def tap(phone: Phone) -> None:
        phone.on_ack = count
        await asyncio.sleep(random.uniform(0, VOTE_SECONDS))
        phone.vote(round_number, random.choice(choices))

    await asyncio.gather(*(tap(phone) for phone in hall.phones))
    await until(lambda: not any(phone.is_open for phone in hall.phones), "the end of every socket")
    for phone in hall.phones:
        phone.on_ack = lambda: None
