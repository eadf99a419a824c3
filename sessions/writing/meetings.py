"""Making, renaming, deleting and bringing back a meeting, and which wifi its hall has."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils import timezone

from content.editions import load_library, newest_edition
from sessions.deleted import REGRET, is_within_reach
from sessions.models import GroupSession, Team, Trajectory, new_code
from sessions.rules.refusals import Reason, Refused
from sessions.signals import tell_after_commit
from sessions.writing.transactions import lock_session, lock_sessions, write


def open_session(
    *,
    team: Team,
    facilitator: User | None,
    title: str,
    buurt: str,
    phase: str,
    practice: bool = False,
    form: UUID | None = None,
) -> GroupSession:
    """Make a session in its lobby, pinned to the newest edition. Raises Refused for an unknown phase.

    The same `form` sent twice makes one; with other words, as after a way back in the browser, it makes another.
    """
    edition = newest_edition()
    if phase not in {tree.phase for tree in load_library(edition.pk).trees}:
        raise Refused(Reason.UNKNOWN_PHASE)
    trajectory, _ = Trajectory.objects.get_or_create(team=team, buurt=" ".join(buurt.split()))
    words = {"trajectory": trajectory, "title": " ".join(title.split()), "phase": phase, "is_practice": practice}
    for _ in range(20):
        if form and GroupSession.everything.filter(form=form).exists():
            if made := GroupSession.objects.filter(form=form, **words).first():
                return made
            form = None
        code = new_code()
        try:
            with write():
                return GroupSession.objects.create(
                    edition=edition, facilitator=facilitator, code=code, form=form, **words, **_copy_wifi(trajectory)
                )
        except IntegrityError:
            # A double click, at the very same moment; or the code was taken: one chance in 400 million.
            if not GroupSession.everything.filter(Q(code=code) | Q(form=form, form__isnull=False)).exists():
                raise
    raise RuntimeError("no free code")


def _copy_wifi(trajectory: Trajectory) -> dict[str, str]:
    """The wifi of last time: a group that meets again does so in the same hall, most of the time."""
    known = GroupSession.objects.filter(trajectory=trajectory).exclude(wifi_name="").order_by("-pk")
    (name, password) = known.values_list("wifi_name", "wifi_password").first() or ("", "")
    return {"wifi_name": name, "wifi_password": password}


def rename_session(code: str, title: str) -> None:
    """Give a meeting another title."""
    with write():
        session = lock_session(code)
        session.title, session.version = title, session.version + 1
        session.save(update_fields=["title", "version"])
        tell_after_commit(code, "state")


def set_wifi(code: str, name: str, password: str) -> None:
    """Tell which wifi the phones in the hall can use; an empty name takes it away."""
    with write():
        session = lock_session(code)
        session.wifi_name, session.wifi_password = name, password if name else ""
        session.desk_revision += 1
        session.save(update_fields=["wifi_name", "wifi_password", "desk_revision"])
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
    return delete_whole(GroupSession.everything.filter(deleted_at__lt=timezone.now() - REGRET))


def delete_whole(sessions: QuerySet[GroupSession]) -> int:
    """Delete meetings with all they hold. Returns how many went."""
    if not sessions.exists():
        return 0
    with write():
        there = lock_sessions(sessions)
        GroupSession.everything.filter(pk__in=there).delete()
    return len(there)
