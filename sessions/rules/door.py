"""Whether new phones may come in. Pure."""

from datetime import datetime, timedelta

FORGOTTEN_AFTER = timedelta(hours=3)  # without a command: a group that comes back may come in


def is_door_shut(shut: bool, acted_at: datetime | None, now: datetime) -> bool:
    """The facilitator shut the door, and did something since not too long ago."""
    return shut and acted_at is not None and now - acted_at < FORGOTTEN_AFTER
