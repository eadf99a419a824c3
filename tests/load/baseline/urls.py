"""A trivial page that gives a seat, and the facilitator's button."""

import uuid

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from tests.load.baseline.consumers import find_session
from tests.load.filler import write_state


def show_page(request: HttpRequest, code: str) -> HttpResponse:
    answer = HttpResponse("<h1>Stem mee</h1>")
    answer.set_cookie("seat", uuid.uuid4().hex)
    return answer


def carry_out(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody gets a new state; `start` and `again` ask a new question in it."""
    session = find_session(code)
    session.version += 1
    session.round += request.GET["command"] in ("start", "again")
    session.save()
    message = {"type": "show", "frame": write_state(session.version, session.round)}
    async_to_sync(get_channel_layer().group_send)(f"session_{code}", message)
    return JsonResponse({"version": session.version})


urlpatterns = [path("m/<str:code>", show_page), path("b/<str:code>/opdracht", carry_out)]
