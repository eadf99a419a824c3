"""The story of a trajectory: its meetings, the plan as it is now, and what waits for whom."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from content.editions import load_library, newest_edition
from facilitation.access import identify
from facilitation.forms import SessionForm
from facilitation.languages import choose_language
from facilitation.messages import explain
from facilitation.views.answers import status_of
from facilitation.views.gate import for_plan, reads, writes
from sessions.models import Team, Trajectory
from sessions.reading import read_story
from sessions.rules.refusals import Reason, Refused
from sessions.writing.trajectories import merge_trajectories, part_trajectories


@reads
@for_plan
def show_trajectory(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    return _show(request, trajectory)


@writes("trajectory")
@for_plan
def merge(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """Another trajectory of the team, `other`, becomes one with this one."""
    return _carry_out(request, trajectory, merge_trajectories, trajectory.pk)


@writes("trajectory")
@for_plan
def part(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """One that was merged into this one, `other`, stands on its own again."""
    return _carry_out(request, trajectory, part_trajectories)


def _carry_out(request: HttpRequest, trajectory: Trajectory, write: Callable[..., None], *keys: int) -> HttpResponse:
    try:
        other = _find_other(request, trajectory, merged=not keys)
        write(*keys, other.pk, actor=identify(request.user))
    except Refused as refusal:
        messages.error(request, explain(refusal.code))
        return _show(request, trajectory, status=status_of(refusal))
    return redirect("trajectory", trajectory.pk)


def _find_other(request: HttpRequest, trajectory: Trajectory, *, merged: bool) -> Trajectory:
    """The other trajectory of the form. Raises Refused."""
    asked = request.POST.get("other", "")
    others = trajectory.merged if merged else _list_others(trajectory)
    other = others.filter(pk=int(asked)).first() if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    if other is None:
        raise Refused(Reason.CANNOT_PART if merged else Reason.CANNOT_MERGE)
    return other


def _list_others(trajectory: Trajectory) -> QuerySet[Trajectory]:
    """With which it could be one: of the same team, and on their own."""
    ours = Trajectory.objects.filter(team=trajectory.team_id, is_practice=False, merged_into=None)
    return ours.none() if trajectory.is_practice else ours.exclude(pk=trajectory.pk)


def _show(request: HttpRequest, trajectory: Trajectory, status: int = 200) -> HttpResponse:
    language = choose_language()
    story = read_story(trajectory, language)
    running = [card for card in story.meetings if card.session.ended_at is None]
    library = load_library(newest_edition().pk, language)
    context = {
        "story": story,
        "page": story.page,
        "team": trajectory.team_id,
        "others": _list_others(trajectory),
        "merged": trajectory.merged.all(),
        "running": running[-1] if running else None,
        "form": SessionForm(
            library=library,
            teams=Team.objects.filter(pk=trajectory.team_id),
            initial={"buurt": trajectory.buurt, "phase": story.next_phase},
        ),
    }
    return render(request, "trajectory/page.html", context, status=status)
