"""What happens in the room while we measure, the same for every system. Each scenario gives figures by name.

Times are in milliseconds unless a name says otherwise. Every wait has an end: what has not come by then is lost.
"""

import asyncio
import math
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.load.client import DoorClosed
from tests.load.crowd import HALL, Phone, Screen, time_on_screen
from tests.load.measure import percentile, read_busy, read_cpu, read_private_memory
from tests.load.systems import Room, System

ACK_SECONDS = 30  # a vote that is not acknowledged by then is lost
JOIN_SECONDS = 60  # a phone that is not in by then was refused
SHOW_SECONDS = 30
GENTLY = 50  # phones that come in at the same time when coming in is not what we measure
STEPS, PAPERS = 20, 20  # of a full plan, and how often it is asked for
REST = 0.3  # seconds between two writes: a wall shows what came in between together
WRITES = 20  # of the facilitator, where we count what phones get of them
QUESTIONS = 3  # new questions in one fan-out scenario
KIB = 1024

Figures = dict[str, float]


class Outcome(NamedTuple):
    """The figures of one scenario in one run, and beside them what tells whether the load could keep up:

    `lag_p99_ms`, from the moment a vote was planned to the moment it was sent, `busy`, the share of its
    core, and `others`, the number of cores that programs took that are no part of the bench.
    """

    figures: Figures
    load: Figures = {}
    note: str = ""  # what somebody who sees these figures will ask


async def measure_votes(system: System, phones: int, seconds: float) -> Outcome:
    """One room; every phone votes once, at a random moment within so many seconds."""
    (room,) = await system.open_rooms(1)
    screen = await system.watch(room)
    voters = (await fill(system, [room], phones))[room]
    await system.command(room, "start")
    await show_all(voters, await system.command(room, "open"))
    with note_load() as load:
        before = read_cpu(system.pid)
        await vote_all(voters, seconds)
        acked = sum(phone.acked_at > 0 for phone in voters)
        await wait_for(lambda: screen.turnout >= acked, 2)
        used = read_cpu(system.pid) - before
    acks = list_acks(voters)
    shown = time_on_screen([phone.sent_at for phone in voters], screen.turnouts, missing=ACK_SECONDS)
    figures = {
        "ack_p50_ms": percentile(acks, 0.5) * 1000,
        "ack_p99_ms": percentile(acks, 0.99) * 1000,
        "screen_p99_ms": percentile(shown, 0.99) * 1000,
        "cpu_ms_per_vote": used * 1000 / max(acked, 1),
        "lost": count_lost(system, room, voters),
    }
    dismiss([*voters, screen])
    return Outcome(figures, load | measure_lag(voters))


async def measure_fanout(system: System, phones: int) -> Outcome:
    """One room; a new question reaches every phone. Three times, and all of them count."""
    (room,) = await system.open_rooms(1)
    screen = await system.watch(room)
    crowd = (await fill(system, [room], phones))[room]
    times: list[float] = []
    used = 0.0
    with note_load() as load:
        for number in range(QUESTIONS):
            if number:
                await system.command(room, "open")
                await show_all(crowd, await system.command(room, "close"))
            await asyncio.sleep(0.15)  # let what follows a command come to rest
            before = read_cpu(system.pid)
            times += await time_fanout(system, room, "again" if number else "start", crowd)
            await asyncio.sleep(0.2)
            used += read_cpu(system.pid) - before
    dismiss([*crowd, screen])
    figures = {"p99_ms": percentile(times, 0.99) * 1000, "cpu_us_per_phone": used * 1e6 / len(times)}
    return Outcome(figures, load)


async def measure_rooms(system: System, count: int, phones: int, seconds: float) -> Outcome:
    """Many rooms at once. Everybody votes within so many seconds. Meanwhile each facilitator at some moment shows the
    plan, which brings all phones of that room a new state; in as many seconds after it each closes the vote.
    """
    rooms = await system.open_rooms(count)
    screens = [await system.watch(room) for room in rooms]
    crowds = await fill(system, rooms, count * phones)
    voters = [phone for crowd in crowds.values() for phone in crowd]
    for room in rooms:
        await system.command(room, "start")
        await system.command(room, "open")
    for room in rooms:
        await show_all(crowds[room], room.version)
    arrivals: list[float] = []

    async def press(room: Room, name: str) -> None:
        await asyncio.sleep(random.uniform(0, seconds))
        arrivals.extend(await time_fanout(system, room, name, crowds[room]))

    with note_load() as load:
        await asyncio.gather(vote_all(voters, seconds), *(press(room, "plan") for room in rooms))
        await asyncio.gather(*(press(room, "close") for room in rooms))
    figures = {
        "ack_p99_ms": percentile(list_acks(voters), 0.99) * 1000,
        "fanout_p99_ms": percentile(arrivals, 0.99) * 1000,
        "lost": sum(count_lost(system, room, crowd) for room, crowd in crowds.items()),
    }
    dismiss([*voters, *screens])
    return Outcome(figures, load | measure_lag(voters))


async def measure_memory(system: System, phones: int, rest: float) -> Outcome:
    """Memory of the server's own that each connected phone takes, `rest` seconds after the last came in.

    For a server that was just started: memory that it once had and gave nobody back would hide what phones take.
    """
    (room,) = await system.open_rooms(1)
    first = (await fill(system, [room], GENTLY))[room]
    await asyncio.sleep(rest)
    before = read_private_memory(system.pid)
    more = (await fill(system, [room], phones))[room]
    await asyncio.sleep(rest)
    used = read_private_memory(system.pid) - before
    dismiss([*first, *more])
    return Outcome({"kib_per_phone": used / KIB / phones})


async def measure_join(system: System, phones: int) -> Outcome:
    """Everybody scans at the same moment: all pages, the socket, and the first state."""
    (room,) = await system.open_rooms(1)
    screen = await system.watch(room)
    with note_load() as load:
        began = time.perf_counter()
        joining = (come_in(system, room, role_of(number)) for number in range(phones))
        came = await asyncio.gather(*joining, return_exceptions=True)
    inside = [phone for phone in came if isinstance(phone, Phone)]
    reasons = [str(fault) for fault in came if isinstance(fault, DoorClosed)]
    refused = phones - len(inside)
    last = max((phone.states[0][1] for phone in inside), default=0.0)
    dismiss([*inside, screen])
    figures = {"all_in_s": JOIN_SECONDS if refused else last - began, "refused": float(refused)}
    return Outcome(figures, load, f"{len(reasons)} refused: {', '.join(sorted(set(reasons)))}" if reasons else "")


async def measure_edits(system: System, phones: int) -> Outcome:
    """Lines of a plan that stands on the wall: what the phones get of them, and how soon the wall has one."""
    return await _count_frames(system, phones, ("start", "plan"), system.add_plan_line)


async def measure_pdf(system: System) -> Outcome:
    """The plan of a full meeting as the paper for the fridge, asked for by one facilitator after the other."""
    (room,) = await system.open_rooms(1)
    for number in range(1, STEPS + 1):
        await system.add_plan_line(room, number)
    times = []
    for _ in range(PAPERS):
        began = time.perf_counter()
        await system.fetch_paper(room)
        times.append(time.perf_counter() - began)
    return Outcome({"p95_s": percentile(times, 0.95)})


async def measure_hands(system: System, phones: int) -> Outcome:
    """Hands that are counted while the vote is open: what the phones get of them."""
    return await _count_frames(system, phones, ("start", "open"), system.count_hands)


async def _count_frames(
    system: System, phones: int, before: Iterable[str], write: Callable[[Room, int], Awaitable[None]]
) -> Outcome:
    (room,) = await system.open_rooms(1)
    screen = await system.watch(room)
    crowd = (await fill(system, [room], phones))[room]
    for name in before:
        await show_all(crowd, await system.command(room, name))
    await asyncio.sleep(1)  # who came in last still changes what others see
    known = sum(len(phone.states) for phone in crowd)
    waits = []
    for number in range(1, WRITES + 1):
        began, before = time.perf_counter(), len(screen.heard)
        await write(room, number)
        await wait_for(lambda before=before: len(screen.heard) > before, 2)
        waits.append((screen.heard[before] if len(screen.heard) > before else began + 2) - began)
        await asyncio.sleep(REST)
    frames = sum(len(phone.states) for phone in crowd) - known
    dismiss([*crowd, screen])
    return Outcome({"frames_to_phones": float(frames), "wall_p99_ms": percentile(waits, 0.99) * 1000})


def role_of(number: int) -> str:
    return HALL[number % len(HALL)]


async def come_in(system: System, room: Room, role: str) -> Phone:
    """Join within a minute. Raises DoorClosed."""
    try:
        return await asyncio.wait_for(system.join(room, role), JOIN_SECONDS)
    except TimeoutError as error:
        raise DoorClosed(f"not in within {JOIN_SECONDS} s") from error


async def fill(system: System, rooms: list[Room], phones: int) -> dict[Room, list[Phone]]:
    """Let phones into the rooms in turn, some at a time. Raises DoorClosed when one does not come in."""
    door = asyncio.Semaphore(GENTLY)

    async def enter(number: int) -> Phone:
        async with door:
            phone = await come_in(system, rooms[number % len(rooms)], role_of(number // len(rooms)))
        phone.browser.hang_up()
        return phone

    came = await asyncio.gather(*(enter(number) for number in range(phones)))
    return {room: list(came[place :: len(rooms)]) for place, room in enumerate(rooms)}


async def vote_all(voters: list[Phone], seconds: float) -> None:
    """Everybody votes at a random moment; return when all are acknowledged, or when it took too long."""
    for phone in voters:
        assert phone.state
        phone.prepare_vote(random.choice(phone.state.choices))
    loop = asyncio.get_running_loop()
    start = time.perf_counter() + 0.1
    skew = loop.time() - time.perf_counter()
    for phone in voters:
        phone.planned_at = start + random.uniform(0, seconds)
        loop.call_at(phone.planned_at + skew, phone.cast_vote)
    await asyncio.sleep(seconds + 0.15)
    await wait_for(lambda: not any(phone.is_waiting for phone in voters), ACK_SECONDS)


async def show_all(phones: Iterable[Phone], version: int, seconds: float = SHOW_SECONDS) -> None:
    """Return when all phones that are still there have this version, or when it took too long."""
    left = list(phones)

    def is_done() -> bool:
        left[:] = [phone for phone in left if phone.version < version and phone.socket and phone.socket.is_open]
        return not left

    await wait_for(is_done, seconds)


async def wait_for(check: Callable[[], bool], seconds: float) -> None:
    """Return when `check` holds, or after so many seconds."""
    end = time.perf_counter() + seconds
    while not check() and time.perf_counter() < end:
        await asyncio.sleep(0.02)


def list_acks(voters: Iterable[Phone]) -> list[float]:
    """Seconds from each vote to its acknowledgement; of a vote that got none in time, the time that it had."""
    return [
        min(phone.acked_at - phone.sent_at, ACK_SECONDS) if phone.acked_at else float(ACK_SECONDS) for phone in voters
    ]


async def time_fanout(system: System, room: Room, command: str, phones: list[Phone]) -> list[float]:
    """Seconds from the command until each phone had its state; when it never had, the time that we waited for it."""
    began = time.perf_counter()
    try:
        version = await asyncio.wait_for(system.command(room, command), SHOW_SECONDS)
    except (DoorClosed, TimeoutError):
        return [float(SHOW_SECONDS)] * len(phones)
    await show_all(phones, version, began + SHOW_SECONDS - time.perf_counter())
    moments = [phone.seen_since(version) or math.inf for phone in phones]
    return [min(moment - began, SHOW_SECONDS) for moment in moments]


@contextmanager
def note_load() -> Iterator[Figures]:
    """How busy the load's core is in here, and how many cores other programs take: they may not take any."""
    noted: Figures = {}
    own, ours, all_, began = time.process_time(), read_cpu(os.getpid()), read_busy(), time.perf_counter()
    yield noted
    took = time.perf_counter() - began
    noted["busy"] = (time.process_time() - own) / took
    noted["others"] = max(read_busy() - all_ - (read_cpu(os.getpid()) - ours), 0.0) / took


def measure_lag(voters: Iterable[Phone]) -> Figures:
    return {"lag_p99_ms": percentile([phone.sent_at - phone.planned_at for phone in voters], 0.99) * 1000}


def count_lost(system: System, room: Room, voters: Iterable[Phone]) -> float:
    """Votes without an acknowledgement in time, and acknowledged votes that the server did not keep exactly once."""
    voters = list(voters)
    round_number = next(phone.state.round for phone in voters if phone.state)
    kept = Counter(system.read_votes(room, round_number or 0))
    rows = Counter(seat for seat, _ in kept.elements())
    return float(
        sum(
            not 0 < phone.acked_at - phone.sent_at <= ACK_SECONDS
            or kept[phone.seat, phone.answer] != 1
            or rows[phone.seat] != 1
            for phone in voters
        )
    )


def dismiss(screens: Iterable[Phone | Screen]) -> None:
    for screen in screens:
        screen.leave()


Scenario = Callable[[System], Awaitable[Outcome]]


def list_scenarios(scale: float = 1.0, seconds: float = 5.0) -> dict[str, Scenario]:
    """The scenarios by name, in the order in which they run.

    `scale` 0.01 is a hundredth of the phones; votes are spread over so many seconds, those of a burst over a fifth.
    """

    def some(number: int, least: int = 10) -> int:
        return max(round(number * scale), least)

    return {
        # First, for it needs a server that nobody used yet.
        "memory": lambda system: measure_memory(system, some(1000), 2 * min(seconds / 5, 1)),
        "join_1000": lambda system: measure_join(system, some(1000)),
        "votes_200": lambda system: measure_votes(system, some(200), seconds),
        "votes_1000": lambda system: measure_votes(system, some(1000), seconds),
        "burst_1000": lambda system: measure_votes(system, some(1000), seconds / 5),
        "fanout_1000": lambda system: measure_fanout(system, some(1000)),
        "votes_3000": lambda system: measure_votes(system, some(3000), seconds),
        "plan_edit": lambda system: measure_edits(system, some(1000)),
        "export_pdf": measure_pdf,
        "hands": lambda system: measure_hands(system, some(300)),
        "rooms_100x30": lambda system: measure_rooms(system, some(100, 2), some(30, 10), seconds),
    }
