"""Pretend participants have a ceiling, and leave nothing behind."""

import subprocess
import sys
import time

import pytest

from facilitation import simulator
from facilitation.simulator import MOST_HALLS, start_simulator
from sessions.rules.refusals import Refused


@pytest.fixture
def started(monkeypatch):
    """Simulators that only wait."""
    processes = []
    real = subprocess.Popen

    def start(command, **options):
        processes.append(real([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
        return processes[-1]

    monkeypatch.setattr(simulator.subprocess, "Popen", start)
    monkeypatch.setattr(simulator, "_running", {})
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        process.stdin.close()


def test_a_hall_is_simulated_once(started):
    start_simulator("BCDFGH")
    with pytest.raises(Refused, match="simulated"):
        start_simulator("BCDFGH")


def test_there_is_a_ceiling_over_all_sessions_and_room_again_when_one_ends(started):
    for number in range(MOST_HALLS):
        start_simulator(f"BCDFG{number + 2}")
    with pytest.raises(Refused, match="too-many-simulated"):
        start_simulator("KRTWNX")
    started[0].kill()
    end = time.monotonic() + 10
    while started[0].returncode is None and time.monotonic() < end:  # reaped, without anybody asking for it
        time.sleep(0.02)
    assert started[0].returncode is not None
    start_simulator("KRTWNX")
