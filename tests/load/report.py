"""What the bench promises, and how it is told: the figures by name, the goals, a table and a file."""

import json
import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tests.load.measure import Spread, spread

FIGURES: dict[str, tuple[str, ...]] = {
    "votes_200": ("cpu_ms_per_vote",),
    "votes_1000": ("ack_p50_ms", "ack_p99_ms", "screen_p99_ms", "cpu_ms_per_vote", "lost"),
    "votes_3000": ("ack_p99_ms", "screen_p99_ms", "lost"),
    "burst_1000": ("ack_p99_ms", "lost"),
    "fanout_1000": ("p99_ms", "cpu_us_per_phone"),
    "rooms_100x30": ("ack_p99_ms", "fanout_p99_ms", "lost"),
    "plan_edit": ("frames_to_phones", "wall_p99_ms"),
    "export_pdf": ("p95_s",),
    "hands": ("frames_to_phones",),
    "memory": ("kib_per_phone",),
    "join_1000": ("all_in_s", "refused"),
    "two_processes": ("votes_per_s_ratio",),
}
ONLY_BUURTBOOM = ("votes_200", "two_processes", "plan_edit", "export_pdf", "hands")


class Results:
    """The figures of every run: system, scenario, figure -> a value a run."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str, str], list[float]] = {}
        self._load: dict[tuple[str, str, str], list[float]] = {}
        self.notes: dict[tuple[str, str], str] = {}  # what somebody who sees the figures will ask
        self.faults: list[str] = []

    def add(self, system: str, scenario: str, figures: dict[str, float], load: dict[str, float]) -> None:
        """Keep the figures of one run that were promised, and those about the load."""
        for name in FIGURES[scenario]:
            self._values.setdefault((system, scenario, name), []).append(figures[name])
        for name, value in load.items():
            self._load.setdefault((system, scenario, name), []).append(value)

    def get(self, system: str, scenario: str, figure: str) -> Spread | None:
        """The median and the range over the runs, or None when it was not measured."""
        values = self._values.get((system, scenario, figure))
        return spread(values) if values else None

    def median(self, system: str, place: str) -> float | None:
        """The median of `scenario.figure`."""
        found = self.get(system, *place.split("."))
        return found.median if found else None

    def find_others(self) -> float:
        """The most cores that other programs took while a scenario was measured, in the median of its runs."""
        return max(
            (spread(told).median for place, told in self._load.items() if place[2].startswith("others")), default=0
        )

    def write(self, runs: int, scale: float) -> dict[str, object]:
        """Everything, as in `bench/latest.json`."""
        document: dict[str, object] = {
            "machine": {"cores": os.cpu_count(), "python": ".".join(platform.python_version_tuple()[:2])},
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
            "runs": runs,
            "scale": scale,
        }
        return {**document, **_nest(self._values), "load": _nest(self._load), "faults": self.faults}


def _nest(values: dict[tuple[str, str, str], list[float]]) -> dict[str, object]:
    document: dict = {}
    for (system, scenario, figure), numbers in sorted(values.items()):
        told = {name: round(value, 3) for name, value in spread(numbers)._asdict().items()}
        document.setdefault(system, {}).setdefault(scenario, {})[figure] = told
    return document


class Goal(NamedTuple):
    """A limit for a median of Buurtboom. `limits` are worked out from the results; None when that is not possible."""

    words: str
    limits: Callable[[Results], Sequence[float | None]]
    is_least: bool = False

    def is_met(self, value: float, results: Results) -> bool | None:
        """None when what it is compared with was not measured."""
        verdicts = [
            None if limit is None else value >= limit if self.is_least else value <= limit
            for limit in self.limits(results)
        ]
        if False in verdicts:
            return False
        return None if None in verdicts else True


def _most(limit: float) -> Goal:
    return Goal(f"<= {limit:g}", lambda results: [limit])


def _fifth_of_baseline(results: Results) -> list[float | None]:
    baseline = results.median("baseline", "fanout_1000.cpu_us_per_phone")
    return [None if baseline is None else baseline / 5]


GOALS: dict[str, Goal] = {
    "votes_1000.ack_p99_ms": _most(30),
    "votes_1000.screen_p99_ms": _most(150),
    "votes_1000.cpu_ms_per_vote": Goal(
        "<= 1.5, <= at 200", lambda results: [1.5, results.median("buurtboom", "votes_200.cpu_ms_per_vote")]
    ),
    "votes_3000.screen_p99_ms": _most(250),
    "burst_1000.ack_p99_ms": _most(400),
    "fanout_1000.p99_ms": _most(100),
    "fanout_1000.cpu_us_per_phone": Goal("<= baseline / 5", _fifth_of_baseline),
    "rooms_100x30.ack_p99_ms": _most(100),
    "rooms_100x30.fanout_p99_ms": _most(100),
    "plan_edit.frames_to_phones": _most(0),
    "plan_edit.wall_p99_ms": _most(200),
    "export_pdf.p95_s": _most(2),
    "hands.frames_to_phones": _most(0),
    "memory.kib_per_phone": _most(40),
    "join_1000.all_in_s": _most(3),
    "join_1000.refused": _most(0),
    "two_processes.votes_per_s_ratio": Goal(">= 1.6", lambda results: [1.6], is_least=True),
    **{f"{name}.lost": _most(0) for name in ("votes_1000", "votes_3000", "burst_1000", "rooms_100x30")},
}


def draw_table(results: Results) -> str:
    """A line per figure: the goal, the three systems as median (lowest-highest), and whether the goal is met."""
    rows = [("figure", "goal", "buurtboom", "baseline", "floor", "met")]
    for scenario, figures in FIGURES.items():
        for figure in figures:
            cells = [_tell(results.get(system, scenario, figure)) for system in ("buurtboom", "baseline", "floor")]
            if any(cells):
                goal, ours = GOALS.get(f"{scenario}.{figure}"), results.median("buurtboom", f"{scenario}.{figure}")
                met = goal.is_met(ours, results) if goal and ours is not None else None
                verdict = "" if met is None else "yes" if met else "NO"
                rows.append((f"{scenario}.{figure}", goal.words if goal else "", *cells, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _tell(found: Spread | None) -> str:
    if found is None:
        return ""
    if found.min == found.max:
        return _round(found.median)
    return f"{_round(found.median)} ({_round(found.min)}-{_round(found.max)})"


def _round(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def write_file(path: Path, document: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
