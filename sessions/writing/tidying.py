"""What goes by itself, and when. `docs/hosting.md` tells it to those who host, the handbook to those who are there.

The votes of a meeting become nobody's a day after its end, or a week after its last command where nobody ended it, and
what phones proposed goes then. Its seats go after thirty days. No page changes by it: results were kept as they were
shown, and who took part is counted before the seats go.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from sessions.attendance import find_took_part
from sessions.models import GroupSession, Participant, Proposal, Round, Vote
from sessions.signals import tell_after_commit
from sessions.writing.meetings import delete_whole
from sessions.writing.seats import SEAT_DAYS, remove_seats
from sessions.writing.transactions import lock_sessions, write

AFTER_END, AFTER_LAST_COMMAND = timedelta(days=1), timedelta(days=7)
SEATS_AT_ONCE = 500  # keeps a transaction short


def delete_old_practice(hours: int) -> int:
    """Delete practice sessions older than this. Returns how many went."""
    since = timezone.now() - timedelta(hours=hours)
    return delete_whole(GroupSession.everything.filter(is_practice=True, created_at__lt=since))


def unlink_old_votes() -> int:
    """Make the votes of meetings that are over nobody's. Returns of how many meetings."""
    now = timezone.now()
    over = GroupSession.everything.annotate(acted=Coalesce("acted_at", "created_at")).filter(
        Q(ended_at__lt=now - AFTER_END) | Q(ended_at=None, acted__lt=now - AFTER_LAST_COMMAND),
    )
    codes = list(over.filter(_has_links()).values_list("code", flat=True).distinct())
    for code in codes:
        _unlink(code)
    return len(codes)


def delete_old_seats() -> int:
    """Delete the seats of phones that were not seen for thirty days. Returns how many went."""
    old = Participant.objects.filter(seen_at__lt=timezone.now() - timedelta(days=SEAT_DAYS))
    gone = 0
    while some := list(old.order_by("pk").values_list("pk", flat=True)[:SEATS_AT_ONCE]):
        with write():
            seats = Participant.objects.filter(pk__in=some)
            lock_sessions(GroupSession.everything.filter(participants__in=some))
            gone += remove_seats(seats)
    return gone


def _has_links() -> Q:
    votes = Q(rounds__votes__participant__isnull=False) | Q(rounds__votes__cast_at__isnull=False)
    return votes | Q(rounds__proposals__isnull=False)


def _unlink(code: str) -> None:
    with write():
        session = GroupSession.everything.select_for_update().get(code=code)
        _mark_who_took_part(session.participants.all())
        # A vote that nobody closed can take no more votes: nobody would know whose they are.
        session.rounds.filter(status="open").update(status="closed", closed_at=timezone.now())
        Round.objects.filter(session=session).exclude(status="reading").update(sealed=True)
        Vote.objects.filter(round__session=session).update(participant=None, cast_at=None)
        Proposal.objects.filter(round__session=session).delete()
        session.version += 1
        session.previous_state = None  # an undo would open a vote again
        session.save(update_fields=["version", "previous_state"])
        tell_after_commit(code, "state")


def _mark_who_took_part(seats: QuerySet[Participant]) -> None:
    took_part = list(find_took_part(seats).values_list("pk", flat=True))
    Participant.objects.filter(pk__in=took_part).update(took_part=True)
