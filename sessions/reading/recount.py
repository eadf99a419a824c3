"""Reading a session again: what did not change is not read a second time.

While people vote every room counts several times a second, so the statements are written out. A reading is kept by its
revisions; votes, hands and people are counted anew each time.
"""

import msgspec

from content.editions import load_library
from sessions.models import GroupSession, Trajectory
from sessions.reading.audiences import load_session
from sessions.reading.counts import count_now
from sessions.reading.shapes import Reading
from sessions.shelf import Shelf
from sessions.statements import ask, table

_REVISIONS = (
    f"SELECT meeting.version, meeting.desk_revision, part_of.plan_revision FROM {table(GroupSession)} meeting"
    f" JOIN {table(Trajectory)} part_of ON part_of.id = meeting.trajectory_id"
    " WHERE meeting.id = %s AND meeting.deleted_at IS NULL"
)
TRIES = 3  # to read a session of which nothing changes meanwhile

_readings: Shelf[str, Reading] = Shelf(300)  # by code: the newest that this process read


def read_session(code: str, language: str) -> Reading:
    """The session as it is now, its texts in this language. Raises GroupSession.DoesNotExist."""
    known = _readings.get(code)
    return put_in_words(_readings.put(code, (known and count_again(known)) or _load_whole(code, language)), language)


def put_in_words(reading: Reading, language: str) -> Reading:
    """The same reading with its texts in this language: a room is read once for all its languages."""
    if reading.language == language:
        return reading
    library = load_library(reading.session.edition_id, language)
    return msgspec.structs.replace(reading, language=language, library=library)


def count_again(reading: Reading) -> Reading | None:
    """The same reading with the votes and people of now. None when anything else changed, or the session is gone."""
    if not _is_of_now(reading):
        return None
    numbers = count_now(reading.session.pk, reading.state.current)
    return msgspec.structs.replace(reading, **numbers._asdict())


def _load_whole(code: str, language: str) -> Reading:
    """Read until all of it is of one moment: a step between two statements would give half old and half new."""
    for _ in range(TRIES):
        reading = load_session(code, language)
        if _is_of_now(reading):
            break
    return reading


def _is_of_now(reading: Reading) -> bool:
    return ask(_REVISIONS, [reading.session.pk]) == [reading.revisions]
