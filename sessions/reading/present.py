"""Who is here: who was seen not too long ago, by a clock that somebody may put right meanwhile."""

import threading
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

JUMP_SECONDS = 60  # less is a clock that is put right gently


class Hindsight:
    """Looks back over a while by the wall clock. Where that was put right since, by the earliest of what it said.

    Without it a whole hall would have been seen an hour ago as soon as a server finds out that it was an hour slow. A
    computer that slept looks the same: whoever was here before counts for that while longer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lead = timezone.now().timestamp() - time.monotonic()  # of the wall clock over the steady one
        self._earlier: list[tuple[float, float]] = []  # a lead it had, and when, by the steady clock, that ended

    def look_back(self, while_: timedelta) -> datetime:
        """What the wall clock said this long ago."""
        now, steady = timezone.now(), time.monotonic()
        lead = now.timestamp() - steady
        with self._lock:
            if abs(lead - self._lead) > JUMP_SECONDS:
                self._earlier.append((self._lead, steady))
                self._lead = lead
            self._earlier = [old for old in self._earlier if steady - old[1] < while_.total_seconds()]
            least = min([lead, *(earlier for earlier, _ in self._earlier)])
        return now - while_ - timedelta(seconds=lead - least)


_hindsight = Hindsight()


def present_since() -> datetime:
    """Who was seen after this is still here."""
    return _hindsight.look_back(timedelta(minutes=settings.PRESENT_MINUTES))
