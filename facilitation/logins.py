"""Who may try a password, and how often.

Guessing is counted per name, never per address: a hall shares one. So a stranger could keep a facilitator out by
guessing wrong on purpose. Therefore a device that logged in before always gets in, and so does the laptop itself.
"""

import ipaddress
import logging
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView, LogoutView
from django.core import signing
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from facilitation.rights import tell_screens_of
from facilitation.server.network import look

logger = logging.getLogger(__name__)

KNOWN_COOKIE, KNOWN_SALT = "bekend", "buurtboom.known-device"
KNOWN_SECONDS = 365 * 24 * 3600
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")  # somebody else asked, and a proxy passed it on


class Login(LoginView):
    """The page to log in; afterwards this device is known."""

    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, can_be_overheard=_can_be_overheard(self.request))

    def form_valid(self, form: Any) -> HttpResponse:
        if _can_be_overheard(self.request):
            logger.warning("Er is ingelogd vanaf een ander toestel, zonder TLS: op dezelfde wifi kan men meelezen.")
        response = super().form_valid(form)
        response.set_cookie(
            KNOWN_COOKIE,
            signing.dumps(form.get_user().pk, salt=KNOWN_SALT),
            max_age=KNOWN_SECONDS,
            path=str(reverse_lazy("login")),  # it says nothing anywhere else
            httponly=True,
            samesite="Lax",
            secure=settings.IS_HTTPS,
        )
        return response


class Logout(LogoutView):
    """Logging out; the screens that this login opened close."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        response = super().post(request, *args, **kwargs)
        if user.is_authenticated:
            tell_screens_of(user)  # after it: a screen that asks any earlier is still logged in
        return response


def is_trusted(request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
    """Whether this try is never locked out: from a device that logged in as this name, or from the laptop itself."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return _is_this_computer(request) or _is_known(request, name)


def is_acquaintance(scope: dict[str, Any]) -> bool:
    """Whether a login comes from this laptop, or from a device that logged in before: it need not wait with strangers.

    Of the bare scope, before there is a request: as cheap as a signature.
    """
    request = ASGIRequest(scope, BytesIO())
    return _is_this_computer(request) or "sessionid" in request.COOKIES or _read_known(request) is not None


def _can_be_overheard(request: HttpRequest) -> bool:
    """Whether a neighbour on the wifi can read along: another device, and no TLS."""
    return not settings.IS_HTTPS and not _is_this_computer(request)


def _is_this_computer(request: HttpRequest) -> bool:
    # Behind a proxy or a tunnel everybody could seem to come from here, or say so in a header.
    if settings.IS_HTTPS or any(name in request.headers for name in PASSED_ON):
        return False
    address = request.META.get("REMOTE_ADDR", "")
    if settings.AT_HOME and address in {interface.address for interface in look.list()}:
        return True  # it came by its own address on the wifi, and that stays inside
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_known(request: HttpRequest, name: str) -> bool:
    known = _read_known(request)
    return known is not None and bool(name) and get_user_model().objects.filter(pk=known, username=name).exists()


def _read_known(request: HttpRequest) -> int | None:
    """The account that logged in on this device before, as far as our signature goes. None for a stranger."""
    try:
        known = signing.loads(request.COOKIES.get(KNOWN_COOKIE, ""), salt=KNOWN_SALT, max_age=KNOWN_SECONDS)
        return int(known)
    except signing.BadSignature:
        return None
