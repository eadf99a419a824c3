"""The wall: its own window, no controls, readable from eight metres."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilitation.live.protocol import write_frame
from facilitation.live.render import Audience, make_context, make_view, render_state
from facilitation.views.answers import answer_state
from facilitation.views.gate import for_team
from sessions.models import GroupSession
from sessions.queries import load_walk

BEAMER = Audience("beamer")


@require_safe
@for_team
def show_beamer(request: HttpRequest, session: GroupSession) -> HttpResponse:
    return render(request, "beamer/page.html", make_context(make_view(load_walk(session.code), BEAMER)))


@require_safe
@for_team
def poll_beamer(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The state for a beamer whose socket is blocked."""
    return poll(request, session, BEAMER)


def poll(request: HttpRequest, session: GroupSession, audience: Audience) -> HttpResponse:
    body = write_frame(render_state(audience, make_view(load_walk(session.code), audience)))
    return answer_state(request, body, f"{hash(body) & 0xFFFFFFFFFFFF:x}")
