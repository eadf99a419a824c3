"""A result as it was kept, read again. Pure."""

from content.structs import learn
from sessions.rules.kept import read_kept
from sessions.rules.tally import Tally

learn(Tally)


def convert_result(kept: object) -> Tally | None:
    """A result as it stands in the database; None when it cannot be read."""
    return read_kept(Tally, kept)
