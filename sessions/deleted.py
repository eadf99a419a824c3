"""How long a deleted meeting can be brought back."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

REGRET = timedelta(days=7)


def is_within_reach() -> Q:
    """A meeting that is there, or that can still be brought back."""
    return Q(deleted_at=None) | Q(deleted_at__gt=timezone.now() - REGRET)
