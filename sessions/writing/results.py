"""The result of a round: counted once, at its reveal, and kept as it was shown.

What happens to seats and votes later changes no page that somebody saw.
"""

import msgspec
from django.db.models import Count, QuerySet

from content.graph import Library
from sessions.models import HandCount, Round, Vote
from sessions.rows import read_place
from sessions.rules.results import convert_result, find_bound
from sessions.rules.tally import FLOOR, NO_FLOOR, Votes, count_votes


def keep_result(row: Round, library: Library) -> None:
    """Count this round and keep what may be shown of it."""
    node = library.node(read_place(row))
    same_question = Round.objects.filter(session=row.session_id, phase=row.phase, node=row.node)
    earlier = [convert_result(result) for result in same_question.values_list("result", flat=True) if result]
    roles = [role.slug for role in library.roles]
    tally = count_votes(
        _count_rows(row.votes.all()),
        _read_hands(row.hand_counts.all()),
        answers=[answer.slug for answer in node.answers],
        roles=roles,
        # Of a result that cannot be read we do not know what was counted together: take all.
        pools=[pool for tally in earlier for pool in (tally.pools if tally else (tuple(roles),))],
        bound=find_bound(library, node),
        floor=NO_FLOOR if row.session.is_practice else FLOOR,
    )
    row.result = msgspec.to_builtins(tally)
    row.save(update_fields=["result"])


def _count_rows(votes: QuerySet[Vote]) -> tuple[Votes, ...]:
    rows = votes.values_list("role", "answer").annotate(count=Count("pk")).order_by("role", "answer")
    return tuple(Votes(*row) for row in rows)


def _read_hands(hands: QuerySet[HandCount]) -> tuple[Votes, ...]:
    return tuple(Votes(*row) for row in hands.values_list("role", "answer", "count").order_by("role", "answer"))
