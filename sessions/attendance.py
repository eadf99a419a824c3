"""Who took part in a meeting: voted, stayed, or raised a hand. Who only looked in at the door did not.

A phone that scans a QR often opens it twice: once in the scanner's own view, which is left at once.
"""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from sessions.models import GroupSession, HandCount, Participant, Vote

STAYED = timedelta(minutes=10)


def find_took_part(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """Those among these participants who voted or stayed: ten minutes, or until the end."""
    last = Coalesce("session__ended_at", timezone.now()) - timedelta(minutes=settings.PRESENT_MINUTES)
    return participants.exclude(role="").filter(
        Q(took_part=True)
        | Exists(Vote.objects.filter(participant=OuterRef("pk")))
        | Q(seen_at__gte=F("joined_at") + STAYED)
        | Q(seen_at__gte=last)
    )


def count_took_part(sessions: Collection[GroupSession]) -> dict[int, Counter[str]]:
    """Per session (its key) the people per role, phones and hands. A fixed number of queries."""
    people = {session.pk: Counter[str](session.gone) for session in sessions}
    seats = find_took_part(Participant.objects.filter(session__in=people))
    for session, role, count in seats.values_list("session", "role").annotate(Count("pk")).order_by():
        people[session][role] += count
    # Of hands nobody knows whose they were: the most of any round were there at the same time.
    hands = HandCount.objects.filter(round__session__in=people).values_list("round__session", "role", "round")
    most: dict[tuple[int, str], int] = {}
    for session, role, _, count in hands.annotate(Sum("count")).order_by():
        most[session, role] = max(most.get((session, role), 0), count)
    for (session, role), count in most.items():
        people[session][role] += count
    return people
