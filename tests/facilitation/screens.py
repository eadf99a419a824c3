"""Phones, beamers and consoles without a browser: over HTTP and over websockets, each page looked at on the way."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.test import Client

from facilitation.server import threads

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}
# What the content policy would refuse, though a page that says so looks fine in a test.
INLINE = re.compile(r"^(on\w+|style)$")


class _Inspector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.faults += [f"<{tag} {name}>" for name in given if INLINE.match(name)]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(f"<{tag}>")
        self.faults += [
            f"<{tag} {name}={value}>"
            for name, value in attrs
            if name in ("href", "src", "action", "formaction")
            and (value or "").strip().lower().startswith("javascript:")
        ]


# A page with none of these, in small letters, has nothing inline; reading each page of each test word by word would
# take minutes. Each is sought by itself: one expression that is all of them takes three times as long.
MAYBE_INLINE = tuple(
    map(re.compile, ("<style", r"<script(?![^<>]*\ssrc=)", r"""[\s"'/](?:on\w+|style)\s*=""", "javascript:"))
)


def find_inline(html: str) -> list[str]:
    """Every inline style, script and event handler of a page."""
    small = html.lower()
    if not any(part.search(small) for part in MAYBE_INLINE):
        return []
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults


def read_policy(response: Any) -> dict[str, str]:
    """The content policy of an answer."""
    parts = response.headers.get("Content-Security-Policy", "").split(";")
    return dict(part.strip().split(" ", 1) for part in parts if part.strip())


class CarefulClient(Client):
    """A browser that looks at every page it gets: nothing inline, and always the same strict policy."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            assert find_inline(response.content.decode()) == []
            assert read_policy(response) == POLICY
        return response


def spaced(response: Any) -> str:
    """What a page says, with a space wherever a mark stood: for numbers in elements of their own."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class Phone:
    """A participant's phone. It takes its seat as a browser does: get the page with the roles, post the form."""

    def __init__(self, code: str, role: str | None, **options: Any) -> None:
        self.code, self.role = code, role
        self.client = CarefulClient(**options)
        if role is not None:
            self.client.get(f"/m/{code}/rol")
            self.choose(role)

    def choose(self, role: str) -> Any:
        self.role = role
        return self.client.post(f"/m/{self.code}/rol", {"role": role})

    def page(self) -> Any:
        return self.client.get(f"/m/{self.code}")

    def poll(self, **headers: str) -> Any:
        return self.client.get(f"/m/{self.code}/stand", headers=headers)

    def vote(self, answer: str, round_: object = 1, *, as_json: bool = False, **more: str) -> Any:
        headers = {"Accept": "application/json"} if as_json else {}
        fields = {"round": str(round_), "answer": answer, **more}
        return self.client.post(f"/m/{self.code}/stem", fields, headers=headers)


def refusal(response: Any) -> tuple[int, str, str]:
    """Status, code and sentence of a refusal as JSON."""
    frame = json.loads(response.content)
    assert frame["type"] == "refused"
    return response.status_code, frame["code"], frame["message"]


class Socket:
    """One websocket, as its client sees it."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self._communicator = communicator
        self.heard: list[dict[str, Any]] = []

    async def send(self, **frame: object) -> None:
        await self.send_text(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        await self._communicator.send_to(text_data=text)

    async def send_bytes(self, data: bytes) -> None:
        await self._communicator.send_to(bytes_data=data)

    async def frame(self, timeout: float = 10) -> dict[str, Any]:
        """The next frame."""
        frame = json.loads(await self._communicator.receive_from(timeout))
        self.heard.append(frame)
        return frame

    async def until(self, **wanted: object) -> dict[str, Any]:
        """The next frame that holds these values; what comes before it is only kept in `heard`."""
        while True:
            frame = await self.frame()
            if all(frame.get(name) == value for name, value in wanted.items()):
                return frame

    async def is_silent(self, seconds: float = 0.4) -> bool:
        return await self._communicator.receive_nothing(seconds)

    async def close_code(self) -> int:
        """The code with which the server closed; frames before it are kept in `heard`."""
        while True:
            message = await self._communicator.receive_output(10)
            if message["type"] == "websocket.close":
                return message["code"]
            self.heard.append(json.loads(message["text"]))


@asynccontextmanager
async def open_socket(
    path: str, client: Client | None = None, *, origin: str | None = "http://localhost"
) -> AsyncIterator[Socket]:
    """A websocket with the cookies of this browser. It is always closed again."""
    from facilitation.asgi import application

    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()) if client else ""
    headers = [(b"host", b"localhost"), (b"cookie", cookies.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    communicator = WebsocketCommunicator(application, path, headers=headers)
    try:
        is_let_in, code = await communicator.connect(timeout=10)
        if not is_let_in:
            raise ConnectionRefusedError(code)
        yield Socket(communicator)
    finally:
        await communicator.disconnect(timeout=10)


async def let_go_of_the_database() -> None:
    """Close the connections of the threads that read and write; PostgreSQL empties no table behind them."""
    await sync_to_async(connections.close_all)()
    threads.renew_pools()
