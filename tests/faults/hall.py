"""An evening that goes wrong: a server that can be killed, who leads, and phones that look after themselves."""

import asyncio
import json
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from tests.faults.phones import Phone
from tests.load.systems import Buurtboom, Room
from tests.sizes import pick

# Every phone is back by itself within ten seconds: `make test-long` measures it with nothing beside it. In `make test`
# a browser plays on the same cores; there it proves that they come back at all, long before anybody gives up.
BACK_SECONDS = pick(40, 10)
CORES = os.sched_getaffinity(0)


@contextmanager
def serve(prepared: Buurtboom, **settings: str) -> Iterator[Buurtboom]:
    """A fresh server with what was prepared, and settings of its own."""
    system = Buurtboom(prepared.folder, CORES, **{**prepared.settings, **settings})
    system.share(prepared)
    system.start()
    try:
        yield system
    finally:
        system.app.process.kill()


class Hall:
    """One evening."""

    def __init__(self, system: Buurtboom, room: Room) -> None:
        self.system, self.room = system, room
        self.phones: list[Phone] = []

    @property
    def app(self):
        return self.system.app

    @property
    def code(self) -> str:
        return self.room.code

    async def seat(self, count: int, *, port: int = 0) -> list[Phone]:
        """Let phones in, through this port, and wait until each shows how it is now."""
        phones = [Phone(port or self.system.port, self.code) for _ in range(count)]
        self.phones += phones
        for place in range(0, count, 20):  # people do not all scan in the same second
            await asyncio.gather(*(phone.join() for phone in phones[place : place + 20]))
        for phone in phones:
            phone.start()
        await until(lambda: all(phone.state for phone in phones), "a state on every phone")
        return phones

    async def press(self, *commands: str) -> None:
        for command in commands:
            await self.system.command(self.room, command)

    async def open_vote(self, *, again: bool = False) -> int:
        """Open a vote, and return its round once every phone shows it."""
        await self.press(*(("close", "again", "open") if again else ("start", "open")))
        await self.all_show(version=self.room.version)
        return self.phones[0].state["round"]

    async def all_show(self, **fields: object) -> None:
        try:
            await until(lambda: all(phone.shows(**fields) for phone in self.phones), f"{fields} on every phone")
        except TimeoutError as error:
            lost = [repr(phone) for phone in self.phones if not phone.shows(**fields)]
            raise TimeoutError("\n".join([str(error), *lost, self.app.read_log()[-4000:]])) from error

    async def all_settled(self) -> None:
        await until(lambda: not any(phone.pending for phone in self.phones), "an answer to every vote")

    def read_votes(self, round_number: int) -> list[tuple[str, str]]:
        """What is on disk, as (seat, answer), in order."""
        return sorted(self.system.read_votes(self.room, round_number))

    def list_acked(self, round_number: int, phones: list[Phone] | None = None) -> list[tuple[str, str]]:
        """What the phones heard that is on disk, as (seat, answer), in order."""
        there = self.phones if phones is None else phones
        return sorted((phone.seat, phone.acked[round_number]) for phone in there if round_number in phone.acked)

    async def read_turnout(self) -> str:
        """What the wall says, as a page that is opened now."""
        answer = await self.room.facilitator.get(f"/b/{self.code}/beamer/stand", accept="application/json")
        found = re.search(r"<b>(\d+ van \d+)</b>", json.loads(answer.body)["html"])
        return found[1] if found else ""


@asynccontextmanager
async def open_hall(system: Buurtboom) -> AsyncIterator[Hall]:
    (room,) = await system.open_rooms(1)
    hall = Hall(system, room)
    try:
        yield hall
    finally:
        await asyncio.gather(*(phone.leave() for phone in hall.phones))
        room.facilitator.hang_up()
        await asyncio.sleep(0.05)  # transports close in the next turn of the loop


async def until(holds: Callable[[], bool], what: str, *, seconds: float = 60) -> float:
    """Return how long it took until this holds. Raises TimeoutError naming what did not happen."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what} did not happen within {seconds} s")
        await asyncio.sleep(0.02)
    return time.monotonic() - began
