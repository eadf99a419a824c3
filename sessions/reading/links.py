"""The links by which a plan can be read."""

import re

from django.db.models import QuerySet
from django.utils import timezone

from sessions.models import PlanLink, Trajectory

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def list_links(trajectory: Trajectory) -> QuerySet[PlanLink]:
    """Those that work now, the newest first."""
    return PlanLink.objects.filter(trajectory=trajectory, is_withdrawn=False, ends_at__gt=timezone.now())


def find_link(token: str) -> PlanLink | None:
    """The link with this token, as long as it works. A wrong one, a withdrawn one and an old one are all the same."""
    links = PlanLink.objects.select_related("trajectory__merged_into")
    asked = token if _TOKEN.fullmatch(token) else ""  # asked for all the same: a guess takes as long as another
    return links.filter(token=asked, is_withdrawn=False, ends_at__gt=timezone.now()).first()
