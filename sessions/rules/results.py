"""A result as it was kept, read again; and which answers not everybody may give. Pure."""

from content.graph import Library, Node
from content.structs import learn
from sessions.rules.kept import read_kept
from sessions.rules.tally import Tally

learn(Tally)


def convert_result(kept: object) -> Tally | None:
    """A result as it stands in the database; None when it cannot be read."""
    return read_kept(Tally, kept)


def find_bound(library: Library, node: Node) -> dict[str, tuple[str, ...]]:
    """The answers that not every role may give, with the roles that may."""
    return {answer.slug: answer.roles for answer in node.answers if len(answer.roles) < len(library.roles)}
