"""Pages for when something is wrong: what happened, what to do, and a way on."""

import sys
from collections.abc import Iterable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils.translation import gettext

from facilitation.live.protocol import No
from facilitation.messages import explain
from facilitation.views.answers import answer_frame, status_of, wants_json
from sessions.rules.refusals import Reason, Refused


def show_refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal that leaves no page to stay on."""
    message = explain(refusal.code)
    if wants_json(request):
        return answer_frame(No(code=refusal.code, message=message), status_of(refusal))
    return render(request, "error.html", {"message": message}, status=status_of(refusal))


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is there, or only a slash too many."""
    meant = request.path_info.removesuffix("/")
    if meant != request.path_info and request.method in ("GET", "HEAD") and is_valid_path(meant):
        path, mark, query = request.get_full_path().partition("?")
        return redirect(path.removesuffix("/") + mark + query)
    message = gettext("Deze pagina is er niet. Kijk of het adres klopt.")
    return render(request, "error.html", {"message": message}, status=404)


def show_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = gettext("Dit verzoek begrijpen we niet. Ga een stap terug en probeer het opnieuw.")
    return render(request, "error.html", {"message": message}, status=400)


def refuse_method(request: HttpRequest, allowed: Iterable[str]) -> HttpResponse:
    """An address asked in a way it does not know. Nobody comes here by a link or a form of ours."""
    message = gettext("Dit verzoek begrijpen we niet. Ga een stap terug en probeer het opnieuw.")
    response = render(request, "error.html", {"message": message}, status=405)
    response["Allow"] = ", ".join(allowed)
    return response


def show_fault(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return _show_silent_database(request)
    message = gettext("Er ging iets mis bij ons. Wat al is opgeslagen, blijft. Probeer het zo nog een keer.")
    return render(request, "error.html", {"message": message}, status=500)


def _show_silent_database(request: HttpRequest) -> HttpResponse:
    """The database is away, locked or full. A phone that sent a vote keeps it, as it does after `busy` on a socket."""
    message = gettext(
        "We kunnen nu niets opslaan. Wat al is opgeslagen, blijft. Probeer het zo nog een keer."
        " Lukt het dan nog niet? Kijk of de schijf van de computer vol is."
    )
    status = status_of(Refused(Reason.BUSY))
    if wants_json(request):
        return answer_frame(No(code="busy", message=message), status)
    return render(request, "error.html", {"message": message}, status=status)
