"""Websocket frames as bytes (RFC 6455): just enough for a cheap client. No sockets here."""

import os

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
_CONTINUATION, _BINARY = 0x0, 0x2


class FrameError(Exception):
    """The other side does not speak the protocol."""


def mask_frame(opcode: int, payload: bytes) -> bytes:
    """A whole frame from a client: masked, as the protocol demands."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 0x10000:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    key = os.urandom(4)
    # One exclusive or over the whole text is far cheaper than one a byte.
    pad = (key * (size // 4 + 1))[:size]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")
    return head + key + masked.to_bytes(size, "big")


class FrameReader:
    """Bytes from a server -> messages. A message in fragments comes out whole."""

    def __init__(self) -> None:
        self._rest = b""
        self._parts: list[bytes] = []
        self._kind = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The messages that are complete now, as (opcode, payload). Raises FrameError."""
        if self._rest:
            data = self._rest + data
        messages = []
        place, end = 0, len(data)
        while end - place >= 2:
            first, size = data[place], data[place + 1]
            if first & 0x70 or size & 0x80:
                raise FrameError("a frame that is compressed or masked, from a server")
            start = place + 2
            if size == 126:
                start, size = place + 4, int.from_bytes(data[place + 2 : place + 4], "big")
            elif size == 127:
                start, size = place + 10, int.from_bytes(data[place + 2 : place + 10], "big")
            if start + size > end:
                break  # also when only half of the size is here: what is read then is never too long
            place = start + size
            if message := self._take(first, data[start:place]):
                messages.append(message)
        self._rest = data[place:]
        return messages

    def _take(self, first: int, payload: bytes) -> tuple[int, bytes] | None:
        opcode, is_last = first & 0x0F, first & 0x80
        if opcode >= CLOSE:
            return opcode, payload  # may come between two fragments
        if (opcode == _CONTINUATION and not self._kind) or (opcode in (TEXT, _BINARY) and self._kind):
            raise FrameError("fragments out of order")
        if is_last and not self._kind:
            return opcode, payload
        self._kind = opcode or self._kind
        self._parts.append(payload)
        if not is_last:
            return None
        whole = self._kind, b"".join(self._parts)
        self._kind, self._parts = 0, []
        return whole
