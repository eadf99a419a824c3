"""Daphne with limits on what a stranger may ask of it before our own code sees anything.

Run as a program, with daphne's own arguments. Daphne takes any body in whole, waits for half a request for ever, and
says nothing when it cannot take a visitor in.
"""

import logging
import os
import resource
import sys
import time
from typing import Any

from daphne import server
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.logger import globalLogPublisher
from twisted.web import http

from facilitation.server.serving import BODY_BYTES

logger = logging.getLogger(__name__)

REQUEST_SECONDS = 20  # a request is whole by then; a phone on a weak connection needs two
IDLE_SECONDS = 30  # a connection that asks nothing
GOODBYE_SECONDS = 1  # to read why it was refused, before the connection is cut
MOST_FILES = 65_536  # open at once: each phone is one
TLS_HELLO = b"\x16\x03"

TOO_LARGE = "Dit is te veel om in één keer te versturen. Maak het kleiner en probeer het opnieuw.\n"


class Request(WebRequest):
    """A request whose body may not grow beyond what we take."""

    _received = 0

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        if self.channel.is_refused:
            return  # what came with it
        self._received += len(data)
        if self._received > BODY_BYTES:
            self.channel.refuse()
        else:
            super().handleContentChunk(data)


class Channel(http.HTTPChannel):
    """One connection. It has to bring a whole request in time, and no more than we take."""

    requestFactory = Request  # noqa: N815
    _deadline: Any = None
    _is_new = True
    is_refused = False

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.is_refused:
            return  # still talking
        if self._is_new and data.startswith(TLS_HELLO[: len(data)]):
            # A browser that tries https on our plain port would wait for us to understand it.
            self.transport.abortConnection()
            return
        self._is_new = False
        if self._deadline is None and not self._handlingRequest:
            self._deadline = self.callLater(REQUEST_SECONDS, self.timeoutConnection)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:  # noqa: N802
        if self.length is not None and self.length > BODY_BYTES:
            self.refuse()
        else:
            super().allHeadersReceived()

    def allContentReceived(self) -> None:  # noqa: N802
        if self.is_refused:
            return
        self._forget_deadline()
        super().allContentReceived()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self._forget_deadline()
        super().connectionLost(reason)

    def refuse(self) -> None:
        """Say that this is too much, take in nothing more, and hang up."""
        self.is_refused = True
        body = TOO_LARGE.encode()
        self.transport.write(
            b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        self.callLater(GOODBYE_SECONDS, self.transport.abortConnection)

    def _forget_deadline(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None


class Factory(HTTPFactory):
    """Makes our connections instead of Twisted's."""

    def __init__(self, serving: Any) -> None:
        super().__init__(serving)
        self.timeOut = IDLE_SECONDS

    def protocol(self) -> http._GenericHTTPChannelProtocol:
        return http._GenericHTTPChannelProtocol(Channel())

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


def raise_limit_of_files() -> None:
    """As many open files as the system allows. Where it allows few (256 on a Mac), the 230th phone would be cut off."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (MOST_FILES, 10_240, 4_096):
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft != resource.RLIM_INFINITY and limit > soft:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            except (ValueError, OSError):
                continue  # a Mac says that there is no limit, and refuses more than ten thousand
        return


class AcceptWatcher:
    """Says it in the log when a visitor cannot be taken in, at most once in some seconds."""

    SECONDS = 10
    WORDS = ("EMFILE encountered", "Could not accept")

    def __init__(self) -> None:
        self._said_at = -float(self.SECONDS)

    def __call__(self, event: dict[str, Any]) -> None:
        is_of_a_port = str(event.get("log_namespace")).startswith("twisted.internet.tcp")
        if not is_of_a_port or not str(event.get("log_format")).startswith(self.WORDS):
            return
        if time.monotonic() - self._said_at >= self.SECONDS:
            self._said_at = time.monotonic()
            limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            logger.error("A visitor could not be taken in: this server may have %d files open at once.", limit)


def main() -> None:
    """Serve."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facilitation.settings")
    raise_limit_of_files()
    server.HTTPFactory = Factory
    globalLogPublisher.addObserver(AcceptWatcher())
    sys.argv[0] = "daphne"
    CommandLineInterface.entrypoint()


if __name__ == "__main__":
    main()
