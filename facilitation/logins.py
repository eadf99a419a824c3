"""Who may try a password, and how often.

Guessing is counted per name, never per address: a hall shares one. So a stranger could keep a facilitator out by
guessing wrong on purpose. Therefore a device that logged in before always gets in, and so does the laptop itself.
"""

import ipaddress
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView, LogoutView
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from facilitation.rights import tell_screens_of

KNOWN_COOKIE, KNOWN_SALT = "bekend", "buurtboom.known-device"
KNOWN_SECONDS = 365 * 24 * 3600


class Login(LoginView):
    """The page to log in; afterwards this device is known."""

    def form_valid(self, form: Any) -> HttpResponse:
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


def _is_this_computer(request: HttpRequest) -> bool:
    # Behind a proxy everybody could seem to come from here; there is TLS, and there it is no laptop.
    try:
        return not settings.IS_HTTPS and ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _is_known(request: HttpRequest, name: str) -> bool:
    try:
        known = signing.loads(request.COOKIES.get(KNOWN_COOKIE, ""), salt=KNOWN_SALT, max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return False
    return bool(name) and get_user_model().objects.filter(pk=known, username=name).exists()
