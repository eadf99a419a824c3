"""The facilitator's console: one big button that always says the next step. Works as plain forms."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from content.editions import load_library
from content.languages import BASE
from facilitation.access import identify
from facilitation.forms import WifiForm, read_command, read_hands, read_outcomes, read_send_away, read_settled
from facilitation.languages import choose_language
from facilitation.live.protocol import No, write_frame
from facilitation.live.render import Audience, View, make_context, make_view, render_state
from facilitation.messages import explain
from facilitation.server.addresses import can_choose, choose
from facilitation.views.answers import answer_frame, status_of, wants_json
from facilitation.views.beamer import poll
from facilitation.views.gate import for_team, reads, writes
from sessions.models import GroupSession
from sessions.reading import read_session
from sessions.rows import read_state
from sessions.rules.asking import list_options
from sessions.rules.refusals import Reason, Refused
from sessions.writing.hands import Count, count_hands
from sessions.writing.meetings import set_wifi
from sessions.writing.plan import write_plan_line
from sessions.writing.proposals import settle_proposal
from sessions.writing.seats import send_away_last
from sessions.writing.walk import run_command


@reads
@for_team
def open_console(request: HttpRequest, session: GroupSession) -> HttpResponse:
    return _show(request, session)


@reads
@for_team
def poll_console(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The state for a console whose socket is blocked."""
    return poll(request, session, Audience("console", choose_language()))


@writes("console")
@for_team
def command(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Carry out what a button of the console asks. A script gets the new state, a form gets the page."""
    try:
        asked, seen = read_command(request.POST)
        count = _read_count(request, session)
        actor = identify(request.user)
        run_command(session.code, asked, seen=seen.version, desk=seen.desk, count=count, actor=actor)
    except Refused as refusal:
        return _refuse(request, session, refusal)
    return _answer(request, session)


@writes("console")
@for_team
def keep_hands(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Raised hands and paper cards, counted by the facilitator."""
    try:
        count = _read_count(request, session)
        if count is None:
            raise Refused(Reason.ROUND_OLD)
        count_hands(session.code, count, actor=identify(request.user))
    except Refused as refusal:
        return _refuse(request, session, refusal)
    return _answer(request, session)


@writes("console")
@for_team
def keep_steps(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """How it stands with the steps of the plan that the room was not asked about, as a facilitator knows."""
    try:
        for line, state in read_outcomes(request.POST).items():
            typed, actor = {"state": state}, identify(request.user)
            write_plan_line(session.trajectory_id, line, typed, was=dict.fromkeys(typed, ""), actor=actor)
    except Refused as refusal:
        return _refuse(request, session, refusal)
    return _answer(request, session)


@writes("console")
@for_team
def settle_one(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """A proposal of a phone: let through, gathered under one that says the same, or parked."""
    try:
        key, fate, text, to = read_settled(request.POST)
        settle_proposal(session.code, key, fate, text=text, to=to, actor=identify(request.user))
    except Refused as refusal:
        return _refuse(request, session, refusal)
    return _answer(request, session)


@writes("console")
@for_team
def send_away(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Whoever came in last loses the seat: for when somebody comes in again and again."""
    try:
        number, seen = read_send_away(request.POST)
        send_away_last(session.code, number, seen=seen, actor=identify(request.user))
    except Refused as refusal:
        return _refuse(request, session, refusal)
    return _answer(request, session)


@writes("console")
@for_team
def keep_wifi(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The wifi of the hall, for the wall."""
    try:
        set_wifi(session.code, *WifiForm(request.POST).read(), actor=identify(request.user))
    except Refused as refusal:
        return _refuse(request, session, refusal)
    return _answer(request, session)


@writes("console")
@for_team
def choose_network(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """By which of its networks phones reach this computer; for an installation at home."""
    try:
        if not can_choose():
            raise Refused(Reason.UNKNOWN_NETWORK)
        choose(request.POST.get("network", "")[:100])
    except Refused as refusal:
        return _refuse(request, session, refusal)
    return _answer(request, session)


def _read_count(request: HttpRequest, session: GroupSession) -> Count | None:
    """The hands that a form carries for the round of now, if any. Raises Refused."""
    if "round" not in request.POST:
        return None
    current = read_state(session).current
    if current is None or str(current.number) != request.POST["round"]:
        return None  # a command that comes this late is refused for it
    return read_hands(request.POST, list_options(current, load_library(session.edition_id, BASE)), current.number)


def _view(session: GroupSession, audience: Audience) -> View:
    return make_view(read_session(session.code, audience.language), audience)


def _answer(request: HttpRequest, session: GroupSession) -> HttpResponse:
    if not wants_json(request):
        return redirect("console", code=session.code)
    console = Audience("console", choose_language())
    frame = render_state(console, _view(session, console))
    return HttpResponse(write_frame(frame), content_type="application/json")


def _refuse(request: HttpRequest, session: GroupSession, refusal: Refused) -> HttpResponse:
    message = explain(refusal.code)
    if wants_json(request):
        return answer_frame(No(code=refusal.code, message=message), status_of(refusal))
    # What was typed stays on the page: nobody writes a *waarom* twice.
    messages.error(request, message)
    return _show(request, session, draft=request.POST, status=status_of(refusal))


def _show(request: HttpRequest, session: GroupSession, *, draft: object = None, status: int = 200) -> HttpResponse:
    view = _view(session, Audience("console", choose_language()))
    context = {**make_context(view), "draft": draft, "me": identify(request.user).name}
    return render(request, "console/page.html", context, status=status)
