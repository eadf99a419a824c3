"""Whether new phones may come in."""

from datetime import timedelta

from django.utils import timezone

from sessions.models import GroupSession

FORGOTTEN_AFTER = timedelta(hours=3)  # without a command: a group that comes back may come in


def is_door_shut(session: GroupSession) -> bool:
    """The facilitator shut the door, and did something since not too long ago."""
    acted = session.acted_at
    return session.door_shut and acted is not None and timezone.now() - acted < FORGOTTEN_AFTER
