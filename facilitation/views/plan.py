"""The plan: the facilitator fills it in on the beamer, together with the group."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from facilitation.forms import PlanLineForm
from facilitation.views.gate import for_team
from sessions.commands import add_plan_line, write_plan_line
from sessions.machine import Refused
from sessions.models import GroupSession
from sessions.plan import split_prompt
from sessions.queries import load_walk, read_plan, show_console


@require_safe
@for_team
def show_plan(request: HttpRequest, session: GroupSession) -> HttpResponse:
    return _show(request, session)


@require_POST
@for_team
def write_line(request: HttpRequest, session: GroupSession, line: int) -> HttpResponse:
    """Keep what the group says; `strike` crosses the line out, `restore` brings it back."""
    row = session.plan_lines.filter(pk=line).first()
    if row is None:
        raise Refused("unknown-line")
    form = PlanLineForm(request.POST, blanks=len(split_prompt(row.prompt)))
    if not form.is_valid():
        return _show(request, session, refused=(row.pk, form), status=422)
    struck = ("strike" in request.POST or row.struck) and "restore" not in request.POST
    write_plan_line(
        session.code,
        row.pk,
        texts=form.texts,
        who=form.cleaned_data["who"],
        due=form.cleaned_data["due"],
        struck=struck,
    )
    return redirect(f"{reverse('plan', args=[session.code])}#regel-{row.pk}")


@require_POST
@for_team
def add_line(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """One more line of a kind, opened for writing."""
    try:
        line = add_plan_line(session.code, request.POST.get("kind", ""))
    except Refused:
        messages.error(request, "Deze regel kan er niet bij. Streep eerst een regel door.")
        return _show(request, session, status=422)
    return redirect(f"{reverse('plan', args=[session.code])}?wijzig={line.pk}#regel-{line.pk}")


def _show(
    request: HttpRequest, session: GroupSession, refused: tuple[int, PlanLineForm] | None = None, status: int = 200
) -> HttpResponse:
    editing = request.GET.get("wijzig", "")
    sections = read_plan(session)
    context = {
        "session": session,
        "sections": sections,
        "editing": refused[0] if refused else int(editing) if editing.isdecimal() and len(editing) < 12 else None,
        "refused": refused[1] if refused else None,
        "nameless": sum(view.lacks_name for section in sections for view in section.lines),
        "view": show_console(load_walk(session.code)),
    }
    return render(request, "plan/page.html", context, status=status)
