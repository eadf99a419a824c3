"""The doors for votes and seats: over a socket and by POST alike, written together and answered once on disk."""

from facilitation.live.gather import Gatherer
from sessions.models import Participant
from sessions.rules.asking import Ballot
from sessions.rules.refusals import Reason, Refused
from sessions.writing.seats import Seat, take_seats
from sessions.writing.votes import cast_votes

votes: Gatherer[Ballot, Reason | None] = Gatherer(cast_votes)
seats: Gatherer[Seat, Participant | Refused] = Gatherer(take_seats)


async def cast(ballot: Ballot) -> None:
    """Return when the vote is on disk. Raises Refused, and whatever the database raises."""
    if refusal := await votes.put(ballot):
        raise Refused(refusal)


def cast_from_thread(ballot: Ballot) -> None:
    """The same, for a page."""
    if refusal := votes.put_from_thread(ballot):
        raise Refused(refusal)


def take_seat_from_thread(seat: Seat) -> Participant:
    """Join, or change role, and return when that is on disk. Raises Refused."""
    taken = seats.put_from_thread(seat)
    if isinstance(taken, Refused):
        raise taken
    return taken
