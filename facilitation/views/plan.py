"""The plan: the facilitator fills it in on the beamer, together with the group."""

from collections.abc import Collection
from typing import NamedTuple

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from facilitation.access import identify
from facilitation.forms import NextTimeForm, PlanLineForm
from facilitation.languages import choose_language
from facilitation.messages import explain
from facilitation.views.answers import status_of
from facilitation.views.gate import for_team, reads, writes
from sessions.models import GroupSession, PlanLine
from sessions.reading import (
    ConsoleView,
    LineView,
    PlanSection,
    list_changed,
    read_history,
    read_plan,
    read_session,
    show_console,
)
from sessions.reading.dates import find_held
from sessions.rules.plan import INDICATOR_KINDS, PICTURE_KINDS, PLAN_KINDS, NextTime, Written, merge_words, split_prompt
from sessions.rules.refusals import Reason, Refused
from sessions.writing.plan import (
    add_plan_line,
    forget_plan_steps,
    set_next_time,
    strike_plan_line,
    undo_plan_change,
    write_plan_line,
)


class Row(NamedTuple):
    """A line on the page: as text, or with the form to fill it in."""

    view: LineView
    form: PlanLineForm | None
    blanks: tuple[tuple[str, BoundField], ...]  # the label of each blank with its field
    is_asked: bool  # somebody pressed `Wijzig`, or it was refused
    is_late: bool  # refused, for meanwhile somebody else wrote here
    is_changed: bool  # somebody wrote here, so that there is a history
    seen: str  # the mark of the words that this device knows of


class Unkept(NamedTuple):
    """What was typed in a line and could not be kept."""

    line: int
    form: PlanLineForm
    is_late: bool = False


class NextRow(NamedTuple):
    """The form for when and where the group meets again."""

    form: NextTimeForm
    seen: str  # the mark of what this device knows of
    is_late: bool = False  # refused, for meanwhile somebody else wrote here


class Section(NamedTuple):
    kind: str
    rows: tuple[Row, ...]

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURE_KINDS


@reads
@for_team
def show_plan(request: HttpRequest, session: GroupSession) -> HttpResponse:
    return _show(request, session)


@writes("plan")
@for_team
def write_line(request: HttpRequest, session: GroupSession, line: int) -> HttpResponse:
    """Keep what the group says; `strike` crosses the line out, `restore` brings it back."""
    row = session.plan_lines.filter(pk=line).first()
    if row is None:
        raise Refused(Reason.UNKNOWN_LINE)
    is_struck = "strike" in request.POST
    if "restore" in request.POST or (is_struck and not _has_new_words(request.POST, row)):
        strike_plan_line(session.code, row.pk, struck=is_struck, actor=identify(request.user))
        return _go_to_line(session, row)
    form = PlanLineForm(request.POST, blanks=len(split_prompt(row.prompt)))
    if not form.is_valid():
        return _show(request, session, unkept=Unkept(row.pk, form), status=422)
    seen, words = request.POST.get("seen", ""), form.read(struck=is_struck or row.struck)
    try:
        write_plan_line(session.code, row.pk, words, seen=seen, actor=identify(request.user))
    except Refused as refusal:
        if refusal.code != Reason.LATE:
            raise
        unkept = Unkept(row.pk, _take_over(form, seen, row), is_late=True)
        return _show(request, session, unkept=unkept, status=status_of(refusal))
    return _go_to_line(session, row)


def _has_new_words(data: QueryDict, line: PlanLine) -> bool:
    """Whether somebody typed here since the form was made: words that are struck out are kept all the same."""
    form = PlanLineForm(data, blanks=len(split_prompt(line.prompt)))
    if "seen" not in data or not form.is_valid():
        return "seen" in data
    typed = [form.read(struck=struck).mark for struck in (False, True)]
    return data["seen"] not in typed and line.mark not in typed


def _take_over(form: PlanLineForm, seen: str, line: PlanLine) -> PlanLineForm:
    """The same form, with what others wrote meanwhile in the fields that were not touched here."""
    line.refresh_from_db()
    words = merge_words(seen, form.read(struck=line.struck), line.words).words
    texts = {f"text-{place}": text for place, text in enumerate(words.texts)}
    data = {**{name: form.data[name] for name in form.data}, **texts, "who": words.who, "due": str(words.due or "")}
    return PlanLineForm(data, blanks=len(split_prompt(line.prompt)))


@writes("plan")
@for_team
def add_line(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """One more line of a kind, opened for writing."""
    try:
        line = add_plan_line(session.code, request.POST.get("kind", ""), actor=identify(request.user))
    except Refused as refusal:
        messages.error(request, explain(refusal.code))
        return _show(request, session, status=status_of(refusal))
    return redirect(f"{reverse('plan', args=[session.code])}?wijzig={line.pk}#regel-{line.pk}")


@writes("plan")
@for_team
def keep_next_time(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """When and where the group meets again."""
    form = NextTimeForm(request.POST)
    if not form.is_valid():
        return _show(request, session, next_time=NextRow(form, request.POST.get("seen", "")), status=422)
    try:
        seen, actor = request.POST.get("seen", ""), identify(request.user)
        set_next_time(session.code, form.read(), seen=seen, actor=actor)
    except Refused as refusal:
        session.trajectory.refresh_from_db()
        late = NextRow(form, session.trajectory.next_time.mark, is_late=True)
        return _show(request, session, next_time=late, status=status_of(refusal))
    return redirect(f"{reverse('plan', args=[session.code])}#volgende")


@reads
@for_team
def show_history(request: HttpRequest, session: GroupSession, line: int) -> HttpResponse:
    """What a line held before, step by step, and the way back to the last of these."""
    history = read_history(session, line)
    if history is None:
        raise Http404
    return render(request, "plan/history.html", {"session": session, "history": history})


@writes("plan")
@for_team
def undo_change(request: HttpRequest, session: GroupSession, line: int) -> HttpResponse:
    """Take back the last step of a line. Where somebody else wrote meanwhile, the history shows what."""
    try:
        undo_plan_change(session.code, line, seen=request.POST.get("seen", ""), actor=identify(request.user))
    except Refused as refusal:
        messages.error(request, explain(refusal.code))
        return redirect("plan-history", session.code, line)
    return redirect(f"{reverse('plan', args=[session.code])}#regel-{line}")


@writes("plan")
@for_team
def forget_steps(request: HttpRequest, session: GroupSession, line: int) -> HttpResponse:
    """Erase what a line held before, for who does not want to be named there."""
    try:
        forget_plan_steps(session.code, line, seen=request.POST.get("seen", ""), actor=identify(request.user))
    except Refused as refusal:
        messages.error(request, explain(refusal.code))
    return redirect("plan-history", session.code, line)


def _go_to_line(session: GroupSession, line: PlanLine) -> HttpResponse:
    return redirect(f"{reverse('plan', args=[session.code])}#regel-{line.pk}")


def _show(
    request: HttpRequest,
    session: GroupSession,
    unkept: Unkept | None = None,
    next_time: NextRow | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = request.GET.get("wijzig", "")
    editing = int(asked) if asked.isdecimal() and len(asked) < 12 else None
    sections, changed = read_plan(session), list_changed(session)
    view = show_console(read_session(session.code, choose_language()))
    context = {
        "session": session,
        "held": find_held([session])[session.pk],
        "sections": [
            Section(section.kind, tuple(_show_row(line, editing, unkept, changed) for line in section.lines))
            for section in sections
        ],
        "missing": [kind for kind in _kinds_to_offer(view) if kind not in {section.kind for section in sections}],
        "heading": _pick_heading(sections),
        "nameless": [line for section in sections for line in section.lines if line.lacks_name],
        "next": next_time or _show_next_time(session.trajectory.next_time),
        "view": view,
    }
    return render(request, "plan/page.html", context, status=status)


def _show_next_time(when: NextTime) -> NextRow:
    hour = when.hour.strftime("%H:%M") if when.hour else ""
    return NextRow(NextTimeForm(initial={"day": str(when.day or ""), "hour": hour, "place": when.place}), when.mark)


def _show_row(view: LineView, editing: int | None, unkept: Unkept | None, changed: Collection[int]) -> Row:
    """What is not filled in yet stands open: in the room one types straight away."""
    line = view.line
    unkept = unkept if unkept and unkept.line == line.key else None
    form = unkept.form if unkept else None
    is_asked = form is not None or (line.key == editing and not line.struck)
    if form is None and (is_asked or not (view.is_filled or line.struck)):
        form = PlanLineForm(blanks=len(view.parts), initial=_read_initial(line))
    blanks = tuple((part.label, form[f"text-{place}"]) for place, part in enumerate(view.parts)) if form else ()
    is_late = bool(unkept and unkept.is_late)
    # Who is told what stands there now has seen it; who only mistyped a date still has the older words in mind.
    seen = unkept.form.data.get("seen", "") if unkept and not is_late else line.mark
    return Row(view, form, blanks, is_asked, is_late, line.key in changed, seen)


def _read_initial(line: Written) -> dict[str, str]:
    texts = {f"text-{place}": text for place, text in enumerate(line.texts)}
    return {**texts, "who": line.who, "due": line.due.isoformat() if line.due else ""}


def _kinds_to_offer(view: ConsoleView) -> tuple[str, ...]:
    """What belongs to the phase; and an action, for somebody may take one on at any moment."""
    own = {"startfase": (*PICTURE_KINDS, "actie"), "evaluatiefase": (*INDICATOR_KINDS, "actie")}
    return own.get(view.stage.tree.phase, PLAN_KINDS)


def _pick_heading(sections: tuple[PlanSection, ...]) -> str:
    kinds = {section.kind for section in sections}
    if kinds.isdisjoint(PLAN_KINDS) and not kinds.isdisjoint(PICTURE_KINDS):
        return gettext("Ons buurtbeeld")
    if kinds and kinds <= set(INDICATOR_KINDS):
        return gettext("Wat we tellen en vertellen")
    return gettext("Ons plan")
