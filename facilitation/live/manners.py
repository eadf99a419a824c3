"""How much one participant may ask, over however many sockets."""

import time
from collections.abc import Hashable
from typing import Any

FRAMES_PER_SECOND = 20  # nobody taps this fast
MOST_FRAMES_AT_ONCE = 100
SOCKETS_PER_SEAT = 4  # tabs of one phone
MOST_REMEMBERED = 10_000


class Allowance:
    """What may still be said: so many frames a second, and a burst at once."""

    def __init__(self) -> None:
        self._left, self._counted_at = float(MOST_FRAMES_AT_ONCE), time.monotonic()

    @property
    def is_rested(self) -> bool:
        """Whether it is worth no more than a new one."""
        return self._left + (time.monotonic() - self._counted_at) * FRAMES_PER_SECOND >= MOST_FRAMES_AT_ONCE

    def take(self) -> bool:
        """Take one frame from it. False when there is nothing left."""
        now = time.monotonic()
        more = (now - self._counted_at) * FRAMES_PER_SECOND
        self._left, self._counted_at = min(MOST_FRAMES_AT_ONCE, self._left + more) - 1, now
        return self._left >= 0


class Manners:
    """The sockets of each seat, oldest first, and what they may say together."""

    def __init__(self) -> None:
        self._sockets: dict[Hashable, list[Any]] = {}
        self._allowances: dict[Hashable, Allowance] = {}

    def come_in(self, seat: Hashable, socket: Any) -> tuple[Allowance, Any]:
        """A socket of a seat opens. Returns what it may say, and the socket that has to go for it, if any."""
        sockets = self._sockets.setdefault(seat, [])
        sockets.append(socket)
        allowance = self._allowances.setdefault(seat, Allowance())
        return allowance, sockets[0] if len(sockets) > SOCKETS_PER_SEAT else None

    def leave(self, seat: Hashable, socket: Any) -> None:
        """A socket of a seat closed."""
        sockets = self._sockets.get(seat, [])
        if socket in sockets:
            sockets.remove(socket)
        if sockets:
            return
        self._sockets.pop(seat, None)
        # Who was cut off and comes straight back goes on with what was left.
        if seat in self._allowances and (self._allowances[seat].is_rested or len(self._allowances) > MOST_REMEMBERED):
            del self._allowances[seat]

    def may_ask(self, seat: Hashable) -> bool:
        """Whether this seat may ask for its state once more, over no socket. From any thread."""
        allowance = self._allowances.get(seat)
        if allowance is None:
            if len(self._allowances) > MOST_REMEMBERED:
                self._allowances.clear()
            allowance = self._allowances[seat] = Allowance()
        return allowance.take()

    def forget(self) -> None:
        """Begin anew, as between two tests."""
        self._sockets.clear()
        self._allowances.clear()


manners = Manners()
