"""The floor: a bare websocket server that counts in memory. Run: python -m tests.load.floor PORT

No framework, no database, no rights and no pages. What a vote costs here, it costs everywhere.
"""

import asyncio
import gc
import http
import json
import sys
import uuid
from urllib.parse import parse_qs, urlsplit

from websockets import broadcast
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.load.filler import write_counts, write_state

COUNT_SECONDS = 0.1  # between two frames with counts, as at Buurtboom


class Session:
    """One session in memory."""

    def __init__(self) -> None:
        self.version = self.round = 0
        self.votes: dict[int, dict[str, str]] = {}  # round -> seat -> answer
        self.phones: set[ServerConnection] = set()
        self.screens: set[ServerConnection] = set()
        self._tick: asyncio.TimerHandle | None = None

    def state(self) -> str:
        return json.dumps(write_state(self.version, self.round))

    def carry_out(self, command: str) -> None:
        self.version += 1
        self.round += command in ("start", "again")
        broadcast(self.phones | self.screens, self.state())

    def count(self, vote: dict, seat: str) -> None:
        self.votes.setdefault(vote["round"], {})[seat] = vote["answer"]
        if self._tick is None:
            self._tick = asyncio.get_running_loop().call_later(COUNT_SECONDS, self._show_counts)

    def _show_counts(self) -> None:
        self._tick = None
        voted = len(self.votes.get(self.round, ()))
        broadcast(self.screens, json.dumps(write_counts(self.version, voted, len(self.phones))))


sessions: dict[str, Session] = {}


def find_session(path: str) -> Session:
    """The session of `/m/CODE`, `/ws/b/CODE/beamer` and so on."""
    words = urlsplit(path).path.replace("/ws/", "/").split("/")
    return sessions.setdefault(words[2], Session())


def answer_page(connection: ServerConnection, request: Request) -> Response | None:
    """The pages; a websocket goes on to `serve_socket`."""
    if request.path.startswith("/ws/"):
        return None
    parts = urlsplit(request.path)
    asked = parse_qs(parts.query)
    session = find_session(request.path)
    headers = Headers({"Connection": "close"})
    body = "<h1>Stem mee</h1>"
    if parts.path.endswith("/opdracht"):
        session.carry_out(asked["command"][0])
        body = json.dumps({"version": session.version})
    elif parts.path.endswith("/stemmen"):
        body = json.dumps(list(session.votes.get(int(asked["round"][0]), {}).items()))
    else:
        headers["Set-Cookie"] = f"seat={uuid.uuid4().hex}; Path=/"
    headers["Content-Length"] = str(len(body))
    return Response(http.HTTPStatus.OK, "OK", headers, body.encode())


async def serve_socket(connection: ServerConnection) -> None:
    assert connection.request
    path = connection.request.path
    session = find_session(path)
    crowd = session.screens if path.endswith("/beamer") else session.phones
    seat = connection.request.headers.get("Cookie", "").partition("seat=")[2]
    crowd.add(connection)
    try:
        await connection.send(session.state())
        async for text in connection:
            vote = json.loads(text)
            session.count(vote, seat)
            await connection.send(json.dumps({**vote, "type": "ack"}))
    except ConnectionClosed:
        pass
    finally:
        crowd.discard(connection)


async def run(port: int) -> None:
    gc.freeze()
    gc.disable()
    options = {"compression": None, "ping_interval": None, "backlog": 2048, "process_request": answer_page}
    async with serve(serve_socket, "127.0.0.1", port, **options) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1])))
