"""Somebody puts the server's clock right, by an hour, while people vote."""

import asyncio
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import servers
from tests.faults.hall import Hall, open_hall, serve, until
from tests.faults.phones import Phone
from tests.load.client import Socket, open_socket
from tests.load.systems import Buurtboom

PHONES = 20
HOUR = 3600
CHECKS_SECONDS = 6  # daphne looks at its connections every 2 s, by the wall clock

Jump = Callable[[int], None]


@pytest.fixture
def jump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Every server that starts has this clock, until the test is over."""
    file = tmp_path / "clock"
    file.write_text("0")
    serve_command = servers.serve_command

    def serve_by_clock(*arguments: object, **options: object) -> list[str]:
        python, _, _, *rest = serve_command(*arguments, **options)
        return [python, "-m", "tests.faults.clocked", str(file), *rest]

    def put(seconds: int) -> None:
        other = file.with_suffix(".new")
        other.write_text(str(seconds))
        other.rename(file)  # at once: nobody reads half of it

    monkeypatch.setattr(servers, "serve_command", serve_by_clock)
    return put


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [HOUR, -HOUR], ids=["forward", "back"])
async def test_a_clock_that_jumps_an_hour_stops_no_vote_and_sends_nobody_away(
    prepared: Buurtboom, jump: Jump, seconds: int
) -> None:
    with serve(prepared) as system:
        async with open_hall(system) as hall:
            phones = await hall.seat(PHONES)
            wall, beamer = await watch_wall(hall)
            round_number = await hall.open_vote()
            await vote(phones[: PHONES // 2], round_number)
            assert await hall.read_turnout() == f"{PHONES // 2} van {PHONES}"

            jump(seconds)
            wall.clear()
            assert await hall.read_turnout() == f"{PHONES // 2} van {PHONES}"
            await vote(phones[PHONES // 2 :], round_number)
            await until(lambda: f"{PHONES} van {PHONES}" in wall, "the last vote on the wall")
            await asyncio.sleep(CHECKS_SECONDS)
            # What the wall said meanwhile: more and more of the same hall.
            assert {shown.partition(" van ")[2] for shown in wall} == {str(PHONES)}
            assert await hall.read_turnout() == f"{PHONES} van {PHONES}"
            assert hall.read_votes(round_number) == hall.list_acked(round_number)

            await hall.press("close", "reveal", "again", "open")
            await hall.all_show(status="open")
            (late,) = await hall.seat(1)
            lose_connection(phones[0])
            await until(lambda: phones[0].is_open and phones[0].state, "the phone that was away")
            await vote(hall.phones, round_number + 1)
            assert hall.read_votes(round_number + 1) == hall.list_acked(round_number + 1)
            assert len(hall.read_votes(round_number + 1)) == PHONES + 1
            assert await hall.read_turnout() == f"{PHONES + 1} van {PHONES + 1}"
            assert [phone.closes for phone in hall.phones] == [[1006], *[[]] * PHONES]
            assert late.refusals == []
            await read_pages(hall)
            assert "Traceback" not in hall.app.read_log()
            beamer.close()


async def watch_wall(hall: Hall) -> tuple[list[str], Socket]:
    """What the beamer says from now on: so many of so many."""
    shown: list[str] = []

    def hear(text: bytes, _: float) -> None:
        shown.extend(re.findall(r"<b>(\d+ van \d+)</b>", json.loads(text)["html"]))

    socket = await open_socket(hall.room.facilitator, f"/ws/b/{hall.code}/beamer", hear)
    return shown, socket


async def vote(phones: list[Phone], round_number: int) -> None:
    for phone in phones:
        phone.vote(round_number, random.choice(phone.state["choices"]))
    await until(lambda: not any(phone.pending for phone in phones), "an answer to every vote")


def lose_connection(phone: Phone) -> None:
    phone.socket.close()
    phone.lose(1006)


async def read_pages(hall: Hall) -> None:
    """The pages that show when something was: none of them may stumble over a time that is still to come."""
    for path in ("/bijeenkomsten", *(f"/b/{hall.code}/{page}" for page in ("console", "verslag"))):
        answer = await hall.room.facilitator.get(path)
        assert (path, answer.status) == (path, 200)
