"""Counting people and votes."""

from django.db.models import Count, QuerySet

from content.graph import Role
from sessions.models import GroupSession, HandCount, Vote
from sessions.queries.present import present_since
from sessions.queries.shapes import RoleTurnout, Turnout, Walk
from sessions.tally import Votes


def count_rows(votes: QuerySet[Vote]) -> tuple[Votes, ...]:
    rows = votes.values_list("role", "answer").annotate(count=Count("pk")).order_by("role", "answer")
    return tuple(Votes(*row) for row in rows)


def read_hands(hands: QuerySet[HandCount]) -> tuple[Votes, ...]:
    return tuple(Votes(*row) for row in hands.values_list("role", "answer", "count").order_by("role", "answer"))


def count_present(session: GroupSession) -> dict[str, int]:
    rows = session.participants.filter(seen_at__gte=present_since()).values_list("role").annotate(count=Count("pk"))
    return dict(rows.order_by("role"))


def show_turnout_per_role(walk: Walk) -> tuple[RoleTurnout, ...]:
    def count(role: Role) -> RoleTurnout:
        phones = sum(vote.number for vote in walk.votes if vote.role == role.slug)
        hands = sum(hand.number for hand in walk.hands if hand.role == role.slug)
        present = walk.present.get(role.slug, 0)
        # Somebody who voted and went home still counts; a counted hand is a person without a phone.
        return RoleTurnout(role, present, phones + hands, max(present, phones) + hands)

    return tuple(count(role) for role in walk.library.roles)


def show_turnout(walk: Walk) -> Turnout:
    roles = show_turnout_per_role(walk)
    phones, hands = sum(vote.number for vote in walk.votes), sum(hand.number for hand in walk.hands)
    return Turnout(sum(role.voted for role in roles), sum(role.entitled for role in roles), phones, hands)
