"""The lines of the plan, the buurtbeeld and the evaluation."""

from collections.abc import Collection, Iterable, Sequence

from django.utils import timezone

from sessions.models import GroupSession, PlanChange, PlanClash, PlanHand, PlanLine, Trajectory, order_lines
from sessions.models.plan_hand import RESTS_AFTER
from sessions.reading.checks import read_verdicts
from sessions.reading.dates import end_of_day
from sessions.reading.evaluation import read_evidence
from sessions.reading.offers import read_helpers
from sessions.reading.shapes import Clash, Goal, History, LineView, Past, Plan, PlanPage, PlanSection
from sessions.rules.plan import KINDS, Words, Written, fill_prompt, is_settled

MOST_GOALS = 3  # on top; the rest folds under them


def read_plan(session: GroupSession) -> Plan:
    """What one meeting left in the plan: the lines of its standing decisions, and whatever the group wrote itself.

    Of a meeting that ended it is as it stood at the end of that day, whatever was written since.
    """
    rows = order_lines(session.plan_lines.all())
    held = _hold_since(session) if session.ended_at else {}
    shown = [view for row in rows if _is_shown(view := _view_line(row, held.get(row.pk)))]
    return _sort_by_kind(shown)


def _hold_since(session: GroupSession) -> dict[int, Words]:
    """What lines held when the day ended on which this meeting did, for those that changed since."""
    assert session.ended_at
    night = end_of_day(session.ended_at)
    since = PlanChange.objects.filter(line__session=session)
    changed = set(since.filter(at__gte=night).values_list("line", flat=True))
    before = {step.line_id: step.words for step in since.filter(at__lt=night, line__in=changed).order_by("pk")}
    return {line: before.get(line, Words()) for line in changed}


def read_plan_page(trajectory: Trajectory) -> PlanPage:
    """The plan of a trajectory as it is now, with all that is still to be filled in, asked or picked."""
    views = [_view_line(row) for row in order_lines(trajectory.plan_lines.all())]
    now = [view for view in views if not view.line.words.struck and not view.is_earlier]
    agreed = [view for view in now if view.is_agreed]
    goals = [view for view in agreed if view.line.kind == "doel"]
    top = goals[:MOST_GOALS]
    steps = [view for view in agreed if view.line.kind == "actie"]
    keys = {goal.line.key for goal in top}
    only = len(top) == 1
    verdicts, is_checked = read_verdicts(trajectory)
    return PlanPage(
        trajectory=trajectory.pk,
        buurt=trajectory.buurt,
        is_practice=trajectory.is_practice,
        revision=trajectory.plan_revision,
        next_time=trajectory.next_time,
        goals=tuple(
            Goal(goal, tuple(step for step in steps if only or step.line.words.goal == goal.line.key)) for goal in top
        ),
        more_goals=tuple(goals[MOST_GOALS:]),
        steps=() if only else tuple(step for step in steps if step.line.words.goal not in keys),
        lists=_sort_by_kind(view for view in agreed if view.line.kind not in ("doel", "actie")),
        asked=_find_asked(now, list_changed(trajectory), is_taken=bool(steps) and not steps[0].lacks_name),
        turned_back=tuple(view for view in now if view.is_turned_back),
        struck=tuple(view for view in views if view.line.words.struck and view.is_filled),
        earlier=tuple(view for view in views if view.is_earlier and view.is_filled and not view.line.words.struck),
        phase=_find_phase(trajectory),
        clashes=_read_clashes(trajectory),
        hands=find_hands(trajectory),
        verdicts=verdicts,
        is_checked=is_checked,
        evidence=read_evidence(views),
        helpers=read_helpers(trajectory, {view.line.key for view in views if is_settled(view.line.words)}),
    )


def _find_asked(views: Sequence[LineView], changed: Collection[int], *, is_taken: bool) -> tuple[LineView, ...]:
    """What the newest meeting asked for, and what somebody emptied; of a meeting before nobody asks any more.

    Nor does anybody ask who does the first step where that `is_taken`.
    """
    drafted = [view for view in views if view.line.round is not None and view.stands]
    newest = max((view.line.session or 0 for view in drafted), default=0)
    asked = (
        view for view in views if view.is_awaited and ((view.line.session or 0) >= newest or view.line.key in changed)
    )
    return tuple(view for view in asked if not (is_taken and view.line.kind == "trekker"))


def _find_phase(trajectory: Trajectory) -> str:
    """Where the newest meeting is, or was last."""
    session = trajectory.sessions.order_by("-pk").first()
    if session is None:
        return ""
    walked = session.rounds.filter(withdrawn=False).order_by("-number").values_list("phase", flat=True).first()
    return walked or session.phase


def _read_clashes(trajectory: Trajectory) -> dict[int, tuple[Clash, ...]]:
    clashes: dict[int, tuple[Clash, ...]] = {}
    for row in PlanClash.objects.filter(line__trajectory=trajectory):
        clash = Clash(row.pk, row.field, row.value, row.by, row.page)
        clashes[row.line_id] = (*clashes.get(row.line_id, ()), clash)
    return clashes


def find_hands(trajectory: Trajectory) -> dict[int, tuple[str, ...]]:
    """By line the devices that write there now, the newest line last."""
    hands: dict[int, tuple[str, ...]] = {}
    alive = PlanHand.objects.filter(line__trajectory=trajectory, at__gt=timezone.now() - RESTS_AFTER)
    for line, page in alive.values_list("line", "page"):
        hands[line] = (*hands.get(line, ()), page)
    return hands


def read_history(trajectory: Trajectory, key: int) -> History | None:
    """A line of the plan with what it held before; none where this plan has no such line."""
    row = PlanLine.objects.select_related("round__decision").filter(trajectory=trajectory, pk=key).first()
    if row is None:
        return None
    steps = tuple(Past(step.at, step.by, _view_line(row, step.words)) for step in row.changes.order_by("-pk"))
    return History(_view_line(row), steps)


def list_changed(trajectory: Trajectory) -> frozenset[int]:
    """The keys of the lines that somebody wrote in."""
    return frozenset(PlanChange.objects.filter(line__trajectory=trajectory).values_list("line", flat=True))


def _is_shown(view: LineView) -> bool:
    return view.is_filled or view.is_awaited or (view.stands and view.line.round is not None)


def _sort_by_kind(views: Iterable[LineView]) -> Plan:
    views = list(views)
    return Plan(
        PlanSection(kind, tuple(view for view in views if view.line.kind == kind))
        for kind in KINDS
        if any(view.line.kind == kind for view in views)
    )


def _view_line(row: PlanLine, words: Words | None = None) -> LineView:
    """The line with what it holds, or with what it held."""
    words = row.words if words is None else words
    line = Written(row.pk, row.kind, row.prompt, words, row.round.number if row.round else None, row.session_id)
    return LineView(line, fill_prompt(row.prompt, words.texts), row.stands, row.is_earlier)
