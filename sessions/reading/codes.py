"""Which meetings are under way, by their codes."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from sessions.models import GroupSession

IN_USE = timedelta(days=1)  # since it was made, or since its last command


def list_codes_in_use(most: int) -> list[str]:
    """The codes of meetings that are under way, the one that was made last first."""
    since = timezone.now() - IN_USE
    running = GroupSession.objects.filter(Q(acted_at__gt=since) | Q(created_at__gt=since), ended_at=None)
    return list(running.order_by("-pk").values_list("code", flat=True)[:most])
