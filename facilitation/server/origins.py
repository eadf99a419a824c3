"""Whose pages may open a socket here: our own.

A browser sends our cookies along with a socket that any other site opens, and names that site in `Origin`. So that has
to be the address that this very request came to: its scheme, its host and its port.
"""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Where a page comes from, as a browser compares it."""

    scheme: str
    host: str
    port: int


class OurOrigin:
    """Lets sockets of our own pages through to `application`."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if is_ours(_only(scope, b"host"), _only(scope, b"origin")):
            await self.application(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close"})


def is_ours(host: str, origin: str) -> bool:
    """Whether a page of this origin may open a socket at this host."""
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    # The pretend phones of a practice session come in from inside, without TLS.
    is_inside = host == settings.SELF_URL.partition("://")[2]
    scheme = "https" if settings.IS_HTTPS and not is_inside else "http"
    ours = {read_origin(f"{scheme}://{host}"), read_origin(settings.PUBLIC_URL)} - {None}
    return read_origin(origin) in ours


def read_origin(text: str) -> Origin | None:
    """The origin of an address, with the port that goes without saying; None when it is none."""
    try:
        parts = urlsplit(text)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return Origin(parts.scheme, parts.hostname, port) if parts.hostname else None


def _only(scope: dict[str, Any], name: bytes) -> str:
    """The one value of a header; empty when there is none, or more than one."""
    values = [value.decode("latin1") for header, value in scope["headers"] if header == name]
    return values[0] if len(values) == 1 else ""
