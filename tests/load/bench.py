"""The load bench: Buurtboom, a baseline as in the Channels tutorial and the floor, side by side in one go.

Run: python -m tests.load.bench   (or `make bench`; about a quarter of an hour, on a machine that does nothing else)
     python -m tests.load.bench --runs 1 --only buurtboom --scenarios votes_1000,join_1000 --scale 0.1

The server has the first core, the load the second. Prints a table and writes bench/latest.json.
"""

import argparse
import asyncio
import gc
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

from tests.load.client import DoorClosed
from tests.load.measure import read_cpu
from tests.load.report import FIGURES, ONLY_BUURTBOOM, Results, draw_table, write_file
from tests.load.scenarios import Outcome, Scenario, list_scenarios, measure_votes
from tests.load.systems import SYSTEMS, System
from tests.load.two_processes import compare, serve_pair
from tests.servers import ROOT, MissingComponent

MOST_SECONDS = 240  # of one scenario, with everybody coming in; after that we go on without it
REST_SECONDS = 4  # that a server gets to finish what it was doing
WARM_PHONES = 50
QUIET_CORES = 0.1  # that other programs may take before we say that they spoil the figures
# Here the baseline collapses: every wait runs to its end. Once is enough to know, and three times would take too long.
ONCE = {("baseline", name) for name in ("votes_3000", "burst_1000", "rooms_100x30")}


def main() -> int:
    options = read_options()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        print("This machine has one core. Server and load would measure each other: nothing was measured.")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no server of ours is left behind
    raise_own_limit_of_files()
    os.chdir(ROOT)
    scratch = ROOT / "test-results"
    scratch.mkdir(exist_ok=True)
    gc.freeze()
    gc.disable()
    results = Results()
    with tempfile.TemporaryDirectory(dir=scratch, prefix="bench-") as folder:
        bench(options, Path(folder), cores, results)
    print(f"\n{draw_table(results)}\n")
    for (system, name), note in results.notes.items():
        print(f"{system} {name}, last run: {note}")
    for fault in results.faults:
        print(f"! {fault}")
    if (others := results.find_others()) > QUIET_CORES:
        print(f"! Other programs took up to {others:.2f} cores meanwhile. Measure again on a quiet machine.")
    write_file(options.out, results.write(options.runs, options.scale))
    print(f"Written: {options.out}")
    return 0


def raise_own_limit_of_files() -> None:
    """For the load: each phone is an open file of ours too. Buurtboom itself starts with what we were given."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load.bench")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", type=_names(SYSTEMS), default=list(SYSTEMS), metavar="SYSTEM,...")
    parser.add_argument("--scenarios", type=_names(FIGURES), default=list(FIGURES), metavar="SCENARIO,...")
    parser.add_argument("--scale", type=float, default=1.0, help="0.1 is a tenth of the phones, for a quick trial")
    parser.add_argument("--seconds", type=float, default=5.0, help="in which everybody votes")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "latest.json")
    return parser.parse_args()


def _names(known: Iterable[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = text.split(",")
        if unknown := set(names) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: choose from {', '.join(known)}")
        return names

    return read


def bench(options: argparse.Namespace, folder: Path, cores: list[int], results: Results) -> None:
    """Run everything that was asked, system after system and run after run."""
    scenarios = {
        name: scenario
        for name, scenario in list_scenarios(options.scale, options.seconds).items()
        if name in options.scenarios
    }
    systems = [SYSTEMS[name](folder, {cores[0]}) for name in options.only]
    os.sched_setaffinity(0, {cores[1]})
    for run in range(options.runs if scenarios else 0):
        for system in systems:
            chosen = {
                name: scenario
                for name, scenario in scenarios.items()
                if (system.name == "buurtboom" or name not in ONLY_BUURTBOOM)
                and (run == 0 or (system.name, name) not in ONCE)
            }
            try:
                asyncio.run(measure_system(system, chosen, results))
            except (DoorClosed, TimeoutError) as fault:
                results.faults.append(f"{system.name} does not start: {fault}")
            finally:
                system.stop()
    if "two_processes" in options.scenarios and "buurtboom" in options.only:
        try:
            with serve_pair(folder / "pair", cores) as pair:
                for _ in range(options.runs):
                    asyncio.run(measure(results, "buurtboom", "two_processes", compare(pair)))
        except MissingComponent as missing:
            results.faults.append(f"two_processes: {missing}")


async def measure_system(system: System, scenarios: dict[str, Scenario], results: Results) -> None:
    """One run of one system: all scenarios on one server, which is started again only when it cannot come to rest."""
    await start(system)
    for name, scenario in scenarios.items():
        if not await is_at_rest(system):
            say(f"{system.name} does not come to rest; it is started again")
            await start(system)
        await measure(results, system.name, name, scenario(system))


async def start(system: System) -> None:
    """Start and warm up: imports, caches, the first room."""
    system.start()
    await measure_votes(system, WARM_PHONES, 0.5)


async def is_at_rest(system: System) -> bool:
    """Whether the server finished what the last scenario asked, in reasonable time."""
    gc.collect()
    end = time.monotonic() + REST_SECONDS
    while time.monotonic() < end:
        before = read_cpu(system.pid)
        await asyncio.sleep(0.1)
        if read_cpu(system.pid) - before < 0.01:
            return True
    return False


async def measure(results: Results, system: str, name: str, running: Coroutine[Any, Any, Outcome]) -> None:
    """Keep the figures of one scenario; one that does not work is told and does not end the bench."""
    began = time.monotonic()
    try:
        outcome: Outcome = await asyncio.wait_for(running, MOST_SECONDS)
    except (DoorClosed, TimeoutError, OSError) as fault:
        results.faults.append(f"{system} {name}: {fault or 'took too long'}")
        say(results.faults[-1])
        return
    results.add(system, name, outcome.figures, outcome.load)
    if outcome.note:
        results.notes[system, name] = outcome.note
    told = ", ".join(f"{figure} {outcome.figures[figure]:.2f}" for figure in FIGURES[name])
    say(f"{system:10}{name:14}{told}   ({time.monotonic() - began:.0f} s)  {outcome.note}".rstrip())


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
