"""Counting and telling: what a group knows of its goals since the last time, side by side. Works without script."""

from uuid import uuid4

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from facilitation.access import identify
from facilitation.forms import MeasurementForm, SignForm, TaleForm, read_dropped, read_token
from facilitation.languages import choose_language
from facilitation.messages import explain
from facilitation.views.answers import status_of
from facilitation.views.gate import for_plan, takes_a_form, writes
from sessions.models import Trajectory
from sessions.reading import LineView, PlanPage, group_signs, list_out_of_sight, list_taken, read_begun, read_plan_page
from sessions.rules.evaluation import COUNTED, TOLD
from sessions.rules.refusals import Reason, Refused
from sessions.words import say_line
from sessions.writing.evaluation import drop_evidence, keep_measurement, keep_tale
from sessions.writing.plan import add_plan_line

PHASE = "evaluatiefase"
FORMS: dict[str, type[Form]] = {COUNTED: MeasurementForm, TOLD: TaleForm}


@takes_a_form
@for_plan
def show_evaluation(request: HttpRequest, trajectory: Trajectory) -> HttpResponse:
    """Per goal what was counted and what people told, and what the group decided about it.

    A POST adds something to count or to tell.
    """
    page = read_plan_page(trajectory)
    if request.method != "POST":
        return _show(request, trajectory, page)
    form = SignForm(request.POST, goals=_list_goals(page))
    if not form.is_valid():
        return _show(request, trajectory, page, tried=form)
    typed = form.cleaned_data
    values, token = {"text-0": typed["text"], "goal": typed["goal"]}, read_token(request.POST.get("token", ""))
    try:
        line = add_plan_line(trajectory.pk, typed["kind"], values, form=token, actor=identify(request.user))
    except Refused as refusal:
        return _show(request, trajectory, page, tried=form, refusal=refusal)
    return redirect(f"{request.path}#regel-{line.pk}")


@writes("evaluation")
@for_plan
def keep_evidence(request: HttpRequest, trajectory: Trajectory, line: int) -> HttpResponse:
    """A number or a story at a line; with `drop` one of them goes for good."""
    page, actor = read_plan_page(trajectory), identify(request.user)
    view = page.find(line)
    kind = FORMS.get(view.line.kind if view else "", Form)
    form = kind(request.POST, auto_id=f"veld-{line}-%s")
    try:
        if "drop" in request.POST:
            drop_evidence(trajectory.pk, line, read_dropped(request.POST), actor=actor)
        elif kind is Form:
            raise Refused(Reason.UNKNOWN_LINE)
        elif not form.is_valid():
            return _show(request, trajectory, page, line, form)
        elif kind is TaleForm:
            keep_tale(trajectory.pk, line, form.cleaned_data["text"], actor=actor)
        else:
            keep_measurement(trajectory.pk, line, **form.cleaned_data, actor=actor)
    except Refused as refusal:
        return _show(request, trajectory, page, line, form, refusal)
    return redirect(f"{reverse('evaluation', args=[trajectory.pk])}#regel-{line}")


def _show(
    request: HttpRequest,
    trajectory: Trajectory,
    page: PlanPage,
    line: int = 0,
    tried: Form | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    def with_form(view: LineView) -> tuple[LineView, Form]:
        return view, tried if tried and view.line.key == line else _make_form(page, view)

    context = {
        "trajectory": trajectory,
        "page": page,
        "parts": [
            (part.goal, [with_form(view) for view in part.counted], [with_form(view) for view in part.told])
            for part in group_signs(page)
        ],
        "hidden": list_out_of_sight(page),
        "taken": list(list_taken(read_begun(trajectory, choose_language(), PHASE), PHASE)),
        "tried": line,
        "is_there": any(view.line.key == line for kind in FORMS for view in page.list_of(kind)),
        "lost": tried.data.get("text", "") if tried and line else "",
        "token": uuid4(),
        "new": tried if isinstance(tried, SignForm) else SignForm(goals=_list_goals(page)),
        "refusal": explain(refusal.code) if refusal else "",
    }
    status = status_of(refusal) if refusal else 422 if tried else 200
    return render(request, "evaluation/page.html", context, status=status)


def _list_goals(page: PlanPage) -> list[tuple[int, str]]:
    """Those that a line can belong to; where there is one, everything does."""
    return [(goal.view.line.key, say_line(goal.view)) for goal in page.goals] if len(page.goals) > 1 else []


def _make_form(page: PlanPage, view: LineView) -> Form:
    """An empty one; what is counted is most likely what was counted last time."""
    held = page.evidence.get(view.line.key)
    unit = held.measured[-1].unit if held and held.measured else ""
    day = timezone.localdate().isoformat()
    return FORMS[view.line.kind](initial={"unit": unit, "day": day}, auto_id=f"veld-{view.line.key}-%s")
