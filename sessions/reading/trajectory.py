"""What one neighbourhood did in all its meetings, how its plan stands, and what waits for whom."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from sessions.attendance import count_took_part
from sessions.models import PlanChange, Trajectory
from sessions.reading.dates import end_of_day
from sessions.reading.overview import show_cards
from sessions.reading.plan import read_plan_page
from sessions.reading.shapes import PlanPage, Story, Wait
from sessions.rules.plan import is_settled

MOST_MEETINGS = 60  # of which the street has houses


def read_story(trajectory: Trajectory, language: str) -> Story:
    """The story of a trajectory as it is today, its meetings in the order in which they were made."""
    sessions = list(trajectory.sessions.select_related("trajectory").order_by("-pk")[:MOST_MEETINGS])
    page, today = read_plan_page(trajectory), timezone.localdate()
    ended = [session.ended_at for session in sessions if session.ended_at]
    since = max(ended) if ended else None
    changed: set[int] = set()
    if since:
        newer = PlanChange.objects.filter(line__trajectory=trajectory, at__gte=end_of_day(since))
        changed = set(newer.values_list("line", flat=True))
    return Story(
        trajectory=trajectory.pk,
        buurt=trajectory.buurt,
        is_practice=trajectory.is_practice,
        meetings=tuple(reversed(show_cards(sessions, language))),
        page=page,
        since=since,
        changed=tuple(view for view in (*page.agreed, *page.struck) if view.line.key in changed),
        waits=tuple(find_waits(page, today)),
    )


def count_last_people(trajectory: Trajectory) -> int:
    """How many people came to the last meeting that began."""
    last = trajectory.sessions.exclude(version=0).order_by("-pk").first()
    return count_took_part([last])[last.pk].total() if last else 0


def find_waits(page: PlanPage, today: date) -> Iterator[Wait]:
    """What somebody still has to do about the plan, the oldest day first within its kind."""
    open_lines = [view for view in page.agreed if not is_settled(view.line.words)]
    steps = [view for view in open_lines if view.line.kind == "actie"]
    yield from (Wait("name", step) for step in steps if step.lacks_name and step.line.words.state != "failed")
    for kind, day_of in (("late", "due"), ("look-back", "look_back"), ("reply", "reply_due")):
        views = steps if kind == "late" else open_lines
        days = [(day, view) for view in views if (day := getattr(view.line.words, day_of)) and day <= today]
        if kind == "late":
            days = [(day, view) for day, view in days if day < today]
        if kind == "reply":
            days = [(day, view) for day, view in days if view.line.words.reply in ("", "looking")]
        yield from (Wait(kind, view, day) for day, view in sorted(days, key=lambda found: found[0]))
    failed = [view for view in open_lines if view.line.words.state == "failed"]
    yield from (Wait("follow-up", view) for view in failed)
    yield from (Wait("clash", view) for view in page.agreed if page.clashes.get(view.line.key))
