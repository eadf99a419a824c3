"""Reading a session again: what did not change is not read a second time.

While people vote every room counts several times a second, so the statements are written out. A reading is kept by its
version; votes, hands and people are counted anew each time.
"""

import msgspec

from sessions.models import GroupSession
from sessions.reading.audiences import load_session
from sessions.reading.counts import count_now
from sessions.reading.shapes import Reading
from sessions.shelf import Shelf
from sessions.statements import ask, table

_VERSION = f"SELECT version FROM {table(GroupSession)} WHERE id = %s AND deleted_at IS NULL"

_readings: Shelf[str, Reading] = Shelf(300)  # by code: the newest that this process read


def read_session(code: str) -> Reading:
    """The session as it is now. Raises GroupSession.DoesNotExist."""
    known = _readings.get(code)
    return _readings.put(code, (known and count_again(known)) or load_session(code))


def count_again(reading: Reading) -> Reading | None:
    """The same reading with the votes and the people of now. None when the session has moved on, or is gone."""
    session, current = reading.session.pk, reading.state.current
    if ask(_VERSION, [session]) != [(reading.state.version,)]:
        return None
    return msgspec.structs.replace(reading, **count_now(session, current)._asdict())
