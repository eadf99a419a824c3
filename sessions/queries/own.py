"""What one participant chose, for that participant alone."""

from django.db import connection

from sessions.models import Participant, Round, Vote
from sessions.queries.counts import ask

_rounds, _votes = (connection.ops.quote_name(model._meta.db_table) for model in (Round, Vote))
# Written out: every phone that comes in asks this twice.
_OWN_VOTE = (
    f"SELECT vote.answer FROM {_rounds} asked JOIN {_votes} vote ON vote.round_id = asked.id"
    " WHERE asked.session_id = %s AND asked.number = %s AND vote.participant_id = %s"
)


def read_own_vote(participant: Participant, round_number: int) -> str | None:
    """The answer this participant chose in this round, for that participant alone."""
    return next((answer for (answer,) in ask(_OWN_VOTE, [participant.session_id, round_number, participant.pk])), None)


def read_voted_round(participant: Participant) -> int | None:
    """The round that is not closed yet and has a vote of this participant: a change of role takes it back."""
    return (
        Vote.objects.filter(participant=participant, round__status__in=("reading", "open"))
        .order_by("-round__number")
        .values_list("round__number", flat=True)
        .first()
    )
