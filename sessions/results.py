"""The result of a round: counted once, at its reveal, and kept as it was shown.

What happens to seats and votes later changes no page that somebody saw.
"""

import msgspec

from content.graph import Library, Node, Place
from content.structs import learn
from sessions.kept import read_kept
from sessions.models import HandCount, Round, Vote
from sessions.statements import ask, table
from sessions.tally import FLOOR, NO_FLOOR, Tally, Votes, count_votes

learn(Tally)

_ROUND = f"round_id = (SELECT id FROM {table(Round)} WHERE session_id = %s AND number = %s)"
_ANSWERS = (
    f"SELECT role, answer, COUNT(*) FROM {table(Vote)} WHERE {_ROUND} GROUP BY role, answer ORDER BY role, answer"
)
_HANDS = f"SELECT role, answer, count FROM {table(HandCount)} WHERE {_ROUND} ORDER BY role, answer"


def keep_result(row: Round, library: Library) -> None:
    """Count this round and keep what may be shown of it."""
    node = library.node(Place(row.phase, row.node))
    same_question = Round.objects.filter(session=row.session_id, phase=row.phase, node=row.node)
    earlier = [convert_result(result) for result in same_question.values_list("result", flat=True) if result]
    roles = [role.slug for role in library.roles]
    tally = count_votes(
        count_answers(row.session_id, row.number),
        list_hands(row.session_id, row.number),
        answers=[answer.slug for answer in node.answers],
        roles=roles,
        # Of a result that cannot be read we do not know what was counted together: take all.
        pools=[pool for tally in earlier for pool in (tally.pools if tally else (tuple(roles),))],
        bound=find_bound(library, node),
        floor=NO_FLOOR if row.session.is_practice else FLOOR,
    )
    row.result = msgspec.to_builtins(tally)
    row.save(update_fields=["result"])


def convert_result(kept: object) -> Tally | None:
    """A result as it stands in the database; None when it cannot be read."""
    return read_kept(Tally, kept)


def find_bound(library: Library, node: Node) -> dict[str, tuple[str, ...]]:
    """The answers that not every role may give, with the roles that may."""
    return {answer.slug: answer.roles for answer in node.answers if len(answer.roles) < len(library.roles)}


def count_answers(session: int, number: int) -> tuple[Votes, ...]:
    """What phones chose in this round of this session, counted by the database."""
    return tuple(Votes(*row) for row in ask(_ANSWERS, [session, number]))


def list_hands(session: int, number: int) -> tuple[Votes, ...]:
    """The hands that were counted in this round."""
    return tuple(Votes(*row) for row in ask(_HANDS, [session, number]))
