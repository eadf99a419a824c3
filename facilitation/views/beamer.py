"""The wall: its own window, no controls, readable from eight metres."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from facilitation.languages import choose_language
from facilitation.live.protocol import write_frame
from facilitation.live.render import Audience, make_context, make_view, render_state
from facilitation.views.answers import answer_state
from facilitation.views.gate import for_team, reads
from sessions.models import GroupSession
from sessions.reading import read_session


@reads
@for_team
def open_beamer(request: HttpRequest, session: GroupSession) -> HttpResponse:
    beamer = Audience("beamer", choose_language())
    view = make_view(read_session(session.code, beamer.language), beamer)
    return render(request, "beamer/page.html", make_context(view))


@reads
@for_team
def poll_beamer(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """The state for a beamer whose socket is blocked."""
    return poll(request, session, Audience("beamer", choose_language()))


def poll(request: HttpRequest, session: GroupSession, audience: Audience) -> HttpResponse:
    body = write_frame(render_state(audience, make_view(read_session(session.code, audience.language), audience)))
    # The same in every process: behind a proxy each poll may come to another one.
    return answer_state(request, body, sha256(body.encode()).hexdigest()[:16])
