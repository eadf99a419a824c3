"""Sharing a plan by a link, and withdrawing it."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from sessions.models import GroupSession, PlanLink
from sessions.rules.actors import Actor
from sessions.rules.evaluation import forget_tale
from sessions.rules.refusals import Reason, Refused
from sessions.signals import tell_after_commit
from sessions.writing.plan import lock_plan, raise_revision
from sessions.writing.transactions import write

MOST_LINKS = 20  # of a plan, that work at the same time
LATELY = timedelta(days=1)  # so long after its end a wall may still show the QR


def share_plan(trajectory: int, *, with_names: bool, frozen: Mapping[str, object] | None, actor: Actor) -> PlanLink:
    """A link to the plan of now, or to this sheet of it for as long as it works. Raises Refused."""
    with write():
        row = lock_plan(trajectory, actor)
        if (
            PlanLink.objects.filter(trajectory=row, is_withdrawn=False, ends_at__gt=timezone.now()).count()
            >= MOST_LINKS
        ):
            raise Refused(Reason.TOO_MANY_LINKS)
        made = PlanLink.objects.create(trajectory=row, with_names=with_names, frozen=frozen, made_by=actor.name)
        _tell(trajectory)
    return made


def withdraw_link(trajectory: int, key: int, *, actor: Actor) -> None:
    """From now on nobody reads the plan by this link. Twice is harmless."""
    with write():
        row = lock_plan(trajectory, actor)
        # What it showed goes as well: it is no longer anybody's to read.
        PlanLink.objects.filter(trajectory=row, pk=key).update(is_withdrawn=True, frozen=None)
        _tell(trajectory)


def forget_in_links(trajectory: int, text: str) -> None:
    """A story goes from what links keep of an evening as well. Within another writer."""
    ours = Q(trajectory=trajectory) | Q(trajectory__merged_into=trajectory)
    for link in PlanLink.objects.filter(ours).exclude(frozen=None):
        kept = forget_tale(link.frozen, text)
        if kept != link.frozen:
            link.frozen = kept
            link.save(update_fields=["frozen"])


def _tell(trajectory: int) -> None:
    """The walls of meetings that just ended show the QR, or show it no more."""
    raise_revision(trajectory)
    ended = GroupSession.objects.filter(trajectory=trajectory, ended_at__gt=timezone.now() - LATELY)
    for code in ended.values_list("code", flat=True):
        tell_after_commit(code, "state")
