"""The result of a round: counted once, at its reveal, and kept as it was shown.

What happens to seats and votes later changes no page that somebody saw.
"""

import msgspec
from django.db.models import Count, QuerySet

from content.graph import Library
from sessions.models import HandCount, Round, Vote
from sessions.rows import read_round
from sessions.rules.asking import MOST_PLACES, find_bound, list_options
from sessions.rules.results import convert_result
from sessions.rules.tally import FLOOR, NO_FLOOR, Votes, count_votes


def keep_result(row: Round, library: Library) -> None:
    """Count this round and keep what may be shown of it."""
    options = list_options(read_round(row), library)
    same_question = Round.objects.filter(
        session=row.session_id, phase=row.phase, node=row.node, kind=row.kind, subject=row.subject
    )
    earlier = [convert_result(result) for result in same_question.values_list("result", flat=True) if result]
    roles = [role.slug for role in library.roles]
    tally = count_votes(
        _count_rows(row.votes.all()),
        _read_hands(row.hand_counts.all()),
        answers=[option.slug for option in options],
        roles=roles,
        # Of a result that cannot be read we do not know what was counted together: take all.
        pools=[pool for tally in earlier for pool in (tally.pools if tally else (tuple(roles),))],
        people=_count_people(row.votes.all()) if row.kind in MOST_PLACES else None,
        bound=find_bound(options, roles),
        floor=NO_FLOOR if row.session.is_practice else FLOOR,
    )
    row.result = msgspec.to_builtins(tally)
    row.save(update_fields=["result"])


def _count_rows(votes: QuerySet[Vote]) -> tuple[Votes, ...]:
    rows = votes.values_list("role", "answer").annotate(count=Count("pk")).order_by("role", "answer")
    return tuple(Votes(*row) for row in rows)


def _count_people(votes: QuerySet[Vote]) -> dict[str, int]:
    """The phones per role: where somebody makes several choices, fewer than there are votes."""
    people = votes.values_list("role").annotate(Count("participant", distinct=True)).order_by()
    return dict(people)


def _read_hands(hands: QuerySet[HandCount]) -> tuple[Votes, ...]:
    return tuple(Votes(*row) for row in hands.values_list("role", "answer", "count").order_by("role", "answer"))
