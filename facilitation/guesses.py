"""Codes that strangers try: so many wrong ones in this process, and no more are looked up for a while.

Never counted by address, for a hall shares one. A code that somebody used here is known, and stays as fast as ever;
so is a meeting that is under way at another process, or was before a restart of this one.
"""

import threading
import time

from sessions.reading.codes import list_codes_in_use
from sessions.shelf import Shelf

MISSES_AT_ONCE, MISSES_PER_SECOND = 60, 2  # a hall that types a code from the wall makes a few mistakes a minute
MOST_KNOWN = 5_000
LISTED_EVERY = 5.0  # seconds: who guesses on makes us read the list so often, and no more


class Guesses:
    """The budget of wrong codes, and the codes that are known."""

    def __init__(self) -> None:
        self._known: Shelf[str, bool] = Shelf(MOST_KNOWN)
        self._lock, self._listing = threading.Lock(), threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew, as between two tests."""
        self._known.clear()
        self._left, self._counted_at = float(MISSES_AT_ONCE), time.monotonic()
        self._listed_at = -LISTED_EVERY

    def may_look_up(self, code: str) -> bool:
        """Whether this code may be looked up now."""
        if self._known.get(code) is None and self._count(0) < 1:
            self._learn_codes_in_use()
            return self._known.get(code) is not None
        return True

    def note_hit(self, code: str) -> None:
        if self._known.get(code) is None:
            self._known.put(code, True)

    def note_miss(self) -> None:
        self._count(1)

    def _learn_codes_in_use(self) -> None:
        with self._listing:  # who comes while one reads waits for that list, and is not sent away
            if time.monotonic() - self._listed_at < LISTED_EVERY:
                return
            self._listed_at = time.monotonic()
            for code in list_codes_in_use(MOST_KNOWN // 2):
                self.note_hit(code)

    def _count(self, misses: int) -> float:
        with self._lock:
            now = time.monotonic()
            more = (now - self._counted_at) * MISSES_PER_SECOND
            self._left, self._counted_at = max(0.0, min(MISSES_AT_ONCE, self._left + more) - misses), now
            return self._left


guesses = Guesses()
