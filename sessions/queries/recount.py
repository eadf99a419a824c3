"""Reading a session again: what did not change is not read a second time.

While people vote every room counts several times a second, so the statements are written out. A walk is kept by its
version; votes, hands and people are counted anew each time.
"""

import msgspec
from django.db import connection

from sessions.models import GroupSession, HandCount, Round, Vote
from sessions.queries.counts import ask, count_people
from sessions.queries.shapes import Walk
from sessions.queries.walk import load_walk
from sessions.shelf import Shelf
from sessions.tally import Votes

_names = {model: connection.ops.quote_name(model._meta.db_table) for model in (GroupSession, Round, Vote, HandCount)}
_HERE = f"SELECT id FROM {_names[Round]} WHERE session_id = %s AND number = %s"
_VERSION = f"SELECT version FROM {_names[GroupSession]} WHERE id = %s AND deleted_at IS NULL"
_VOTES = (
    f"SELECT role, answer, COUNT(*) FROM {_names[Vote]} WHERE round_id = ({_HERE})"
    " GROUP BY role, answer ORDER BY role, answer"
)
_HANDS = f"SELECT role, answer, count FROM {_names[HandCount]} WHERE round_id = ({_HERE}) ORDER BY role, answer"


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
    here = [session, current.number if current else 0]
    return msgspec.structs.replace(
        walk,
        votes=tuple(Votes(*row) for row in ask(_VOTES, here)),
        hands=tuple(Votes(*row) for row in ask(_HANDS, here)),
        people=count_people(session, current),
    )
