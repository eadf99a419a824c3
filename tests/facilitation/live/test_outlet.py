"""The way out to one socket: a slow reader gets the newest state, and holds up nobody."""

import asyncio
from typing import Any

from autobahn.websocket.protocol import PreparedMessage

from facilitation.live.outlet import FLOODED, Outlet


class Transport:
    """What daphne's protocol writes to."""

    def __init__(self) -> None:
        self.is_read, self.is_cut, self.producer = True, False, None

    def unregisterProducer(self) -> None:  # noqa: N802
        self.producer = None

    def registerProducer(self, producer: object, streaming: bool) -> None:  # noqa: N802
        assert streaming
        self.producer = producer

    def pauseProducing(self) -> None:  # noqa: N802
        self.is_read = False

    def resumeProducing(self) -> None:  # noqa: N802
        self.is_read = True

    def abortConnection(self) -> None:  # noqa: N802
        self.is_cut = True


class DaphneProtocol:
    STATE_OPEN = state = 3

    def __init__(self) -> None:
        self.transport, self.shown, self.said = Transport(), [], []

    def sendPreparedMessage(self, message: PreparedMessage) -> None:  # noqa: N802
        self.shown.append(message.payloadHybi)


class DaphneSend:
    """`send` as daphne makes it: a partial of its server's method and the protocol."""

    def __init__(self, protocol: DaphneProtocol) -> None:
        self.args = (protocol,)

    async def __call__(self, message: dict[str, Any]) -> None:
        self.args[0].said.append(message)


async def test_a_state_is_shown_as_one_text_frame():
    protocol = DaphneProtocol()
    outlet = Outlet(DaphneSend(protocol), lambda: None)
    await outlet.show("één")
    assert protocol.shown == [b"\x81\x05" + "één".encode()]


async def test_a_full_socket_gets_no_states_and_is_not_read_and_asks_once_for_the_newest():
    protocol, asked = DaphneProtocol(), []
    outlet = Outlet(DaphneSend(protocol), lambda: asked.append("newest"))
    await outlet.accept()
    protocol.transport.producer.pauseProducing()
    await outlet.show("1")
    await outlet.show("2")
    assert (protocol.shown, protocol.transport.is_read, asked) == ([], False, [])
    protocol.transport.producer.resumeProducing()
    assert (protocol.transport.is_read, asked) == (True, ["newest"])
    await outlet.show("3")
    assert len(protocol.shown) == 1


async def test_a_socket_that_missed_nothing_asks_for_nothing():
    protocol, asked = DaphneProtocol(), []
    outlet = Outlet(DaphneSend(protocol), lambda: asked.append("newest"))
    await outlet.accept()
    protocol.transport.producer.pauseProducing()
    protocol.transport.producer.resumeProducing()
    assert asked == []


async def test_who_floods_is_cut_off():
    protocol = DaphneProtocol()
    outlet = Outlet(DaphneSend(protocol), lambda: None)
    await outlet.accept()
    await outlet.cut()
    assert protocol.said[-1] == {"type": "websocket.close", "code": FLOODED}
    assert protocol.transport.is_cut


async def test_on_a_server_that_waits_for_a_slow_reader_nobody_else_waits():
    gate, sent, asked = asyncio.Event(), [], []

    async def send(message: dict[str, Any]) -> None:
        await gate.wait()
        sent.append(message["text"])

    outlet = Outlet(send, lambda: asked.append("newest"))
    for state in ("1", "2", "3"):
        await asyncio.wait_for(outlet.show(state), 1)
    gate.set()
    await asyncio.sleep(0.01)
    assert (sent, asked) == (["1"], ["newest"])
