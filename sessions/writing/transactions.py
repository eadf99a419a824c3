"""One way to write: a transaction, and on SQLite one at a time. Who writes to one meeting locks its row first.

SQLite has one writer, and who finds it busy sleeps and tries again, ever longer: under many votes a command could wait
for half a second. Within a process the next one is told at once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from sessions.models import GroupSession

_turn = threading.RLock()


@contextmanager
def write() -> Iterator[None]:
    """A transaction that writes."""
    if connection.features.has_select_for_update:
        with transaction.atomic():
            yield
    else:
        with _turn, transaction.atomic():
            yield


def lock_session(code: str) -> GroupSession:
    """The session with this code, which nobody else writes to until the transaction ends. Raises DoesNotExist."""
    # Facilitators' commands are rare; one row lock keeps two devices, and votes against a close, in order.
    return GroupSession.objects.select_for_update().get(code=code)
