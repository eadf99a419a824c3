"""Two servers write one round, while a third hand closes it: every acknowledged vote is there, and no other."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.conftest import Hosted
from tests.faults.hall import open_hall, serve
from tests.faults.phones import Phone
from tests.load.systems import Buurtboom
from tests.servers import App

PHONES, VOTE_SECONDS = 100, 1.5


@pytest.mark.slow
async def test_two_servers_on_one_sqlite_file_stay_correct(prepared: Buurtboom) -> None:
    with serve(prepared) as one, serve_beside(one) as two:
        await close_in_the_middle(one, two.port)


async def test_two_servers_on_one_postgresql_stay_correct(hosted: Hosted) -> None:
    await close_in_the_middle(hosted.one, hosted.two.port)


async def close_in_the_middle(one: Buurtboom, other_port: int) -> None:
    async with open_hall(one) as hall:
        await hall.seat(PHONES // 2)
        await hall.seat(PHONES // 2, port=other_port)
        round_number = await hall.open_vote()
        choices = hall.phones[0].state["choices"]

        async def vote(phone: Phone) -> None:
            await asyncio.sleep(random.uniform(0, VOTE_SECONDS))
            phone.vote(round_number, random.choice(choices))

        async def close() -> None:
            await asyncio.sleep(VOTE_SECONDS / 2)
            await hall.press("close")

        await asyncio.gather(close(), *(vote(phone) for phone in hall.phones))
        await hall.all_settled()
        assert hall.read_votes(round_number) == hall.list_acked(round_number)
        late = [phone.refusals[-1][0] for phone in hall.phones if round_number not in phone.acked]
        assert set(late) <= {"round-closed", "gone"}  # "gone": the phone itself, once it shows that it is over
        assert 0 < len(late) < PHONES


@contextmanager
def serve_beside(one: Buurtboom) -> Iterator[App]:
    """Another server on the same files."""
    app = App(one.app.folder, one.app.folder.parent / "static")
    app.start()
    try:
        yield app
    finally:
        app.stop()
