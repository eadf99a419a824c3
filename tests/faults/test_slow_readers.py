"""50 phones stop reading, in a room with 100 that read."""

import asyncio
import random
import socket
import time

import pytest

from tests.faults.hall import serve, until
from tests.load.client import Browser, open_socket
from tests.load.crowd import Phone
from tests.load.measure import read_private_memory
from tests.load.systems import Buurtboom, Room

READERS, SLOW = 100, 50
# Together shorter than a ping waits for its answer: who reads nothing for that long is hung up on, as it should be.
CYCLES, STATES = 20, ("open", "close", "again")
CHANGES = CYCLES * len(STATES)
VOTES_EVERY = 10  # cycles
SOON_SECONDS = 5  # for a state to be on every phone that reads; on a quiet machine it takes 0.1
# Small segments and a small buffer, as on wifi: over the loopback alone the system would keep megabytes for each phone.
NARROW = ((socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400), (socket.SOL_SOCKET, socket.SO_RCVBUF, 4096))
KIB = 1024
MOST_WAITING = 64 * KIB  # as live/outlet.py says; and one frame beside it
SLACK = 12 * 1024 * KIB  # what 150 changes cost anyway


@pytest.mark.slow
async def test_phones_that_stop_reading_hold_up_nobody_cost_little_and_end_with_the_newest_state(
    prepared: Buurtboom,
) -> None:
    with serve(prepared) as system:
        (room,) = await system.open_rooms(1)
        screen = await system.watch(room)
        readers = [await join(system, room) for _ in range(READERS)]
        await system.command(room, "start")
        await change_often(system, room, readers, cycles=VOTES_EVERY)  # what grows once has grown now
        slow = [await join(system, room) for _ in range(SLOW)]
        before = read_private_memory(system.pid)

        for phone in slow:
            phone.socket.stop_reading()
            phone.states.clear()
        slowest = await change_often(system, room, readers, cycles=CYCLES)
        growth = read_private_memory(system.pid) - before
        print(f"\nslowest state {slowest:.2f} s; the server grew by {growth / KIB**2:.1f} MB", end="")
        assert slowest <= SOON_SECONDS
        assert screen.turnout == READERS
        assert [phone.states for phone in slow] == [[]] * SLOW
        frame = max(len(phone.text) for phone in readers)
        assert growth <= SLOW * (MOST_WAITING + frame) + SLACK

        for phone in slow:
            phone.socket.read_again()
        await until(lambda: all(phone.version == room.version for phone in slow), "the newest state on every phone")
        backlog = max(len(phone.states) for phone in slow)
        print(f"; of {CHANGES} states the slow ones read {backlog} at most")
        assert backlog < CHANGES / 2
        # What they say was not read either while they were full; now it is.
        await system.command(room, "open")
        await vote([*readers, *slow], room)
        for visitor in (*readers, *slow, screen):
            visitor.leave()
        room.facilitator.hang_up()
        await asyncio.sleep(0.05)


class KeptPhone(Phone):
    """Keeps the last frame."""

    text = b""

    def hear(self, text: bytes, now: float) -> None:
        self.text = text
        super().hear(text, now)


async def join(system: Buurtboom, room: Room) -> KeptPhone:
    browser = Browser(system.port)
    seat, socket = await system.take_seat(browser, room, "inwoner")
    phone = KeptPhone(browser, seat)
    browser.hang_up()
    phone.socket = await open_socket(browser, socket, phone.hear, options=NARROW)
    await phone.entered.wait()
    return phone


async def change_often(system: Buurtboom, room: Room, readers: list[KeptPhone], *, cycles: int) -> float:
    """Open, close and begin again; vote now and then. Returns how long the slowest state took to reach all readers."""
    slowest = 0.0
    for cycle in range(cycles):
        for command in STATES:
            began = time.monotonic()
            await system.command(room, command)
            await until(lambda: all(phone.version == room.version for phone in readers), f"{command} on every phone")
            slowest = max(slowest, time.monotonic() - began)
            if command == "open" and cycle % VOTES_EVERY == VOTES_EVERY - 1:
                await vote(readers, room)
    return slowest


async def vote(phones: list[KeptPhone], room: Room) -> None:
    await until(lambda: all(phone.version == room.version for phone in phones), "the open vote on every phone")
    for phone in phones:
        phone.prepare_vote(random.choice(phone.state.choices))
        phone.cast_vote()
    await until(lambda: all(phone.acked_at for phone in phones), "an acknowledgement of every vote")
