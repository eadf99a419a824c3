"""The plan of a trajectory, which its facilitators fill in with the group, and between its meetings."""

import re
from contextlib import suppress
from hashlib import sha256

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from facilitation.access import identify
from facilitation.forms import FieldsForm, NextTimeForm, PlanLineForm, read_token
from facilitation.languages import choose_language
from facilitation.live.plan_page import make_plan_context, render_plan
from facilitation.live.protocol import Unkept, write_frame
from facilitation.messages import explain
from facilitation.views.answers import answer_frame, answer_state, status_of, wants_json
from facilitation.views.errors import show_refusal
from facilitation.views.gate import for_plan, for_team, reads, writes
from sessions.models import GroupSession, Trajectory
from sessions.reading import read_plan_page
from sessions.rows import read_state
from sessions.rules.commands import Check, Gather, ShowPlan, ShowWalk, Sort
from sessions.rules.plan import MOST_LEAVES, read_leaf
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import ASIDES
from sessions.writing.plan import add_plan_line, set_next_time
from sessions.writing.walk import run_command

ASKED = ("check", "gather", "sort")  # of the room


@reads
@for_team
def lead_to_plan(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """From a meeting to the plan that it writes in."""
    return redirect("plan", session.trajectory_id)


@reads
@for_team
def lead_to_sharing(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """From a meeting that ended to where its plan is shared."""
    return redirect("plan-share", session.trajectory_id)


@reads
@for_plan
def show_plan(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    return show_page(request, trajectory)


def show_page(
    request: HttpRequest,
    trajectory: Trajectory,
    *,
    next_time: NextTimeForm | None = None,
    unkept: PlanLineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page. `next_time` and `unkept`, of a new line, are forms that could not be kept."""
    sessions = trajectory.sessions.order_by("-pk")
    context = {
        **make_plan_context(read_plan_page(trajectory)),
        "running": sessions.filter(ended_at=None).first(),
        "latest": sessions.first(),
        "next_time": next_time,
        "unkept": unkept.data if unkept else None,
    }
    return render(request, "plan/page.html", context, status=status)


@reads
@for_plan
def poll_plan(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """The state for a device whose socket is blocked."""
    body = write_frame(render_plan(read_plan_page(trajectory), choose_language()))
    return answer_state(request, body, sha256(body.encode()).hexdigest()[:16])


@writes("plan")
@for_plan
def show_on_beamer(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """Show the plan, or the question again, on the beamer of the meeting that goes on. Twice is harmless.

    Or ask its room something about the plan.
    """
    session = trajectory.sessions.filter(ended_at=None).order_by("-pk").first()
    asked = request.POST.get("command", "")
    if session is None or asked not in ("plan", "turn", "walk", *ASKED):
        raise Refused(Reason.NOT_NOW)
    if asked in ASKED:
        return ask_room(request, trajectory, session)
    leaf = (read_leaf(session.screen) or 0) % MOST_LEAVES + 1
    command = ShowWalk() if asked == "walk" else ShowPlan(leaf if asked == "turn" else 1)
    with suppress(Refused):  # it stands there already
        run_command(session.code, command, seen=session.version, actor=identify(request.user))
    return answer_plan(request, trajectory)


def ask_room(request: HttpRequest, trajectory: Trajectory, session: GroupSession) -> HttpResponse:
    """Ask the room that meets now something about this plan: then the console shows what comes of that."""
    goal, subject = request.POST.get("goal", ""), request.POST.get("subject", "")
    check = Check(int(goal) if re.fullmatch(r"[0-9]{1,9}", goal) else 0)
    command = {"check": check, "gather": Gather(subject), "sort": Sort()}[request.POST["command"]]
    try:
        run_command(session.code, command, seen=session.version, actor=identify(request.user))
    except Refused as refusal:
        current = read_state(session).current
        if current is None or current.kind not in ASIDES:  # a second tap finds it asked
            return refuse_write(request, trajectory, refusal)
    return redirect("console", session.code)


@writes("plan")
@for_plan
def add_line(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """One more line of a kind, with what was typed in it."""
    data, goals = request.POST.copy(), list_goals(trajectory)
    if data.get("goal") not in {str(key) for key, _ in goals}:
        data.pop("goal", None)  # struck out meanwhile: the words are kept all the same
    form = PlanLineForm(data, blanks=1, goals=goals)
    if not form.is_valid() and wants_json(request):
        return refuse_form(form)
    if not form.is_valid():
        messages.error(request, " ".join(say_errors(form).values()))
        return show_page(request, trajectory, unkept=form, status=422)
    typed = form.read()
    line = None
    if any(value for name, value in typed.items() if name != "goal"):
        try:
            kind, token = request.POST.get("kind", ""), read_token(request.POST.get("token", ""))
            line = add_plan_line(trajectory.pk, kind, typed, form=token, actor=identify(request.user))
        except Refused as refusal:
            return refuse_write(request, trajectory, refusal)
    answer = answer_plan(request, trajectory, f"regel-{line.pk}" if line else "")
    if line and wants_json(request):
        answer.status_code, answer["Location"] = 201, reverse("plan-line", args=[trajectory.pk, line.pk])
    return answer


@writes("plan")
@for_plan
def keep_next_time(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """When and where the group meets again."""
    form = NextTimeForm(request.POST)
    if not form.is_valid():
        if wants_json(request):
            return refuse_form(form)
        return show_page(request, trajectory, next_time=form, status=422)
    try:
        set_next_time(trajectory.pk, form.read(), was=form.was, actor=identify(request.user))
    except Refused as refusal:
        if wants_json(request):
            return refuse_write(request, trajectory, refusal)
        trajectory.refresh_from_db()
        return show_page(request, trajectory, next_time=form, status=status_of(refusal))
    return answer_plan(request, trajectory, "volgende")


# ---- What all forms of the plan answer ----


def answer_plan(request: HttpRequest, trajectory: Trajectory, place: str = "") -> HttpResponse:
    """A script gets the plan as it is now; a form without script its page, at this place."""
    trajectory.refresh_from_db()
    if wants_json(request):
        return answer_frame(render_plan(read_plan_page(trajectory), choose_language()))
    return redirect(f"{reverse('plan', args=[trajectory.pk])}{'#' if place else ''}{place}")


def refuse_write(request: HttpRequest, trajectory: Trajectory, refusal: Refused) -> HttpResponse:
    """What cannot be done now, said on the page."""
    if wants_json(request):
        return show_refusal(request, refusal)
    messages.error(request, explain(refusal.code))
    return show_page(request, trajectory, status=status_of(refusal))


def refuse_form(form: FieldsForm) -> HttpResponse:
    """For a script: what was typed and cannot be kept, field by field."""
    return answer_frame(Unkept(say_errors(form)), 422)


def say_errors(form: FieldsForm) -> dict[str, str]:
    """What is wrong, by field."""
    return {name: str(found[0]) for name, found in form.errors.items()}


def list_goals(trajectory: Trajectory) -> list[tuple[int, str]]:
    """The goals that a step can serve, with their words."""
    page = read_plan_page(trajectory)
    views = [*(goal.view for goal in page.goals), *page.more_goals]
    return [(view.line.key, " ".join(filter(None, view.line.words.texts))) for view in views]
