"""One line of the plan: all its fields, its place, two texts for one field, and what it held before."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from facilitation.access import identify
from facilitation.forms import PlanLineForm
from facilitation.live.plan_page import make_row
from facilitation.messages import explain
from facilitation.views.answers import wants_json
from facilitation.views.gate import for_plan, reads, takes_a_form, writes
from facilitation.views.plan import answer_plan, list_goals, refuse_form, refuse_write
from sessions.models import PlanLine, Trajectory
from sessions.reading import list_changed, read_history, read_plan_page
from sessions.rules.plan import split_prompt
from sessions.rules.refusals import Reason, Refused
from sessions.writing.plan import (
    fold_plan_line,
    forget_plan_steps,
    move_plan_line,
    pick_plan_text,
    strike_plan_line,
    undo_plan_change,
    write_plan_line,
)


@takes_a_form
@for_plan
def open_line(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """All that a line knows; and keep what was typed in it, here or in its row of the plan."""
    row = PlanLine.objects.select_related("round__decision").filter(trajectory=trajectory, pk=line).first()
    if request.method != "POST":
        return _show_line(request, trajectory, row)
    if row is None:
        return refuse_write(request, trajectory, Refused(Reason.UNKNOWN_LINE))
    actor, form = identify(request.user), _make_form(trajectory, row, request)
    if not form.is_valid():
        return refuse_form(form) if wants_json(request) else _show_line(request, trajectory, row, form, status=422)
    try:
        page = request.POST.get("page", "")[:20]
        clashes = write_plan_line(trajectory.pk, line, form.read(), was=form.was, page=page, actor=actor)
        if "strike" in request.POST or "restore" in request.POST:
            strike_plan_line(trajectory.pk, line, struck="strike" in request.POST, actor=actor)
    except Refused as refusal:
        return refuse_write(request, trajectory, refusal)
    if "whole" in request.POST and clashes:
        return redirect("plan-line", trajectory.pk, line)  # where both texts stand
    return answer_plan(request, trajectory, f"regel-{line}")


@writes("plan")
@for_plan
def move_line(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """Put a line one place up or down, or before another one: `before`, which is empty for the last place."""
    try:
        move_plan_line(
            trajectory.pk, line, before=_find_before(request, trajectory, line), actor=identify(request.user)
        )
    except Refused as refusal:
        return refuse_write(request, trajectory, refusal)
    return answer_plan(request, trajectory, f"regel-{line}")


def _find_before(request: HttpRequest, trajectory: Trajectory, line: int) -> int | None:
    """Before which line of those around it on the page this one comes. Raises Refused."""
    asked = request.POST.get("before", "")
    if "move" not in request.POST:
        if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
            raise Refused(Reason.UNKNOWN_LINE)
        return int(asked) if asked else None
    around = next((keys for keys in read_plan_page(trajectory).orders if line in keys), None)
    if around is None:
        raise Refused(Reason.UNKNOWN_LINE)
    others = [key for key in around if key != line]
    place = around.index(line) + (-1 if request.POST["move"] == "up" else 1)
    return others[max(place, 0)] if max(place, 0) < len(others) else None


@writes("plan")
@for_plan
def fold_line(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """Put a line with what was earlier, or (with `back`) in the plan of now."""
    try:
        fold_plan_line(trajectory.pk, line, is_earlier="back" not in request.POST, actor=identify(request.user))
    except Refused as refusal:
        return refuse_write(request, trajectory, refusal)
    return answer_plan(request, trajectory, f"regel-{line}")


@writes("plan")
@for_plan
def pick_text(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """Of two texts for one field take the typed one (`take`), or leave what stands there."""
    clash = request.POST.get("clash", "")
    try:
        if not (clash.isascii() and clash.isdecimal() and len(clash) < 10):
            raise Refused(Reason.LATE)
        take = request.POST.get("take") == "1"
        pick_plan_text(trajectory.pk, line, int(clash), take=take, actor=identify(request.user))
    except Refused as refusal:
        return refuse_write(request, trajectory, refusal)
    return answer_plan(request, trajectory, f"regel-{line}")


@reads
@for_plan
def show_history(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """What a line held before, step by step, and the way back to the last of these."""
    history = read_history(trajectory, line)
    if history is None:
        raise Http404
    return render(request, "plan/history.html", {"trajectory": trajectory, "history": history})


@writes("plan")
@for_plan
def undo_change(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """Take back the last step of a line. Where somebody else wrote meanwhile, the history shows what."""
    try:
        undo_plan_change(trajectory.pk, line, seen=request.POST.get("seen", ""), actor=identify(request.user))
    except Refused as refusal:
        messages.error(request, explain(refusal.code))
        return redirect("plan-history", trajectory.pk, line)
    return answer_plan(request, trajectory, f"regel-{line}")


@writes("plan")
@for_plan
def forget_steps(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """Erase what a line held before, for who does not want to be named there."""
    try:
        forget_plan_steps(trajectory.pk, line, seen=request.POST.get("seen", ""), actor=identify(request.user))
    except Refused as refusal:
        messages.error(request, explain(refusal.code))
    return redirect("plan-history", trajectory.pk, line)


def _make_form(trajectory: Trajectory, row: PlanLine, request: HttpRequest | None = None) -> PlanLineForm:
    goals = [(key, text) for key, text in list_goals(trajectory) if key != row.pk]
    if row.goal and row.goal_id not in dict(goals):  # struck out, say: the step still serves it
        goals.append((row.goal.pk, " ".join(filter(None, row.goal.texts))))
    blanks = len(split_prompt(row.prompt))
    return PlanLineForm(request.POST if request else None, blanks=blanks, goals=goals, initial=row.words.fields)


def _show_line(
    request: HttpRequest,
    trajectory: Trajectory,
    row: PlanLine | None,
    form: PlanLineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if row is None:
        raise Http404
    page = read_plan_page(trajectory)
    view = page.find(row.pk)
    context = {
        "page": page,
        "row": make_row(page, view) if view else None,
        "line": row,
        "form": form or _make_form(trajectory, row),
        "was": row.words.fields | (form.was if form else {}),
        "is_changed": row.pk in list_changed(trajectory),
        "clashes": page.clashes.get(row.pk, ()),
    }
    return render(request, "plan/line.html", context, status=status)
