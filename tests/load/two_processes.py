"""One server process against two, on PostgreSQL and Redis: how many votes a second get acknowledged.

A closed loop: each phone votes again as soon as its vote is acknowledged. The sessions are many, and the phones of each
are spread over the processes.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from tests.load.client import DoorClosed
from tests.load.crowd import Phone, Screen
from tests.load.measure import list_processes, on_cores, read_cpu
from tests.load.scenarios import Figures, Outcome, dismiss, fill, note_load, show_all
from tests.load.systems import Buurtboom
from tests.servers import serve_postgres, serve_redis

SESSIONS = 8
PHONES = 320
WARM_SECONDS, SECONDS = 1.5, 5.0


@contextmanager
def serve_pair(folder: Path, cores: list[int]) -> Iterator[tuple[Buurtboom, Buurtboom]]:
    """Two servers on one PostgreSQL and one Redis, each with a core of its own, not started yet.

    Databases and load take the cores that are left; on a machine with fewer than four they share all there are.
    """
    rest = set(cores[2:]) if len(cores) >= 4 else set(cores)
    with on_cores(rest), serve_postgres(folder / "postgres") as database, serve_redis(folder) as redis:
        settings = {"DATABASE_URL": database, "REDIS_URL": redis}
        pair = tuple(Buurtboom(folder, {core}, **settings) for core in cores[:2])
        pair[0].prepare()
        pair[1].share(pair[0])
        try:
            yield pair[0], pair[1]
        finally:
            for server in pair:
                server.stop()


async def compare(pair: tuple[Buurtboom, Buurtboom], *, phones: int = PHONES, seconds: float = SECONDS) -> Outcome:
    """The rate of two processes against that of one."""
    first, second = pair
    second.stop()
    first.start()
    one = await _count_votes([first], phones, seconds)
    second.start()
    two = await _count_votes([first, second], phones, seconds)
    told = {f"{name}_with_{words}": rate[name] for words, rate in (("one", one), ("two", two)) for name in rate}
    note = (
        f"one process {one['votes_per_s']:.0f} votes/s, two {two['votes_per_s']:.0f}. A vote costs (us)"
        f" server {two['server_us_per_vote']:.0f}, database {two['database_us_per_vote']:.0f},"
        f" load {two['load_us_per_vote']:.0f}"
    )
    if os.sched_getaffinity(0) >= first.cores | second.cores:
        # Then all share the cores of the servers, and two processes cannot have two cores to themselves.
        told["most_ratio"] = len(first.cores | second.cores) * one["server_us_per_vote"] / _add_costs(two)
        note += f": on these cores together no ratio over {told['most_ratio']:.2f}"
    return Outcome({"votes_per_s_ratio": two["votes_per_s"] / one["votes_per_s"]}, told, note)


def _add_costs(rate: Figures) -> float:
    return sum(value for name, value in rate.items() if name.endswith("_us_per_vote"))


class _Voters:
    """Phones of which each votes again as soon as its vote is acknowledged, and how many votes that were."""

    def __init__(self, crowd: list[Phone]) -> None:
        self.crowd, self.count = crowd, 0
        self.answers = {phone: cycle(phone.state.choices) for phone in crowd if phone.state}

    def start(self) -> None:
        for phone in self.crowd:
            phone.on_ack = self._vote_again
            self._vote(phone)

    def stop(self) -> None:
        for phone in self.crowd:
            phone.on_ack = None

    def _vote_again(self, phone: Phone) -> None:
        self.count += 1
        self._vote(phone)

    def _vote(self, phone: Phone) -> None:
        phone.prepare_vote(next(self.answers[phone]))
        phone.cast_vote()


class _Span(NamedTuple):
    """What happened in some seconds."""

    votes: int
    took: float
    used: list[float]  # processor seconds, as `_read_costs` gives them
    others: float  # cores that other programs took


async def _count_votes(servers: list[Buurtboom], phones: int, seconds: float) -> Figures:
    """Acknowledged votes a second, and what a vote cost each part of the machine, in microseconds."""
    crowd, screens = await _open_votes(servers, phones)
    voters = _Voters(crowd)
    voters.start()
    await asyncio.sleep(WARM_SECONDS)
    span = await _measure(servers, voters, seconds)
    voters.stop()
    dismiss([*crowd, *screens])
    if not span.votes:
        raise DoorClosed("no vote was acknowledged")
    names = ("server_us_per_vote", "database_us_per_vote", "load_us_per_vote")
    stuck = sum(phone.refused for phone in crowd)
    return {
        "votes_per_s": span.votes / span.took,
        **{name: seconds_used * 1e6 / span.votes for name, seconds_used in zip(names, span.used, strict=True)},
        "refused": float(stuck),
        "others": span.others,
    }


async def _open_votes(servers: list[Buurtboom], phones: int) -> tuple[list[Phone], list[Screen]]:
    """Fill the rooms and open a vote in each. Returns the phones, which all see it, and the beamers."""
    rooms = await servers[0].open_rooms(SESSIONS)
    screens = [await servers[place % len(servers)].watch(room) for place, room in enumerate(rooms)]
    shares = [await fill(server, rooms, phones // len(servers)) for server in servers]
    crowd = [phone for share in shares for phones_of_room in share.values() for phone in phones_of_room]
    for room in rooms:
        await servers[0].command(room, "start")
        version = await servers[0].command(room, "open")
        await show_all([phone for share in shares for phone in share[room]], version)
    return crowd, screens


async def _measure(servers: list[Buurtboom], voters: _Voters, seconds: float) -> _Span:
    """Let them vote for so many seconds."""
    ours = [server.pid for server in servers]
    others = set(list_processes(os.getpid())) - set(list_processes(*ours)) - {os.getpid()}
    began, votes = time.perf_counter(), voters.count
    cpu = _read_costs(ours, others)
    with note_load() as load:
        await asyncio.sleep(seconds)
    votes, took = voters.count - votes, time.perf_counter() - began
    used = [after - before for after, before in zip(_read_costs(ours, others), cpu, strict=True)]
    return _Span(votes, took, used, load["others"])


def _read_costs(servers: list[int], others: set[int]) -> tuple[float, float, float]:
    """Processor seconds so far of the servers, of PostgreSQL with Redis, and of ourselves."""
    databases = sum(read_cpu(pid) for pid in _roots(others))
    return read_cpu(*servers), databases, time.process_time()


def _roots(pids: set[int]) -> list[int]:
    """Those of these processes that are no descendant of another of them."""
    below = {child for pid in pids for child in list_processes(pid) if child != pid}
    return sorted(pids - below)
