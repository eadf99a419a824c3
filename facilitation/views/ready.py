"""Pages that are the same for everybody but for the token of their forms: drawn once, and then kept ready.

A hall that scans one QR asks for the same two pages a thousand times within some seconds.
"""

import secrets
from collections.abc import Hashable, Mapping

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import override

from sessions.shelf import Shelf

TOKEN = secrets.token_urlsafe(24)  # where the real one goes: nothing that anybody can type

_ready: Shelf[Hashable, str] = Shelf(300)  # of some 10 KB each


def render_ready(
    request: HttpRequest, template: str, context: Mapping[str, object], language: str, *key: Hashable
) -> HttpResponse:
    """The page that stands ready under this key, or a new one. `key` has to hold all that the page depends on."""
    whole_key = (template, language, *key)
    page = _ready.get(whole_key)
    if page is None:
        # Without the request: what stands ready for everybody may know nothing of the visitor it was drawn for.
        with override(language):
            page = _ready.put(whole_key, render_to_string(template, {**context, "csrf_token": TOKEN}))
    return HttpResponse(page.replace(TOKEN, get_token(request)))
