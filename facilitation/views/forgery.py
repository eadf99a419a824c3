"""A form without our token: a page that was open too long, a foreign site, or a browser that keeps no cookies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from facilitation import access
from facilitation.live.protocol import No
from facilitation.views.answers import answer_frame, wants_json
from facilitation.views.errors import show_refusal
from facilitation.views.phone import show_roles
from sessions.rules.refusals import Reason, Refused

OF_PHONES = ("role", "vote", "wipe")


@never_cache
def refuse_forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    if not request.COOKIES:
        return _ask_for_cookies(request)  # to refresh the page would only lead here again
    message = gettext("Deze pagina was te lang open, of cookies staan uit. Ververs de pagina en probeer het opnieuw.")
    if wants_json(request):
        return answer_frame(No(code="forgery", message=message), 403)
    return render(request, "error.html", {"message": message}, status=403)


def _ask_for_cookies(request: HttpRequest) -> HttpResponse:
    """Say so in place: a phone sees its roles again, and can go on as soon as it keeps cookies."""
    match = request.resolver_match
    if match is None or match.view_name not in OF_PHONES:
        return show_refusal(request, Refused(Reason.COOKIES_OFF))
    refusal = Refused(Reason.NO_COOKIE)
    if wants_json(request):
        return show_refusal(request, refusal)
    try:
        return show_roles(request, access.find_session(match.kwargs["code"]), None, refusal=refusal)
    except Refused as unknown:
        return show_refusal(request, unknown)
