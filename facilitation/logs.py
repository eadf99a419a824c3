"""What the log says of a visitor who sends nonsense, and while the database is away."""

import logging
import threading
import time

from django.db import DatabaseError, InterfaceError


class OneLine(logging.Filter):
    """Tells in one line what cannot be read. Where that showed in our code, or in daphne's, says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        elif record.name in ("daphne.http_protocol", "daphne.ws_protocol"):
            # Daphne's message is the whole traceback; the last line of it is what was wrong.
            record.msg, record.args = record.getMessage().rstrip().rpartition("\n")[2], ()
        return True


class Counted(logging.Filter):
    """While the database is away: one line a second, with how many there were, instead of a traceback for each."""

    SECONDS = 1

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._said_at, self._unsaid = -float(self.SECONDS), 0

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, DatabaseError | InterfaceError):
            return True
        with self._lock:
            now = time.monotonic()
            if now - self._said_at < self.SECONDS:
                self._unsaid += 1
                return False
            more, self._unsaid, self._said_at = self._unsaid, 0, now
        lines = str(error).strip().splitlines() or [type(error).__name__]
        record.msg, record.args, record.exc_info, record.exc_text = (
            "%s The database: %s%s", (record.getMessage(), lines[0], f" (and {more} more)" if more else ""), None, None
        )  # fmt: skip
        return True
