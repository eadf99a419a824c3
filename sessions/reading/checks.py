"""Klopt dit? What rooms said of their plan."""

from collections.abc import Iterable, Mapping

from django.db.models import Max

from content.graph import Library
from sessions.models import PlanChange, Round, Trajectory
from sessions.reading.rounds import show_result
from sessions.reading.shapes import Verdict
from sessions.rules.commands.check import WHOLE
from sessions.rules.state import Asking
from sessions.rules.tally import Tally


def read_verdicts(trajectory: Trajectory) -> tuple[tuple[Verdict, ...], bool]:
    """What was said last of the whole plan and of each goal, and whether a room is asked at this moment."""
    rounds = Round.objects.filter(
        session__trajectory=trajectory, session__deleted_at=None, kind="check", withdrawn=False
    )
    rows = list(rounds.select_related("decision", "session").order_by("opened_at"))
    said = {row.subject: row for row in rows if row.status == "decided"}
    changes = PlanChange.objects.filter(line__trajectory=trajectory) if said else PlanChange.objects.none()
    changed = changes.aggregate(last=Max("at"))["last"]
    verdicts = (
        Verdict(
            _read_goal(row.subject),
            row.decision.answer,
            row.decision.why,
            row.opened_at,
            is_changed=bool(changed and changed > row.opened_at),
        )
        for row in said.values()
        if row.opened_at
    )
    asked = any(
        row.status != "decided" and row.number == row.session.current_round and not row.session.ended_at for row in rows
    )
    return tuple(verdicts), asked


def show_verdicts(
    library: Library, rounds: Iterable[Asking], results: Mapping[int, Tally | None]
) -> tuple[Verdict, ...]:
    """What the room of one meeting said, in that order. Whether it changed since is no matter of that evening."""
    return tuple(
        Verdict(
            _read_goal(round_.subject),
            round_.decision.answer,
            round_.decision.why,
            round_.opened_at,
            is_changed=False,
            result=show_result(library, round_, tally) if (tally := results.get(round_.number)) else None,
        )
        for round_ in rounds
        if round_.kind == "check" and round_.decision and round_.opened_at and not round_.withdrawn
    )


def _read_goal(subject: str) -> int:
    return 0 if subject == WHOLE else int(subject)
