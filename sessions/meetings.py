"""Renaming, deleting and bringing back a meeting, and which wifi its hall has."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from sessions.models import GroupSession
from sessions.signals import tell_after_commit
from sessions.transactions import write

REGRET = timedelta(days=7)  # a deleted meeting can be brought back
IN_USE = timedelta(days=1)  # since it was made, or since its last command


def rename_session(code: str, title: str) -> None:
    """Give a meeting another title."""
    with write():
        session = GroupSession.objects.select_for_update().get(code=code)
        session.title, session.version = title, session.version + 1
        session.save(update_fields=["title", "version"])
        tell_after_commit(code, "state")


def set_wifi(code: str, name: str, password: str) -> None:
    """Tell which wifi the phones in the hall can use; an empty name takes it away."""
    with write():
        session = GroupSession.objects.select_for_update().get(code=code)
        session.wifi_name, session.wifi_password = name, password if name else ""
        session.version += 1
        session.save(update_fields=["wifi_name", "wifi_password", "version"])
        tell_after_commit(code, "state")


def delete_session(code: str) -> None:
    """Take a meeting away; its screens are told. Within a week it can be brought back."""
    with write():
        GroupSession.objects.filter(code=code).update(deleted_at=timezone.now())
        tell_after_commit(code, "state")


def restore_session(code: str) -> None:
    """Bring a deleted meeting back."""
    with write():
        GroupSession.everything.filter(is_within_reach(), code=code).update(deleted_at=None)


def purge_deleted() -> int:
    """Really delete what was deleted a week ago. Returns how many meetings went."""
    old = GroupSession.everything.filter(deleted_at__lt=timezone.now() - REGRET)
    count = old.count()
    if count:
        with write():
            old.delete()
    return count


def is_within_reach() -> Q:
    """A meeting that is there, or that can still be brought back."""
    return Q(deleted_at=None) | Q(deleted_at__gt=timezone.now() - REGRET)


def list_codes_in_use(most: int) -> list[str]:
    """The codes of meetings that are under way, the one that was made last first."""
    since = timezone.now() - IN_USE
    running = GroupSession.objects.filter(Q(acted_at__gt=since) | Q(created_at__gt=since), ended_at=None)
    return list(running.order_by("-pk").values_list("code", flat=True)[:most])
