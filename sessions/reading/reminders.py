"""The days of a plan that come near, and who is to be told."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from sessions.models import Reminder
from sessions.reading.shapes import LineView, PlanPage
from sessions.rules.plan import is_settled

DAYS_AHEAD = 3


class ComingDay(NamedTuple):
    """Something of the plan on a day that is near. `about` is the same as long as neither of them changes."""

    about: str
    day: date
    kind: str  # next: the group meets; due: a step is to be done; look_back
    view: LineView | None = None


def list_coming_days(page: PlanPage, today: date) -> tuple[ComingDay, ...]:
    """What comes within three days, the soonest first; today as well."""
    return tuple(sorted(_find_days(page, today, today + timedelta(days=DAYS_AHEAD)), key=lambda one: one.day))


def _find_days(page: PlanPage, first: date, last: date) -> Iterator[ComingDay]:
    if page.next_time.day and first <= page.next_time.day <= last:
        yield ComingDay(f"next:{page.next_time.day}", page.next_time.day, "next")
    for view in page.agreed:
        held = view.line.words
        if is_settled(held):
            continue
        for kind in ("due", "look_back"):
            day = getattr(held, kind)
            if day and first <= day <= last:
                yield ComingDay(f"{kind}:{view.line.key}:{day}", day, kind, view)


def find_reminder(secret: str) -> Reminder | None:
    """Whose mail this is; none for a wrong secret, or one that was stopped."""
    return Reminder.objects.select_related("trajectory").filter(secret=secret).first()


def list_confirmed() -> QuerySet[Reminder]:
    """All that said yes, plan by plan."""
    reminders = Reminder.objects.exclude(confirmed_at=None).select_related("trajectory__merged_into")
    return reminders.order_by("trajectory", "pk")
