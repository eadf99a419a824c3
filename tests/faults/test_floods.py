"""One phone, or who pretends to be one, sends whatever it likes. The room does not notice."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from itertools import cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from facilitation.live.outlet import FLOODED
from facilitation.server.serving import MESSAGE_BYTES
from tests.faults.hall import Hall, open_hall, serve, until
from tests.faults.phones import Phone
from tests.load.client import HOST, open_socket
from tests.load.frames import TEXT, mask_frame
from tests.load.systems import Buurtboom
from tests.sizes import pick

BINARY = 0x2
MB = 1024 * 1024
FRAMES_PER_SECOND, FLOODS = 10_000, 5
WITNESSES = 5
PATIENCE_SECONDS = 30  # for an answer, on a busy machine
FRAMES = {"ack", "refused", "pong", "state"}  # what the protocol knows that may answer a phone

tried = settings(max_examples=pick(15, 300), suppress_health_check=[HealthCheck.too_slow])


class Evening:
    """A room with an open vote, in which a witness votes after every blow. `rude` has a seat there too."""

    def __init__(self, runner: asyncio.Runner, hall: Hall) -> None:
        self.runner, self.hall = runner, hall
        self.rude, *witnesses = hall.phones
        self._witnesses = cycle(witnesses)  # who are allowed 20 votes a second each, and blows come faster
        self._read = 0  # of the log

    @property
    def path(self) -> str:
        return f"/m/{self.hall.code}"

    def play(self, blow: Any) -> Any:
        """Let this happen, and return what it gave once the room turned out to go on as before."""
        given_back = self.runner.run(blow)
        self.runner.run(self._vote())
        assert self.hall.app.process.is_alive
        news, self._read = self.hall.app.read_log()[self._read :], len(self.hall.app.read_log())
        assert "Traceback" not in news, news
        return given_back

    async def _vote(self) -> None:
        phone = next(self._witnesses)
        round_number, choices = phone.state["round"], phone.state["choices"]
        mine = choices[phone.own is not None and phone.own[1] == choices[0]]  # each time the other one
        phone.vote(round_number, mine)
        await until(lambda: phone.pending is None, "an acknowledgement for the witness")
        assert (phone.own, phone.refusals, phone.closes) == ((round_number, mine), [], [])


@pytest.fixture(scope="module")
def evening(prepared: Buurtboom) -> Iterator[Evening]:
    with serve(prepared) as system, asyncio.Runner() as runner:
        stack = AsyncExitStack()
        hall = runner.run(stack.enter_async_context(open_hall(system)))
        runner.run(begin(hall))
        yield Evening(runner, hall)
        runner.run(asyncio.sleep(1.5))  # daphne looks every second at what became of a connection
        runner.run(stack.aclose())
        assert "Traceback" not in system.app.read_log()


async def begin(hall: Hall) -> None:
    await hall.seat(1 + WITNESSES)
    await hall.open_vote()


def test_what_the_server_says_may_be_longer_than_what_it_hears(evening):
    """A console's result is longer than any frame of a phone may be, and not only in a broadcast."""

    async def measure_result() -> int:
        hall, heard = evening.hall, []
        await hall.press("close", "reveal")
        path = f"/ws/b/{hall.code}/console"
        socket = await open_socket(hall.room.facilitator, path, lambda text, _: heard.append(text))
        await until(lambda: heard, "the state of the console")
        socket.close()
        await hall.press("again", "open")
        await hall.all_show(version=hall.room.version)
        return len(heard[0])

    assert evening.play(measure_result()) > MESSAGE_BYTES


# ---- Over the socket ----


async def say(phone: Phone, data: bytes, *, patience: float = PATIENCE_SECONDS) -> str:
    """Send these bytes over a socket of its own. Returns the type of the answer, "closed" with the code, or ""."""
    heard: list[str] = []
    socket = await open_socket(
        phone.browser, f"/m/{phone.code}/ws",
        lambda text, _: heard.append(json.loads(text)["type"]), lambda code: heard.append(f"closed {code}"),
    )  # fmt: skip
    try:
        await until(lambda: heard, "the first state")
        socket.send(data)
        with suppress(TimeoutError):
            await until(lambda: len(heard) > 1, "an answer", seconds=patience)
    finally:
        socket.close()
    return heard[1] if len(heard) > 1 else ""


def is_answer(heard: str) -> bool:
    return heard in FRAMES or heard.startswith("closed ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NEARLY = st.fixed_dictionaries(
    {"type": st.sampled_from(["vote", "ping", "state", "ack"])},
    optional={
        "id": st.text() | JSON,
        "round": st.integers() | st.just(2**63) | JSON,
        "answer": st.text() | st.just("\0") | JSON,
    },
)


@tried
@given(st.sampled_from([TEXT, BINARY]), st.binary(max_size=2000))
@example(TEXT, b"\xff\xfe")
@example(TEXT, b"\xed\xa0\x80")  # half of a pair, which UTF-8 does not know
@example(BINARY, b'{"type":"ping"}')
@example(TEXT, b"")
def test_any_bytes_in_a_frame_are_answered_or_end_the_socket(evening: Evening, opcode: int, payload: bytes) -> None:
    assert is_answer(evening.play(say(evening.rude, mask_frame(opcode, payload))))


@tried
@given(JSON | NEARLY)
def test_any_json_is_answered_with_a_frame_of_the_protocol(evening: Evening, value: Any) -> None:
    assert evening.play(say(evening.rude, mask_frame(TEXT, json.dumps(value).encode()))) in FRAMES


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize(
    "payload",
    [b"x" * MB, b"[" * 50_000 + b"]" * 50_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000],
    ids=["a megabyte", "100,000 brackets", "100,000 deep"],
)
def test_a_frame_that_is_too_large_ends_the_socket_before_it_was_kept(
    evening: Evening, payload: bytes, opcode: int
) -> None:
    # The goodbye, 1009, is lost when we still talk while the server hangs up.
    assert evening.play(say(evening.rude, mask_frame(opcode, payload))) in ("closed 1009", "closed 1006")


def test_the_deepest_frame_that_fits_is_answered(evening: Evening) -> None:
    payload = b"[" * (MESSAGE_BYTES // 2) + b"]" * (MESSAGE_BYTES // 2)
    assert evening.play(say(evening.rude, mask_frame(TEXT, payload))) == "refused"


@tried
@given(st.binary(min_size=1, max_size=300))
@example(b"\x83\x80\0\0\0\0")  # an opcode that is not there
@example(b"\xf1\x80\0\0\0\0")  # reserved bits
@example(b"\x81\x05hello")  # not masked
@example(b"\x80\x80\0\0\0\0")  # a continuation of nothing
@example(b"\x89\xfe\x01\x00" + bytes(260))  # a ping that is too long
@example(b"\x88\x81\0\0\0\0\x03")  # a goodbye with half a code
@example(b"\x88\x82\0\0\0\0\x00\x00")  # a goodbye with a code that may not be used
@example(b"\x81\xff" + b"\xff" * 12)  # a frame of 2^64 bytes
def test_bytes_that_are_no_frames_disturb_nobody(evening: Evening, data: bytes) -> None:
    # Half a frame is not answered: there may be more to come.
    evening.play(say(evening.rude, data, patience=0.05))


def test_ten_thousand_frames_a_second_end_the_socket_and_hold_up_nobody(evening: Evening) -> None:
    pings = mask_frame(TEXT, b'{"type":"ping"}') * (FRAMES_PER_SECOND // 10)
    votes = mask_frame(TEXT, json.dumps({"type": "vote", "id": "x", "round": 1, "answer": "x"}).encode())

    async def flood(data: bytes) -> str:
        """A tenth of them at a time, until we are cut off."""
        lost: list[int] = []
        socket = await open_socket(evening.rude.browser, f"/m/{evening.hall.code}/ws", lambda *_: None, lost.append)
        for _ in range(PATIENCE_SECONDS * 10):
            socket.send(data)
            await asyncio.sleep(0.1)
            if lost:
                break
        socket.close()
        return f"closed {lost[0]}" if lost else ""

    # The goodbye may be lost: whoever floods us is cut off without waiting until it was read.
    for data in (pings, votes * (FRAMES_PER_SECOND // 10)) * FLOODS:
        assert evening.play(flood(data)) in (f"closed {FLOODED}", "closed 1006")


# ---- Over HTTP ----


async def ask(evening: Evening, request: bytes, *, patience: float = 0.1) -> list[int]:
    """Send these bytes, and nothing after them. Returns the status of each answer that comes within a moment."""
    reader, writer = await asyncio.open_connection(HOST, evening.hall.system.port)
    data, piece = b"", b"?"
    writer.write(request)
    with suppress(ConnectionError, TimeoutError):  # half a request is not answered: there may be more to come
        while piece:
            piece = await asyncio.wait_for(reader.read(10_000), 0.1 if data else patience)
            data += piece
    writer.close()
    return [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:]]


PART = st.binary(max_size=12) | st.text(max_size=12).map(str.encode)
METHOD = st.sampled_from([b"GET", b"POST", b"PUT", b"OPTIONS"]) | PART
HEADER = st.tuples(
    st.sampled_from(
        [b"Host", b"Cookie", b"Accept", b"Content-Length", b"Content-Type", b"Transfer-Encoding", b"Upgrade",
         b"Connection", b"Origin", b"Sec-WebSocket-Key", b"Sec-WebSocket-Version"]
    ) | PART,
    st.sampled_from([b"127.0.0.1", b"websocket", b"Upgrade", b"chunked", b"0", b"-1", b"99999999999", b"13"]) | PART,
)  # fmt: skip


@tried
@given(st.binary(max_size=500))
@example(b"\xff\xfe / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
@example(b"GET /m/\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
def test_any_bytes_as_a_request_are_no_fault_of_the_server(evening: Evening, request_bytes: bytes) -> None:
    assert [status for status in evening.play(ask(evening, request_bytes)) if status >= 500] == []


@tried
@given(METHOD, st.sampled_from([b"", b"/rol", b"/stem", b"/stand"]), PART, st.lists(HEADER, max_size=6), PART)
def test_anything_like_a_request_is_no_fault_of_the_server(
    evening: Evening, method: bytes, page: bytes, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    lines = [b"%s %s%s?%s HTTP/1.1" % (method, evening.path.encode(), page, query)]
    lines += [b"%s: %s" % header for header in [(b"Host", b"127.0.0.1"), (b"Connection", b"close"), *headers]]
    statuses = evening.play(ask(evening, b"\r\n".join(lines) + b"\r\n\r\n" + body))
    assert [status for status in statuses if status >= 500] == []


WEBSOCKET = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://127.0.0.1\r\n"
)


@pytest.mark.parametrize(
    ("status", "line", "headers"),
    [
        (400, b"GET /", b"Host: [::1\r\n"),
        (400, b"\xff\xfe /", b"Host: 127.0.0.1\r\n"),
        (404, b"GET /%ff%00", b"Host: 127.0.0.1\r\n"),
        (404, b"GET /?code=%ff%00", b"Host: 127.0.0.1\r\n"),
        (403, b"GET /", b"Host: 127.0.0.1\r\n" + WEBSOCKET),
        (403, b"GET /ws/elsewhere", b"Host: 127.0.0.1\r\n" + WEBSOCKET),
        (403, b"GET /m/BCDFGH/ws", b"Host: 127.0.0.1\r\n" + WEBSOCKET.replace(b"127.0.0.1", b"elsewhere.example")),
        (101, b"GET /m/%ff%00/ws", b"Host: 127.0.0.1\r\nCookie: stoel_BCDFGH=\xff;;=\r\n" + WEBSOCKET),
        (
            403,
            b"POST /m/BCDFGH/stem",
            b"Host: 127.0.0.1\r\nCookie: a=b\r\nOrigin: http://[::1\r\nContent-Length: 0\r\n",
        ),
        # A phone without cookies is shown the roles of its meeting, and there is none of this code.
        (404, b"POST /m/BCDFGH/stem", b"Host: 127.0.0.1\r\nOrigin: http://[::1\r\nContent-Length: 0\r\n"),
        # Daphne's own limits: it says 500 itself, and our log has one line of it.
        (500, b"GET /", b"Host: 127.0.0.1\r\nDaphne-Root-Path: \xff\r\n"),
        (500, b"GET /m/BCDFGH/ws", b"Host: 127.0.0.1\r\nSec-WebSocket-Protocol: \xff\r\n" + WEBSOCKET),
    ],
)
def test_an_odd_request_is_refused_without_a_traceback(
    evening: Evening, status: int, line: bytes, headers: bytes
) -> None:
    assert evening.play(ask(evening, line + b" HTTP/1.1\r\n" + headers + b"\r\n", patience=PATIENCE_SECONDS)) == [
        status
    ]


FIELD = st.sampled_from(["id", "round", "answer"])
VALUE = st.text() | st.binary() | st.integers().map(str)


@tried
@given(st.dictionaries(FIELD | st.text(min_size=1), VALUE, max_size=6))
@example({"round": "1", "answer": "\0"})
@example({"round": "²", "answer": "x"})
@example({"round": "١", "answer": "x", "id": b"\xff"})
def test_a_form_with_any_fields_is_answered_with_a_frame_or_a_page(evening: Evening, fields: dict[str, Any]) -> None:
    browser = evening.rude.browser
    form = {**fields, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    answer = evening.play(browser.post(f"{evening.path}/stem", form, accept="application/json"))
    assert json.loads(answer.body)["type"] in ("ack", "refused")
    page = evening.play(browser.post(f"{evening.path}/stem", form))
    assert page.status in (302, 422)


def test_a_header_that_daphne_believes_changes_no_address_on_the_screen_of_another(evening: Evening) -> None:
    async def look() -> str:
        first, second = (Phone(evening.hall.system.port, evening.hall.code, "beleidsambtenaar") for _ in range(2))
        await first.join()  # nobody else of this role is here, so it has the screen of all of them drawn
        await ask(
            evening,
            f"GET {evening.path}/stand HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {first.browser.cookie_header}\r\n"
            "Daphne-Root-Path: /elders\r\n\r\n".encode(),
        )
        await second.join()
        second.start()
        await until(lambda: second.state, "a state")
        html = second.state["html"]
        await second.leave()
        return html

    html = evening.play(look())
    assert f'action="{evening.path}/stem"' in html
    assert "elders" not in html
