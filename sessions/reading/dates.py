"""On which days a meeting was held: not the day on which somebody made it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, Min
from django.utils import timezone

from sessions.models import GroupSession, Round


class Held(NamedTuple):
    """The first and the last day on which the group walked; the day it was made when it never did."""

    first: date
    last: date


def find_held(sessions: Collection[GroupSession]) -> dict[int, Held]:
    """Per session (its key) when it was held. One query."""
    rows = Round.objects.filter(session__in=sessions).values_list("session")
    walked = {row[0]: row[1:] for row in rows.annotate(Min("entered_at"), Max("entered_at")).order_by()}
    return {session.pk: _read(session, *walked.get(session.pk, (None, None))) for session in sessions}


def _read(session: GroupSession, first: object, last: object) -> Held:
    moments = [first or session.created_at, last or session.created_at]
    return Held(*(timezone.localtime(moment).date() for moment in moments))  # type: ignore[arg-type]


def end_of_day(moment: datetime) -> datetime:
    """When the day of this moment ended, where we live."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
