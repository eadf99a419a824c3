"""Django's pages: a whole request in one visit to a thread.

Django's own handler for ASGI makes a thread for each request and goes to and fro between it and the loop for each
middleware, 5 to 8 ms a page. Here the chain runs as it does under WSGI, in a thread that keeps its connection.
"""

from collections.abc import Callable
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from facilitation.server.threads import adopt_loop, ask_database, check_password, take_form

PASSWORD_PATHS, BUSY_PATH = ("/inloggen", "/wachtwoord"), "/druk"


class PageHandler(ASGIHandler):
    """The ASGI application for pages.

    `note_visit` is called at every request, from the loop. `is_acquaintance` tells of a request with a password whether
    somebody logged in from there before.
    """

    def __init__(self, note_visit: Callable[[], None], is_acquaintance: Callable[[dict[str, Any]], bool]) -> None:
        self._note_visit, self._is_acquaintance = note_visit, is_acquaintance
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        adopt_loop()
        self._note_visit()
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        # Daphne takes the root of all addresses from a header of whoever asks (Daphne-Root-Path), and a screen that is
        # drawn for one phone stands ready for all others. We have no root but /.
        for message in await self.pick_thread({**scope, "root_path": ""}, body):
            await send(message)

    async def pick_thread(self, scope: dict[str, Any], body: IO[bytes]) -> list[Any]:
        """The messages that answer a request, made in the pool for its kind."""
        if scope["method"] != "POST":
            return await ask_database(self.answer, scope, body)
        if scope["path"] not in PASSWORD_PATHS:
            return await take_form(self.answer, scope, body)
        answer = await check_password(self._is_acquaintance(scope), self.answer, scope, body)
        if answer is None:
            answer = await ask_database(self.answer, {**scope, "path": BUSY_PATH, "method": "GET"}, body)
        return answer

    def answer(self, scope: dict[str, Any], body: IO[bytes]) -> list[Any]:
        """The messages that answer a request."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = type(self)
        try:
            return [_start(response), {"type": "http.response.body", "body": b"".join(response)}]
        finally:
            response.close()
            body.close()


def _start(response: HttpResponseBase) -> dict[str, Any]:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    headers += [(b"Set-Cookie", cookie.OutputString().encode("ascii")) for cookie in response.cookies.values()]
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}
