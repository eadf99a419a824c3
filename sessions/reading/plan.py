"""The lines of the plan, the buurtbeeld and the evaluation."""

from django.db.models import F

from sessions.models import GroupSession, PlanChange, PlanLine
from sessions.reading.shapes import History, LineView, Past, Plan, PlanSection
from sessions.rules.plan import KINDS, Written, fill_prompt


def read_plan(session: GroupSession) -> Plan:
    """The lines to fill in: those of standing decisions, and whatever the group wrote before it turned back."""
    lines = [
        _view_line(line)
        for line in session.plan_lines.select_related("round__decision").order_by(
            F("round__number").asc(nulls_last=True), "position", "pk"
        )
    ]
    shown = [view for view in lines if view.is_filled or view.is_awaited or (view.stands and view.line.round)]
    return Plan(
        PlanSection(kind, tuple(view for view in shown if view.line.kind == kind))
        for kind in KINDS
        if any(view.line.kind == kind for view in shown)
    )


def read_history(session: GroupSession, key: int) -> History | None:
    """A line of the plan with what it held before; none where this meeting has no such line."""
    row = session.plan_lines.select_related("round__decision").filter(pk=key).first()
    if row is None:
        return None
    now = _view_line(row)

    def view_step(step: PlanChange) -> LineView:
        words = step.words
        return now._replace(line=now.line._replace(**words._asdict()), parts=fill_prompt(row.prompt, words.texts))

    steps = tuple(Past(step.at, step.by, view_step(step)) for step in row.changes.order_by("-pk"))
    return History(now, steps)


def list_changed(session: GroupSession) -> frozenset[int]:
    """The keys of the lines that somebody wrote in."""
    return frozenset(PlanChange.objects.filter(line__session=session).values_list("line", flat=True))


def _view_line(row: PlanLine) -> LineView:
    return LineView(_read_line(row), fill_prompt(row.prompt, row.texts), row.stands)


def _read_line(row: PlanLine) -> Written:
    return Written(
        key=row.pk,
        kind=row.kind,
        prompt=row.prompt,
        texts=tuple(row.texts),
        who=row.who,
        due=row.due,
        struck=row.struck,
        round=row.round.number if row.round else None,
        mark=row.mark,
    )
