"""The result of a round: counted once, at its reveal, and kept as it was shown.

What happens to seats and votes later changes no page that somebody saw.
"""

import msgspec
from django.db.models import Count, QuerySet

from content.graph import Library, Node, Place
from content.structs import learn
from sessions.models import HandCount, Round, Vote
from sessions.rules.kept import read_kept
from sessions.rules.tally import FLOOR, NO_FLOOR, Tally, Votes, count_votes

learn(Tally)


def keep_result(row: Round, library: Library) -> None:
    """Count this round and keep what may be shown of it."""
    node = library.node(Place(row.phase, row.node))
    same_question = Round.objects.filter(session=row.session_id, phase=row.phase, node=row.node)
    earlier = [convert_result(result) for result in same_question.values_list("result", flat=True) if result]
    roles = [role.slug for role in library.roles]
    tally = count_votes(
        count_rows(row.votes.all()),
        read_hands(row.hand_counts.all()),
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


def count_rows(votes: QuerySet[Vote]) -> tuple[Votes, ...]:
    rows = votes.values_list("role", "answer").annotate(count=Count("pk")).order_by("role", "answer")
    return tuple(Votes(*row) for row in rows)


def read_hands(hands: QuerySet[HandCount]) -> tuple[Votes, ...]:
    return tuple(Votes(*row) for row in hands.values_list("role", "answer", "count").order_by("role", "answer"))
