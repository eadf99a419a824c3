"""Making, renaming, deleting and bringing back a meeting, and which wifi its hall has."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from content.editions import load_library, newest_edition
from content.languages import BASE
from content.models import Edition
from sessions.deleted import REGRET, is_within_reach
from sessions.models import GroupSession, Team, Trajectory, new_code
from sessions.rules.actors import Actor, need_leader
from sessions.rules.names import fold_name, tidy_name
from sessions.rules.refusals import Reason, Refused
from sessions.signals import tell_after_commit
from sessions.writing.plan import leave_plan_lines
from sessions.writing.transactions import lock_session, lock_sessions, write


def open_session(
    *,
    team: Team,
    facilitator: User | None,
    title: str,
    buurt: str,
    phase: str,
    actor: Actor,
    practice: bool = False,
    form: UUID | None = None,
    joins: Trajectory | None = None,
) -> GroupSession:
    """Make a session in its lobby, pinned to the newest edition. Raises Refused for an unknown phase.

    It goes on with the trajectory that it `joins`; without one, with that of its buurt, or begins a new one. The same
    `form` sent twice makes one; with other words, as after a way back in the browser, it makes another.
    """
    need_leader(actor)
    edition = _find_edition(phase)
    words = {"title": tidy_name(title), "phase": phase, "is_practice": practice}
    for _ in range(20):
        if form and GroupSession.everything.filter(form=form).exists():
            if made := _find_made(form, team, buurt, words):
                return made
            form = None
        code = new_code()
        try:
            with write():
                known = [joins] if joins and not practice else _find_trajectories(team, buurt)
                trajectory = _choose_trajectory(known, team, tidy_name(buurt), practice=practice)
                made_by = {"facilitator": facilitator, "form": form, **words, **_copy_wifi(known)}
                return GroupSession.objects.create(trajectory=trajectory, edition=edition, code=code, **made_by)
        except IntegrityError:
            # A double click, at the very same moment; or the code was taken: one chance in 400 million.
            if not GroupSession.everything.filter(Q(code=code) | Q(form=form, form__isnull=False)).exists():
                raise
    raise RuntimeError("no free code")


def _find_edition(phase: str) -> Edition:
    """The newest edition, which has to know this phase. Raises Refused."""
    edition = newest_edition()
    if phase not in {tree.phase for tree in load_library(edition.pk, BASE).trees}:
        raise Refused(Reason.UNKNOWN_PHASE)
    return edition


def _find_made(form: UUID, team: Team, buurt: str, words: Mapping[str, object]) -> GroupSession | None:
    """The meeting that this form made already, when it was sent with the same words."""
    made = GroupSession.objects.select_related("trajectory").filter(form=form, **words).first()
    is_ours = made and made.trajectory.team_id == team.pk and fold_name(made.trajectory.buurt) == fold_name(buurt)
    return made if is_ours else None


def _find_trajectories(team: Team, buurt: str) -> list[Trajectory]:
    """The trajectories of this neighbourhood, however its name is spelled; the one that met last comes first."""
    ours = Trajectory.objects.filter(team=team, is_practice=False).annotate(last=Max("sessions__pk"))
    return [
        there.merged_into or there
        for there in ours.select_related("merged_into").order_by(F("last").desc(nulls_last=True), "-pk")
        if fold_name(there.buurt) == fold_name(buurt)
    ]


def _choose_trajectory(known: list[Trajectory], team: Team, buurt: str, *, practice: bool) -> Trajectory:
    """The trajectory that a meeting joins, or a new one. A practice has one of its own, which goes with it."""
    if practice:
        return Trajectory.objects.create(team=team, buurt=buurt, is_practice=True)
    same = next((there for there in known if there.buurt == buurt), None)
    if same or known:
        return same or known[0]
    return Trajectory.objects.get_or_create(team=team, buurt=buurt, is_practice=False)[0]


def _copy_wifi(known: list[Trajectory]) -> dict[str, str]:
    """The wifi of last time: a group that meets again does so in the same hall, most of the time."""
    before = GroupSession.objects.filter(trajectory__in=known).exclude(wifi_name="").order_by("-pk")
    (name, password) = before.values_list("wifi_name", "wifi_password").first() or ("", "")
    return {"wifi_name": name, "wifi_password": password}


def rename_session(code: str, title: str, *, actor: Actor) -> None:
    """Give a meeting another title."""
    need_leader(actor)
    with write():
        session = lock_session(code)
        session.title, session.version = title, session.version + 1
        session.save(update_fields=["title", "version"])
        tell_after_commit(code, "state")


def set_wifi(code: str, name: str, password: str, *, actor: Actor) -> None:
    """Tell which wifi the phones in the hall can use; an empty name takes it away."""
    need_leader(actor)
    with write():
        session = lock_session(code)
        session.wifi_name, session.wifi_password = name, password if name else ""
        session.desk_revision += 1
        session.save(update_fields=["wifi_name", "wifi_password", "desk_revision"])
        tell_after_commit(code, "state")


def delete_session(code: str, *, actor: Actor) -> None:
    """Take a meeting away; its screens are told. Within a week it can be brought back."""
    need_leader(actor)
    with write():
        GroupSession.objects.filter(code=code).update(deleted_at=timezone.now(), leaves_plan=True)
        tell_after_commit(code, "state")


def restore_session(code: str, *, actor: Actor) -> None:
    """Bring a deleted meeting back."""
    need_leader(actor)
    with write():
        GroupSession.everything.filter(is_within_reach(), code=code).update(deleted_at=None, leaves_plan=False)


def purge_deleted() -> int:
    """Really delete what was deleted a week ago. Returns how many meetings went."""
    return delete_whole(GroupSession.everything.filter(deleted_at__lt=timezone.now() - REGRET))


def delete_whole(sessions: QuerySet[GroupSession]) -> int:
    """Delete meetings with all they hold, but for what their group agreed in the plan. Returns how many went."""
    if not sessions.exists():
        return 0
    with write():
        there = lock_sessions(sessions)
        leave_plan_lines(there)
        practised = list(Trajectory.objects.filter(is_practice=True, sessions__in=there).values_list("pk", flat=True))
        GroupSession.everything.filter(pk__in=there).delete()
        Trajectory.objects.filter(pk__in=practised).delete()
    return len(there)
