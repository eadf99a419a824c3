"""The gates in front of the views: who may come in, and with which method."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from facilitation import access
from facilitation.views.errors import refuse_method, show_refusal
from sessions.models import GroupSession, Trajectory
from sessions.rules.actors import Actor
from sessions.rules.refusals import Refused

LedView = Callable[Concatenate[HttpRequest, GroupSession, ...], HttpResponse]
PlanView = Callable[Concatenate[HttpRequest, Trajectory, ...], HttpResponse]


def for_team(view: LedView) -> Callable[..., HttpResponse]:
    """The view gets the session itself, and only for who has the right that its address asks: see `access.RIGHTS`.

    A refusal gets its own page.
    """
    return _gate(view, access.find_team_session)


def for_team_of_deleted(view: LedView) -> Callable[..., HttpResponse]:
    """The same, also for a session that was deleted and can still be brought back: people click twice."""
    return _gate(view, access.find_kept_session)


def _gate(view: LedView, find: Callable[[Actor, str, access.Right], GroupSession]) -> Callable[..., HttpResponse]:
    @never_cache
    @login_required
    @wraps(view)
    def gated(request: HttpRequest, code: str, **kwargs: object) -> HttpResponse:
        assert request.resolver_match  # it came by an address
        right = access.RIGHTS[request.resolver_match.view_name]
        try:
            return view(request, find(access.identify(request.user), code, right), **kwargs)
        except Refused as refusal:
            return show_refusal(request, refusal)

    return gated


def for_plan(view: PlanView) -> Callable[..., HttpResponse]:
    """The view gets a trajectory, and only for who has the right that its address asks. A refusal gets its own page."""

    @never_cache
    @login_required
    @wraps(view)
    def gated(request: HttpRequest, trajectory: int, **kwargs: object) -> HttpResponse:
        assert request.resolver_match  # it came by an address
        right = access.RIGHTS[request.resolver_match.view_name]
        try:
            return view(request, access.find_trajectory(access.identify(request.user), trajectory, right), **kwargs)
        except Refused as refusal:
            return show_refusal(request, refusal)

    return gated


def reads(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view only shows something."""

    @wraps(view)
    def reading(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return refuse_method(request, ("GET", "HEAD"))
        return view(request, *args, **kwargs)

    return reading


def takes_a_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view shows a page with a form, and takes that form."""

    @wraps(view)
    def showing(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return refuse_method(request, ("GET", "HEAD", "POST"))
        return view(request, *args, **kwargs)

    return showing


def writes(page: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The view takes a POST. A refused form stays at this address: reloading it, or coming back, leads to `page`."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def writing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method in ("GET", "HEAD"):
                return redirect(
                    page, **{name: kwargs[name] for name in ("code", "trajectory", "token") if name in kwargs}
                )
            if request.method != "POST":
                return refuse_method(request, ("POST",))
            return view(request, **kwargs)

        return writing

    return decorate


def at_own_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The code in the address is written as we write it: the cookie of a seat travels to no other spelling."""

    @wraps(view)
    def addressed(request: HttpRequest, code: str, **kwargs: object) -> HttpResponse:
        with suppress(Refused):
            known = access.read_code(code)
            if known != code and request.resolver_match:
                return redirect(request.resolver_match.view_name, code=known, preserve_request=request.method == "POST")
        return view(request, code=code, **kwargs)

    return addressed
