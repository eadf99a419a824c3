"""Reading a session again: what did not change is not read a second time.

While people vote every room counts several times a second, so the statements are written out. A walk is kept by its
version; votes, hands and people are counted anew each time.
"""

import msgspec

from sessions.models import GroupSession
from sessions.queries.counts import count_now
from sessions.queries.shapes import Walk
from sessions.queries.walk import load_walk
from sessions.shelf import Shelf
from sessions.statements import ask, table

_VERSION = f"SELECT version FROM {table(GroupSession)} WHERE id = %s AND deleted_at IS NULL"

_walks: Shelf[str, Walk] = Shelf(300)  # by code: the newest that this process read


def read_walk(code: str) -> Walk:
    """The session as it is now. Raises GroupSession.DoesNotExist."""
    known = _walks.get(code)
    return _walks.put(code, (known and count_again(known)) or load_walk(code))


def count_again(walk: Walk) -> Walk | None:
    """The same walk with the votes and the people of now. None when the session has moved on, or is gone."""
    session, current = walk.session.pk, walk.state.current
    if ask(_VERSION, [session]) != [(walk.state.version,)]:
        return None
    return msgspec.structs.replace(walk, **count_now(session, current)._asdict())
