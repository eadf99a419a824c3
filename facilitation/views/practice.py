"""Practice: pretend participants that join and vote like real phones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from facilitation.messages import explain
from facilitation.simulator import start_simulator
from facilitation.views.gate import for_team, writes
from sessions.models import GroupSession
from sessions.rules.refusals import Refused


@writes("console")
@for_team
def start_simulation(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """Let pretend participants in, only into a practice session."""
    if not session.is_practice:
        messages.error(request, gettext("Dit kan alleen in een oefening. Maak een oefening bij Jouw bijeenkomsten."))
        return redirect("console", code=session.code)
    try:
        start_simulator(session.code)
        messages.success(request, gettext("De proefdeelnemers komen eraan."))
    except Refused as refusal:
        messages.error(request, explain(refusal.code))
    return redirect("console", code=session.code)
