"""Who is in the room while we measure: phones that note when things happened to them, and the screen on the wall."""

import asyncio
import re
import time
from collections.abc import Callable, Iterable

import msgspec

from tests.load.client import Browser, Socket
from tests.load.frames import TEXT, mask_frame

# A hall as it usually is: mostly residents, some professionals, a few civil servants.
HALL = ("inwoner", "inwoner", "inwoner", "wijkprofessional", "inwoner", "inwoner", "beleidsambtenaar", "inwoner")
_TURNOUT = re.compile(rb"<b>(\d+) van \d+</b>")


class Frame(msgspec.Struct):
    """What a phone reads of a frame from the server; it steps over the page in it."""

    type: str
    version: int = 0
    status: str = ""
    round: int | None = None
    choices: tuple[str, ...] = ()
    id: str = ""


read_frame = msgspec.json.Decoder(Frame).decode


class Phone:
    """One participant. All moments are of perf_counter, in seconds."""

    def __init__(self, browser: Browser, seat: str) -> None:
        self.browser, self.seat = browser, seat
        self.socket: Socket | None = None
        self.state: Frame | None = None
        self.states: list[tuple[int, float]] = []  # the version of each state that came in, and when
        self.answer = ""
        self.planned_at = self.sent_at = self.acked_at = 0.0
        self.refused = False
        self.votes = 0
        self.on_ack: Callable[[Phone], None] | None = None
        self.entered: asyncio.Event = asyncio.Event()
        self._ballot = b""

    def hear(self, text: bytes, now: float) -> None:
        frame = read_frame(text)
        if frame.type == "ack":
            if frame.id == str(self.votes) and not self.acked_at:
                self.acked_at = now
                if self.on_ack:
                    self.on_ack(self)
        elif frame.type == "state":
            self.state = frame
            self.states.append((frame.version, now))
            self.entered.set()
        elif frame.type == "refused":
            self.refused = True

    def prepare_vote(self, answer: str) -> None:
        """Write the ballot now, so that casting it costs next to nothing."""
        assert self.state
        self.votes += 1
        self.answer, self.sent_at, self.acked_at, self.refused = answer, 0.0, 0.0, False
        ballot = {"type": "vote", "id": str(self.votes), "round": self.state.round, "answer": answer}
        self._ballot = mask_frame(TEXT, msgspec.json.encode(ballot))

    def cast_vote(self) -> None:
        self.sent_at = time.perf_counter()
        if self.socket:
            self.socket.send(self._ballot)

    @property
    def version(self) -> int:
        return self.state.version if self.state else -1

    @property
    def is_waiting(self) -> bool:
        """Its vote may still be acknowledged."""
        return not (self.acked_at or self.refused) and self.socket is not None and self.socket.is_open

    def seen_since(self, version: int) -> float | None:
        """When it was first shown this version, or a newer one."""
        return next((moment for shown, moment in self.states if shown >= version), None)

    def leave(self) -> None:
        self.browser.hang_up()
        if self.socket:
            self.socket.close()


class Screen:
    """The beamer: how many voted, and since when it says so."""

    def __init__(self) -> None:
        self.socket: Socket | None = None
        self.entered: asyncio.Event = asyncio.Event()
        self.turnouts: list[tuple[int, float]] = []
        self.heard: list[float] = []  # when anything came in

    def hear(self, text: bytes, now: float) -> None:
        self.entered.set()
        self.heard.append(now)
        if found := _TURNOUT.search(text):
            self.turnouts.append((int(found[1]), now))

    @property
    def turnout(self) -> int:
        return self.turnouts[-1][0] if self.turnouts else 0

    def leave(self) -> None:
        if self.socket:
            self.socket.close()


def time_on_screen(sent: Iterable[float], turnouts: Iterable[tuple[int, float]], *, missing: float) -> list[float]:
    """Seconds from each vote until the screen counted it: the i-th vote sent is there when it first says i.

    A vote that the screen did not count in time took `missing` seconds.
    """
    times = []
    changes = iter(turnouts)
    shown, moment = 0, 0.0
    for place, sent_at in enumerate(sorted(sent), start=1):
        while shown < place:
            change = next(changes, None)
            if change is None:
                break
            shown, moment = change
        times.append(min(max(moment - sent_at, 0.0), missing) if shown >= place else missing)
    return times
