"""What the log says of a visitor who sends nonsense, and while the database or the channel layer is away."""

import logging
import re
import threading
import time

from django.db import InterfaceError, OperationalError

_KEYS = re.compile(r"/([ph])/[\w-]+")


class OneLine(logging.Filter):
    """Tells in one line what cannot be read. Where that showed in our code, or in daphne's, says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        elif record.name in ("daphne.http_protocol", "daphne.ws_protocol"):
            # Daphne's message is the whole traceback; the last line of it is what was wrong.
            record.msg, record.args = record.getMessage().rstrip().rpartition("\n")[2], ()
        return True


class Keyless(logging.Filter):
    """The address of a shared plan, and of who gets a mail about one, is the key to it, and stands in no log."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/p/" in said or "/h/" in said:
            record.msg, record.args = _KEYS.sub(r"/\1/...", said), ()
        return True


class Counted(logging.Filter):
    """While something is away every frame and form meets it: one line a second, with how many there were."""

    SECONDS = 1

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._told: dict[str, tuple[float, int]] = {}  # what -> when we said it last, and how often it came since

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        away = find_what_is_away(error, record.name)
        if not away:
            return True
        with self._lock:
            now = time.monotonic()
            said_at, more = self._told.get(away, (-float(self.SECONDS), 0))
            if now - said_at < self.SECONDS:
                self._told[away] = said_at, more + 1
                return False
            self._told[away] = now, 0
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        record.args = record.getMessage(), away, reason, f" (and {more} more)" if more else ""
        record.msg = "%s The %s: %s%s"
        record.exc_info = record.exc_text = None
        return True


def find_what_is_away(error: BaseException | None, where: str) -> str:
    """What does not answer, when that is what this error of this logger says. A fault of ours says nothing of it."""
    if isinstance(error, OperationalError | InterfaceError):
        return "database"
    # By its name: without a Redis nobody has to load what speaks to one.
    is_redis = type(error).__module__.startswith("redis.")
    is_silence = where.startswith("facilitation.") and isinstance(error, TimeoutError | ConnectionError)
    return "channel layer" if is_redis or is_silence else ""
