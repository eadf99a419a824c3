"""What stands between a hall and the server: it blocks websockets, cuts who is silent, or takes its time.

These evenings mostly wait, so they are played at the same time: each through a proxy of its own, in a room of its own.
"""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

import pytest

from tests.faults.hall import Hall, open_hall, serve
from tests.faults.proxy import Proxy, open_proxy
from tests.load.client import HOST
from tests.load.systems import Buurtboom

FEW, MANY = 10, 30
IDLE_SECONDS = 25  # after which a proxy cuts a silent connection: before the server itself does, and after a ping
QUIET_SECONDS = 70  # room for three pings, and for two cuts
DELAY_SECONDS = 2  # each way

FAULTS: dict[str, dict[str, Any]] = {
    "refuse": {"blocks": "refuse"},
    "swallow": {"blocks": "swallow"},
    "idle": {"idle": IDLE_SECONDS},
    "delay": {"delay": DELAY_SECONDS},
}


class Round(NamedTuple):
    """One vote: what the people wanted, what the server kept, and what the phones show, as (seat, answer)."""

    wanted: list[tuple[str, str]]
    kept: list[tuple[str, str]]
    shown: list[tuple[str, str]]


class Evening(NamedTuple):
    hall: Hall
    proxy: Proxy
    result: Any


Play = Callable[[str], Evening]


@pytest.fixture(scope="module")
def play(prepared: Buurtboom) -> Play:
    """Gives the evening with this fault, or raises what went wrong in it."""
    evenings = asyncio.run(play_all(prepared))

    def look_up(fault: str) -> Evening:
        evening = evenings[fault]
        if isinstance(evening, BaseException):
            raise evening
        return evening

    return look_up


@pytest.mark.parametrize("fault", ["refuse", "swallow"])
def test_where_websockets_are_blocked_every_vote_travels_by_post_and_every_step_by_poll(fault: str, play: Play) -> None:
    hall, proxy, vote = play(fault)
    assert vote.kept == vote.wanted
    assert vote.shown == vote.wanted
    assert min(phone.posts for phone in hall.phones) >= 1
    # Each phone saw the reading, the open and the closed vote, knocked meanwhile and was never let in.
    assert min(phone.polls for phone in hall.phones) >= 3
    assert proxy.blocked >= FEW
    assert {code for phone in hall.phones for code in phone.closes} == {1006}


def test_a_proxy_that_cuts_the_silent_cuts_no_phone(play: Play) -> None:
    hall, proxy, seconds_of_the_mute = play("idle")
    assert [phone.closes for phone in hall.phones] == [[]] * FEW
    # The proxy did look at its watch: whoever says nothing was cut, and nobody else.
    assert proxy.cuts == 1
    assert IDLE_SECONDS - 1 <= seconds_of_the_mute <= QUIET_SECONDS


def test_two_seconds_each_way_count_every_vote_once_and_show_it(play: Play) -> None:
    hall, _, vote = play("delay")
    assert len(vote.wanted) == MANY
    assert vote.kept == vote.wanted
    assert vote.shown == vote.wanted
    # The acknowledgement takes four seconds, so every phone also posted.
    assert min(phone.posts for phone in hall.phones) >= 1


async def play_all(prepared: Buurtboom) -> dict[str, Evening | BaseException]:
    parts = {"refuse": vote_once, "swallow": vote_once, "idle": sit_still, "delay": vote_once}
    with serve(prepared) as system:
        evenings = await asyncio.gather(
            *(play_evening(system, fault, parts[fault]) for fault in FAULTS), return_exceptions=True
        )
    return dict(zip(FAULTS, evenings, strict=True))


async def play_evening(
    system: Buurtboom, fault: str, part: Callable[[Hall, Proxy], Coroutine[Any, Any, Any]]
) -> Evening:
    async with open_proxy(system.port, **FAULTS[fault]) as proxy, open_hall(system) as hall:
        await hall.seat(MANY if fault == "delay" else FEW, port=proxy.port)
        return Evening(hall, proxy, await part(hall, proxy))


async def vote_once(hall: Hall, proxy: Proxy) -> Round:
    """Open a vote, let everybody tap within a second, and close it."""
    await hall.press("start")
    await hall.all_show(status="reading")
    await hall.press("open")
    await hall.all_show(status="open")
    round_number = hall.phones[0].state["round"]
    wanted = []
    for phone in hall.phones:
        answer = random.choice(phone.state["choices"])
        wanted.append((phone.seat, answer))
        phone.vote(round_number, answer)
        await asyncio.sleep(1 / len(hall.phones))
    await hall.all_settled()
    await asyncio.sleep(2 * proxy.delay)  # what is still under way arrives while the vote is open
    await hall.press("close")
    await hall.all_show(status="closed")
    shown = [(phone.seat, phone.own[1]) for phone in hall.phones if phone.own and phone.own[0] == round_number]
    return Round(sorted(wanted), hall.read_votes(round_number), sorted(shown))


async def sit_still(hall: Hall, proxy: Proxy) -> float:
    """Nobody does anything. Returns how long a connection lasted on which nothing is said at all."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    await reader.read()
    writer.close()
    lasted = time.monotonic() - began
    await asyncio.sleep(QUIET_SECONDS - lasted)
    return lasted
