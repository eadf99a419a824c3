"""*Ik doe mee*: a phone offers something at a step of the plan, and takes it back. Works without script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page

from facilitation import access
from facilitation.forms import read_line, read_offering
from facilitation.live import ballots
from facilitation.messages import explain
from facilitation.views.answers import status_of
from facilitation.views.errors import show_refusal
from facilitation.views.gate import at_own_address, takes_a_form
from sessions.models import GroupSession, Participant, new_token
from sessions.reading import list_offered_steps, list_own_offers
from sessions.rules.offers import HELPS, NAME_LETTERS
from sessions.rules.refusals import Reason, Refused
from sessions.writing.offers import Offering, take_offers_back


@never_cache
@gzip_page
@takes_a_form
@at_own_address
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """The steps of the plan with who helps; what this phone offers there comes in as a form."""
    try:
        session, person = access.find_visitor(request.COOKIES, code)
        if person is None:
            raise Refused(Reason.NO_SEAT)
    except Refused as refusal:
        return show_refusal(request, refusal)
    return _keep(request, session, person) if request.method == "POST" else _show(request, session)


def _keep(request: HttpRequest, session: GroupSession, person: Participant) -> HttpResponse:
    secret = access.read_secret(request.COOKIES) or new_token()
    offering = read_offering(request.POST, person.pk, access.name_owner(secret))
    try:
        ballots.offer_from_thread(offering)
    except Refused as refusal:
        return _show(request, session, refusal, offering)
    response = redirect(f"{reverse('offer', args=[session.code])}#stap-{offering.line}")
    if offering.helps is not None:
        access.give_secret(response, secret)
    return response


def _show(
    request: HttpRequest, session: GroupSession, refusal: Refused | None = None, tried: Offering | None = None
) -> HttpResponse:
    context = {
        "session": session,
        "steps": list_offered_steps(session.trajectory, access.name_owner(access.read_secret(request.COOKIES))),
        "helps": HELPS,
        "name_letters": NAME_LETTERS,
        "refusal": explain(refusal.code) if refusal else "",
        "tried": tried,
    }
    return render(request, "phone/offer.html", context, status=status_of(refusal) if refusal else 200)


@never_cache
@takes_a_form
def show_own(request: HttpRequest) -> HttpResponse:
    """What this phone offered, wherever that was, to take back: also when its seat has gone."""
    owner = access.name_owner(access.read_secret(request.COOKIES))
    if request.method == "POST":
        take_offers_back(owner, line=read_line(request.POST) if "line" in request.POST else None)
        return redirect("own-offers")
    return render(request, "phone/own_offers.html", {"steps": list_own_offers(owner)})
