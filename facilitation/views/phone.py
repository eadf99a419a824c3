"""A participant's phone: choose a role, vote, read along. Every page works without script."""

import uuid
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page

from content.editions import load_library
from facilitation import access
from facilitation.languages import choose_language
from facilitation.live import ballots
from facilitation.live.manners import manners
from facilitation.live.presence import presence
from facilitation.live.protocol import MOST_OF_ANSWER, Ack, No, write_frame
from facilitation.live.render import compose_phone_state, find_phone_screen, make_context, split_own
from facilitation.messages import explain
from facilitation.typed import clean_line
from facilitation.views.answers import answer_frame, answer_state, status_of, wants_json
from facilitation.views.errors import show_refusal
from facilitation.views.gate import at_own_address, reads, takes_a_form, writes
from facilitation.views.ready import render_ready
from sessions.models import GroupSession, Participant
from sessions.reading import PhoneView, Stage, read_own_lines, read_own_vote, read_voted_round
from sessions.rules.asking import Ballot
from sessions.rules.refusals import Reason, Refused
from sessions.writing.offers import take_offers_back
from sessions.writing.proposals import Sent, take_proposal_back
from sessions.writing.seats import Seat, give_up_seat

LOST_VOTE = "opnieuw"  # in the address after a change of role: the round in which the vote was taken back


@never_cache
@gzip_page  # a whole hall shares one weak connection
@reads
@at_own_address
def open_phone(request: HttpRequest, code: str) -> HttpResponse:
    """Where this phone belongs now: the roles, or the question of the moment."""
    try:
        session, person = access.find_visitor(request.COOKIES, code)
    except Refused as refusal:
        return show_refusal(request, refusal)
    if person is None:
        return show_roles(request, session, None)
    presence.note_from_thread(person.pk)
    response = _show_state(request, session, person)
    access.renew_seat(request.COOKIES, response, session.code)
    return response


@never_cache
@gzip_page
@takes_a_form
@at_own_address
def choose_role(request: HttpRequest, code: str) -> HttpResponse:
    """Take a seat in a role, or change it later."""
    try:
        if request.method == "POST":
            return _take_role(request, access.read_code(code))
        return show_roles(request, *access.find_visitor(request.COOKIES, code))
    except Refused as refusal:
        return show_refusal(request, refusal)


def _take_role(request: HttpRequest, code: str) -> HttpResponse:
    seat = access.read_seat(request.COOKIES, code)
    if seat is None:
        # The page that showed the roles gave a seat. Without it two taps would be two people.
        return show_roles(request, access.find_session(code), None, refusal=Refused(Reason.NO_COOKIE))
    if "role" not in request.POST:
        raise Refused(Reason.UNKNOWN_ROLE)
    role = request.POST["role"][:40]
    person = access.find_participant(request.COOKIES, code)
    voted = read_voted_round(person) if person and person.role != role else None
    ballots.take_seat_from_thread(Seat(code, seat, role))
    page = reverse("phone", args=[code])
    return redirect(f"{page}?{LOST_VOTE}={voted}" if voted else page)


@never_cache
@writes("phone")
@at_own_address
def wipe(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that is of this phone goes: its seat, its cookie, and its votes as far as that tells nothing."""
    try:
        session, person = access.find_visitor(request.COOKIES, code)
    except Refused as refusal:
        return show_refusal(request, refusal)
    take_offers_back(access.name_owner(access.read_secret(request.COOKIES)))
    if person:
        give_up_seat(person)
    response = render(request, "phone/wiped.html", {"session": session})
    access.take_seat_back(response, session.code)
    access.take_secret_back(response)
    return response


@never_cache
@writes("phone")
@at_own_address
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """The vote of a phone without script or without sockets: the same command as over the socket."""
    frame_id = request.POST.get("id", "")[:64]
    try:
        session, person = access.find_visitor(request.COOKIES, code)
        if person is None:
            raise Refused(Reason.NO_SEAT)
        ballot = _read_ballot(request, person)
        ballots.cast_from_thread(ballot)
    except Refused as refusal:
        return _refuse(request, code, refusal, frame_id)
    presence.note_from_thread(person.pk)
    if wants_json(request):
        answer, more = split_own(ballot.choices)
        return answer_frame(Ack(id=frame_id, round=ballot.round, answer=answer, more=more))
    return redirect("phone", code=session.code)


@never_cache
@writes("phone")
@at_own_address
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """A line for the plan, or one that is taken back. A script gets the state with what this phone proposed."""
    try:
        session, person = access.find_visitor(request.COOKIES, code)
        if person is None:
            raise Refused(Reason.NO_SEAT)
        if handle := request.POST.get("take-back", "")[:8]:
            take_proposal_back(person, handle)
        else:
            ballots.propose_from_thread(Sent(person.pk, _read_round(request), clean_line(request.POST.get("line", ""))))
    except Refused as refusal:
        return _refuse(request, code, refusal)
    presence.note_from_thread(person.pk)
    if wants_json(request):
        return answer_frame(compose_phone_state(person, choose_language()))
    return redirect("phone", code=session.code)


def _refuse(request: HttpRequest, code: str, refusal: Refused, frame_id: str = "") -> HttpResponse:
    """Why something of a phone was not kept: a frame for a script, else on its own page as far as it has one."""
    if wants_json(request):
        return answer_frame(No(code=refusal.code, message=explain(refusal.code), id=frame_id), status_of(refusal))
    if refusal.code in (Reason.UNKNOWN_CODE, Reason.NO_SEAT):
        return show_refusal(request, refusal)
    session, person = access.find_visitor(request.COOKIES, code)
    if person is None:  # the seat went at this very moment
        return show_refusal(request, Refused(Reason.NO_SEAT))
    return _show_state(request, session, person, refusal=refusal)


@never_cache
@reads
@at_own_address
def poll_state(request: HttpRequest, code: str) -> HttpResponse:
    """The state for a phone whose socket is blocked: the frame that the socket would carry."""
    try:
        _, person = access.find_visitor(request.COOKIES, code)
        if person is None:
            raise Refused(Reason.NO_SEAT)
        if not manners.may_ask(person.pk):
            raise Refused(Reason.BUSY)
    except Refused as refusal:
        return answer_frame(No(code=refusal.code, message=explain(refusal.code)), status_of(refusal))
    presence.note_from_thread(person.pk)
    state = compose_phone_state(person, choose_language())
    body = write_frame(state)
    return answer_state(request, body, sha256(body.encode()).hexdigest()[:16])


def _read_ballot(request: HttpRequest, person: Participant) -> Ballot:
    is_withdrawn = "withdraw" in request.POST  # whatever answer the form carries along
    answers = tuple("" if is_withdrawn else answer for answer in request.POST.getlist("answer")) or ("",)
    if not answers[0] and not is_withdrawn:
        raise Refused(Reason.NO_ANSWER)
    if any(len(answer) > MOST_OF_ANSWER for answer in answers):
        raise Refused(Reason.UNKNOWN_ANSWER)
    return Ballot(person.pk, _read_round(request), answers[0], request.POST.get("role"), more=answers[1:])


def _read_round(request: HttpRequest) -> int:
    round_ = request.POST.get("round", "")
    if not round_.isdecimal() or len(round_) > 6:
        raise Refused(Reason.ROUND_OLD)
    return int(round_)


def _show_state(
    request: HttpRequest, session: GroupSession, person: Participant, refusal: Refused | None = None
) -> HttpResponse:
    view = find_phone_screen(person, choose_language()).view
    stage = view.stage
    own = read_own_vote(person, stage.round) if stage.round else ()
    lines = read_own_lines(person, stage.round) if stage.round and stage.ideas else ()
    news, refreshes = "" if own else _tell_news(request, session, person, stage), _refreshes(view, own)
    context = {
        **make_context(view, own, lines),
        "refusal": explain(refusal.code) if refusal else "",
        "news": news,
        "refreshes": refreshes,
    }
    if own or lines or refusal:
        return render(request, "phone/page.html", context, status=status_of(refusal) if refusal else 200)
    key = (stage.code, stage.version, person.role, view.mark, news, refreshes)
    return render_ready(request, "phone/page.html", context, choose_language(), *key)


def _tell_news(request: HttpRequest, session: GroupSession, person: Participant, stage: Stage) -> str:
    """What this phone has to know about the question of now, before it votes."""
    if stage.scene != "question" or stage.round is None:
        return ""
    if request.GET.get(LOST_VOTE) == str(stage.round):
        if person.role:
            return gettext("Je hebt nu een andere rol. Stem bij deze vraag opnieuw.")
        return gettext("Je kijkt nu mee. Je stem bij deze vraag telt niet meer.")
    return gettext("Je kwam later binnen. Dit is de vraag van nu.") if _came_late(person, session, stage.round) else ""


def _refreshes(view: PhoneView, own: tuple[str, ...]) -> bool:
    """Whether a phone without script asks again by itself: never while somebody chooses, writes, or reads a card."""
    is_choosing = view.may_vote and (not own or view.stage.takes_several)
    return not is_choosing and view.stage.scene not in ("result", "decided", "propose")


def _came_late(person: Participant, session: GroupSession, round_number: int) -> bool:
    if round_number == 1:
        return False  # everybody is still coming in
    entered = session.rounds.filter(number=round_number).values_list("entered_at", flat=True).first()
    return bool(entered and person.joined_at > entered)


def show_roles(
    request: HttpRequest, session: GroupSession, person: Participant | None, refusal: Refused | None = None
) -> HttpResponse:
    """The roles to choose from, with a seat to sit down on, or why there are none."""
    if session.ended_at:
        return _show_end(request, session, person)
    if person is None and session.is_door_shut:
        return render(request, "phone/shut.html", {"session": session}, status=403)
    language = choose_language()
    context = {
        "session": session,
        "voted": read_voted_round(person) if person else None,
        "roles": load_library(session.edition_id, language).roles,
        "person": person,
        "refusal": explain(refusal.code) if refusal else "",
    }
    if person or refusal:
        response = render(request, "phone/roles.html", context, status=status_of(refusal) if refusal else 200)
    else:
        response = render_ready(request, "phone/roles.html", context, language, session.code, session.trajectory.buurt)
    if access.read_seat(request.COOKIES, session.code) is None:
        access.give_seat(response, session.code, uuid.uuid4())
    return response


def _show_end(request: HttpRequest, session: GroupSession, person: Participant | None) -> HttpResponse:
    """The end, instead of the roles: for who was there on their own screen, which goes on when the session does."""
    if person:
        return redirect("phone", code=session.code)
    return render(request, "phone/ended.html", {"session": session})
