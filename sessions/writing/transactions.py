"""One way to write: a transaction, and on SQLite one at a time.

On PostgreSQL rows are locked in one order, so that nobody waits in a circle: meetings in the order of their keys, then
what hangs on them, then the trajectory, and participants in the order of theirs. Votes share the lock of their meeting.
Who writes in the plan locks the trajectory alone.
Who is seen is written without a lock before it: one statement, and a fault only means that it is written again.

SQLite has one writer, and who finds it busy sleeps and tries again, ever longer: under many votes a command could wait
for half a second. Within a process the next one is told at once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from sessions.models import GroupSession, Participant
from sessions.statements import ask, table

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


def lock_sessions(sessions: QuerySet[GroupSession]) -> list[int]:
    """Lock these meetings, in the order of their keys. Returns the keys of those that are there."""
    wanted = sorted(set(sessions.values_list("pk", flat=True)))
    locked = GroupSession.everything.select_for_update().filter(pk__in=wanted).order_by("pk")
    return list(locked.values_list("pk", flat=True))


def lock_people(people: QuerySet[Participant]) -> list[int]:
    """Lock these participants, in the order of their keys. Returns the keys of those that are there."""
    return list(people.select_for_update().order_by("pk").values_list("pk", flat=True))


def lock_session(code: str) -> GroupSession:
    """The session with this code, which nobody else writes to until the transaction ends. Raises DoesNotExist."""
    # Facilitators' commands are rare; one row lock keeps two devices, and votes against a close, in order.
    # What only points at its row, such as a new line of the plan, does not wait.
    return GroupSession.objects.select_for_update(no_key=True).get(code=code)


def keep_from_deletion(session: GroupSession) -> None:
    """Nobody deletes this meeting until the transaction ends; who writes to it goes on."""
    if connection.features.has_select_for_update:
        ask(f"SELECT id FROM {table(GroupSession)} WHERE id = %s FOR KEY SHARE", [session.pk])
