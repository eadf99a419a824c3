"""The front door: a code, or a way in for who leads or looks around."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from facilitation import access
from facilitation.messages import explain
from facilitation.views.answers import status_of
from sessions.rules.refusals import Refused


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("code", "")[:40]
    if not typed:
        return render(request, "home.html", {})
    try:
        session = access.find_session(typed)
    except Refused as refusal:
        return render(request, "home.html", {"typed": typed, "error": explain(refusal.code)}, status=status_of(refusal))
    return redirect("phone", code=session.code)
