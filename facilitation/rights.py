"""When somebody's right to see a session changes, their screens hear it now, and not at the next look."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_save, pre_delete

from sessions.models import GroupSession, Team, Trajectory
from sessions.signals import name_plan, tell_after_commit

MOST = 200  # newest plans, and meetings, of which the screens hear it at once; the rest at their next look


def listen_to_rights() -> None:
    """From now on a changed right is told to every server process."""
    post_save.connect(_note_account, sender=User, dispatch_uid="note_account")
    pre_delete.connect(_note_removal, sender=User, dispatch_uid="note_removal")
    m2m_changed.connect(_note_members, sender=Team.members.through, dispatch_uid="note_members")


def tell_screens_of(user: User) -> None:
    """The screens of this facilitator ask again whether they may be there."""
    _tell(Trajectory.objects.filter(team__members=user))


def _note_account(sender: object, instance: User, created: bool, update_fields: Any, **kwargs: Any) -> None:
    """Another password, or an account that was closed. That somebody logged in is no news."""
    if not created and set(update_fields or ()) != {"last_login"}:
        tell_screens_of(instance)


def _note_removal(sender: object, instance: User, **kwargs: Any) -> None:
    tell_screens_of(instance)  # before it: afterwards nobody knows of which teams; it is told after the commit


def _note_members(sender: object, instance: Any, action: str, pk_set: Any, **kwargs: Any) -> None:
    if action in ("post_remove", "pre_clear"):
        teams = [instance] if isinstance(instance, Team) else pk_set or instance.teams.all()
        _tell(Trajectory.objects.filter(team__in=teams))


def _tell(trajectories: QuerySet[Trajectory]) -> None:
    """The screens of their plans, and of the meetings that go on."""
    keys = list(trajectories.order_by("-pk").values_list("pk", flat=True)[:MOST])
    running = GroupSession.objects.filter(trajectory__in=keys, ended_at=None).order_by("-pk")
    for name in (*map(name_plan, keys), *running.values_list("code", flat=True)[:MOST]):
        tell_after_commit(name, "seats")
