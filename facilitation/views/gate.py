"""The gate in front of every page of a facilitator."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from facilitation import access
from facilitation.views.errors import show_refusal
from sessions.machine import Refused
from sessions.models import GroupSession

LedView = Callable[Concatenate[HttpRequest, GroupSession, ...], HttpResponse]


def for_team(view: LedView) -> Callable[..., HttpResponse]:
    """The view gets the session itself, and only when the visitor's team leads it. A refusal gets its own page."""

    @never_cache
    @login_required
    @wraps(view)
    def gated(request: HttpRequest, code: str, **kwargs: object) -> HttpResponse:
        try:
            return view(request, access.find_led_session(request.user, code), **kwargs)
        except Refused as refusal:
            return show_refusal(request, refusal)

    return gated
