"""What a stranger may ask of the server before our own code sees anything."""

import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from facilitation.server import listening
from facilitation.server.serving import BODY_BYTES
from tests import servers
from tests.faults.hall import serve
from tests.load.systems import Buurtboom
from tests.sizes import pick

MB = 1024 * 1024


@pytest.fixture(scope="module")
def system(prepared: Buurtboom) -> Iterator[Buurtboom]:
    with serve(prepared) as served:
        yield served


def ask(port: int, *parts: bytes, seconds: float = 40) -> bytes:
    """Everything the server answers to these bytes, until it hangs up."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as wire:
        try:
            for part in parts:
                wire.sendall(part)
            while more := wire.recv(65536):
                answer += more
        except ConnectionError:
            pass  # it hung up while we talked
    return answer


def memory(pid: int) -> int:
    """The memory that this process uses, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


HEAD = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def declared(path: bytes) -> Iterator[bytes]:
    yield HEAD % path + b"Content-Length: 400000000\r\n\r\n"
    for _ in range(400):
        yield b"x" * MB


def chunked(path: bytes) -> Iterator[bytes]:
    yield HEAD % path + b"Transfer-Encoding: chunked\r\n\r\n"
    for _ in range(400):
        yield b"100000\r\n" + b"x" * MB + b"\r\n"


@pytest.mark.parametrize(
    "path", pick([b"/m/BCDFGH/stem"], [b"/", b"/inloggen", b"/m/BCDFGH/stem", b"/healthz", b"/static/css/base.css"])
)
@pytest.mark.parametrize("send", [declared, chunked])
def test_a_post_of_400_mb_is_refused_and_takes_no_memory(
    system: Buurtboom, send: Callable[[bytes], Iterator[bytes]], path: bytes
) -> None:
    pid = system.app.process.pid
    before = memory(pid)
    answer = ask(system.port, *send(path))
    assert answer[:40].startswith(b"HTTP/1.1 413") or answer == b""  # whoever keeps talking may miss the answer
    assert memory(pid) - before < 20 * MB


def test_the_refusal_says_what_to_do(system: Buurtboom) -> None:
    answer = ask(system.port, HEAD % b"/" + b"Content-Length: %d\r\n\r\n" % (BODY_BYTES + 1))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert "Maak het kleiner en probeer het opnieuw." in answer.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 400000\r\n\r\n" + b"x" * 1000,
        b"Content-Length: 400000\r\n\r\n" + b"x" * 400_000,
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 400_000,
    ],
    ids=["some of the body", "all of the body", "a chunk for each byte"],
)
def test_it_is_refused_once_also_when_the_body_comes_along_with_the_head(system: Buurtboom, body: bytes) -> None:
    assert ask(system.port, HEAD % b"/" + body).count(b"HTTP/1.1 413 ") == 1


def test_a_body_of_just_what_we_take_reaches_the_page(system: Buurtboom) -> None:
    answer = ask(
        system.port, HEAD % b"/" + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % BODY_BYTES, b"x" * BODY_BYTES
    )
    assert not answer.startswith(b"HTTP/1.1 413 ")
    assert answer.startswith(b"HTTP/1.1 ")


def test_a_browser_that_tries_https_is_told_at_once(system: Buurtboom) -> None:
    began = time.monotonic()
    assert ask(system.port, bytes.fromhex("160301020001000000")) == b""
    assert time.monotonic() - began < 10  # thirty seconds before


@pytest.mark.parametrize("half", [b"GET /", HEAD % b"/" + b"Content-Length: 9\r\n\r\nx"])
def test_half_a_request_is_not_waited_for(system: Buurtboom, half: bytes) -> None:
    with socket.create_connection(("127.0.0.1", system.port), timeout=60) as wire:
        began = time.monotonic()
        wire.sendall(half)
        for _ in range(4):  # one that drips is no better
            time.sleep(3)
            wire.sendall(b"x")
        assert wire.recv(100) in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert time.monotonic() - began < listening.REQUEST_SECONDS + 20


def test_where_few_files_may_be_open_phones_come_in_again_once_others_go(prepared: Buurtboom) -> None:
    """A process that may open 64 files. Who is not taken in is said in the log, and it is not for ever."""
    with serve(prepared) as system, ExitStack() as wires:
        resource.prlimit(system.app.process.pid, resource.RLIMIT_NOFILE, (64, 64))
        for _ in range(100):
            wire = wires.enter_context(socket.create_connection(("127.0.0.1", system.port), timeout=10))
            wire.sendall(b"GET /hea")
        time.sleep(1)
        assert "A visitor could not be taken in" in system.app.read_log()
        end = time.monotonic() + listening.REQUEST_SECONDS + 20
        while time.monotonic() < end:
            answer = ask(system.port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            if answer.startswith(b"HTTP/1.1 200"):
                break
            time.sleep(1)
        assert answer.startswith(b"HTTP/1.1 200")


def test_the_server_itself_raises_the_limit_of_open_files_and_takes_in_a_hall(
    prepared: Buurtboom, monkeypatch: pytest.MonkeyPatch
) -> None:
    hard = servers.FILES_GIVEN[1]
    monkeypatch.setattr(servers, "FILES_GIVEN", (256, hard))  # as a Mac begins
    with serve(prepared) as system, ExitStack() as wires:
        assert resource.prlimit(system.app.process.pid, resource.RLIMIT_NOFILE)[0] == min(hard, listening.MOST_FILES)
        hall = [
            wires.enter_context(socket.create_connection(("127.0.0.1", system.port), timeout=10)) for _ in range(400)
        ]
        for wire in hall:
            wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert {wire.recv(100)[:15] for wire in hall} == {b"HTTP/1.1 200 OK"}


def test_a_server_does_not_get_the_limit_that_the_load_raised_for_itself(
    prepared: Buurtboom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "FILES_GIVEN", (256, 512))
    with serve(prepared) as system:
        assert resource.prlimit(system.app.process.pid, resource.RLIMIT_NOFILE) == (512, 512)
