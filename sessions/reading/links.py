"""The links by which a plan can be read."""

from django.db.models import QuerySet
from django.utils import timezone

from sessions.models import PlanLink, Trajectory


def list_links(trajectory: Trajectory) -> QuerySet[PlanLink]:
    """Those that work now, the newest first."""
    return PlanLink.objects.filter(trajectory=trajectory, is_withdrawn=False, ends_at__gt=timezone.now())


def find_link(token: str) -> PlanLink | None:
    """The link with this token, as long as it works. A wrong one, a withdrawn one and an old one are all the same."""
    links = PlanLink.objects.select_related("trajectory__merged_into")
    return links.filter(token=token, is_withdrawn=False, ends_at__gt=timezone.now()).first()
