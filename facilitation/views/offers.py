"""*Ik doe mee*: a phone offers something at a step of the plan, and takes it back. Works without script."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page

from facilitation import access
from facilitation.forms import read_offering
from facilitation.live import ballots
from facilitation.messages import explain
from facilitation.views.answers import status_of
from facilitation.views.errors import show_refusal
from facilitation.views.gate import at_own_address, takes_a_form
from sessions.models import GroupSession, Participant
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
    has_secret = bool(access.read_owner(request.COOKIES))
    secret = request.COOKIES[access.OFFERS] if has_secret else access.new_secret()
    owner = sha256(secret.encode()).hexdigest()
    offering = read_offering(request.POST, person.pk, owner)
    try:
        ballots.offer_from_thread(offering)
    except Refused as refusal:
        return _show(request, session, refusal, offering)
    response = redirect(f"{reverse('offer', args=[session.code])}#stap-{offering.line}")
    access.give_secret(response, secret)
    return response


def _show(
    request: HttpRequest, session: GroupSession, refusal: Refused | None = None, tried: Offering | None = None
) -> HttpResponse:
    context = {
        "session": session,
        "steps": list_offered_steps(session.trajectory, access.read_owner(request.COOKIES)),
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
    owner = access.read_owner(request.COOKIES)
    if request.method == "POST":
        line = request.POST.get("line", "")
        if owner and (not line or (line.isdecimal() and len(line) < 10)):
            take_offers_back(owner, line=int(line) if line else None)
        return redirect("own-offers")
    return render(request, "phone/own_offers.html", {"steps": list_own_offers(owner) if owner else ()})
