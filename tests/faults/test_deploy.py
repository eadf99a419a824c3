"""A new version in the middle of an evening: the server stops gently, another one starts, nobody reloads."""

import asyncio
import random

from tests.faults.hall import BACK_SECONDS, open_hall, serve, until
from tests.load.systems import Buurtboom

PHONES = 60
ASK_THE_PAGE = {4401, 4404}  # on these a browser leaves its page


async def test_a_gentle_stop_in_the_middle_of_a_vote_loses_nothing_and_everybody_is_back(prepared: Buurtboom) -> None:
    with serve(prepared) as system:
        async with open_hall(system) as hall:
            await hall.seat(PHONES)
            round_number = await hall.open_vote()
            choices = hall.phones[0].state["choices"]

            async def vote_at_some_moment(phone) -> None:
                await asyncio.sleep(random.uniform(0, 1))
                phone.vote(round_number, random.choice(choices))

            votes = asyncio.gather(*(vote_at_some_moment(phone) for phone in hall.phones))
            await asyncio.sleep(0.5)
            await asyncio.to_thread(hall.app.stop)
            await until(lambda: not any(phone.is_open for phone in hall.phones), "the end of every socket")
            await votes
            await asyncio.to_thread(hall.app.start)
            began = asyncio.get_running_loop().time()
            await hall.all_show(version=hall.room.version)
            await hall.all_settled()
            assert max(phone.back_at for phone in hall.phones) - began <= BACK_SECONDS
            assert hall.read_votes(round_number) == hall.list_acked(round_number)
            assert len(hall.read_votes(round_number)) == PHONES
            assert [phone for phone in hall.phones if ASK_THE_PAGE & set(phone.closes)] == []
            await hall.press("close", "reveal")
            await hall.all_show(version=hall.room.version, status="revealed")
