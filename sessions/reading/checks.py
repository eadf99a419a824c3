"""Klopt dit? What rooms said of their plan."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Max

from content.graph import Library
from sessions.models import PlanChange, Round, Trajectory
from sessions.reading.rounds import show_result
from sessions.reading.shapes import Verdict
from sessions.rows import read_round
from sessions.rules.commands.check import WHOLE
from sessions.rules.state import Asking
from sessions.rules.tally import Tally


def read_verdicts(trajectory: Trajectory) -> tuple[tuple[Verdict, ...], bool]:
    """What was said last of the whole plan and of each goal, and whether a room is asked at this moment."""
    rows = Round.objects.filter(session__trajectory=trajectory, session__deleted_at=None, kind="check", withdrawn=False)
    rounds = [(row, read_round(row)) for row in rows.select_related("decision", "session").order_by("opened_at")]
    said = {round_.subject: verdict for _, round_ in rounds if (verdict := _make_verdict(round_))}
    changes = _read_changes(trajectory) if said else {}
    is_asked = any(
        not round_.is_over and row.number == row.session.current_round and not row.session.ended_at
        for row, round_ in rounds
    )
    return tuple(verdict._replace(is_changed=_is_changed(verdict, changes)) for verdict in said.values()), is_asked


def show_verdicts(
    library: Library, rounds: Iterable[Asking], results: Mapping[int, Tally | None]
) -> tuple[Verdict, ...]:
    """What the room of one meeting said, in that order. Whether it changed since is no matter of that evening."""
    return tuple(
        verdict._replace(result=show_result(library, round_, tally) if (tally := results.get(round_.number)) else None)
        for round_ in rounds
        if round_.kind == "check" and not round_.withdrawn and (verdict := _make_verdict(round_))
    )


def _make_verdict(round_: Asking) -> Verdict | None:
    if round_.decision is None or round_.opened_at is None:
        return None
    goal = 0 if round_.subject == WHOLE else int(round_.subject)
    about = next((line.text for line in round_.page if goal and line.kind == "doel"), "")
    return Verdict(goal, about, round_.decision.answer, round_.decision.why, round_.opened_at)


def _is_changed(verdict: Verdict, changes: Mapping[tuple[int, int | None], datetime]) -> bool:
    """Whether somebody wrote since in the plan, or on the page of this goal."""
    return any(at > verdict.at for line, at in changes.items() if not verdict.goal or verdict.goal in line)


def _read_changes(trajectory: Trajectory) -> dict[tuple[int, int | None], datetime]:
    """When each line was last written in, by its key and that of the goal it serves."""
    changes = PlanChange.objects.filter(line__trajectory=trajectory).values_list("line", "line__goal")
    return {(line, goal): at for line, goal, at in changes.annotate(Max("at")).order_by()}
