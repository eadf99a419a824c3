"""The doors for what phones send: written together, and answered once on disk. Votes come by socket and by POST."""

from facilitation.live.gather import Gatherer
from sessions.models import Participant
from sessions.rules.asking import Ballot
from sessions.rules.refusals import Reason, Refused
from sessions.writing.offers import Offering, keep_offers
from sessions.writing.proposals import Sent, keep_proposals
from sessions.writing.seats import Seat, take_seats
from sessions.writing.votes import cast_votes

votes: Gatherer[Ballot, Reason | None] = Gatherer(cast_votes)
seats: Gatherer[Seat, Participant | Refused] = Gatherer(take_seats)
proposals: Gatherer[Sent, Reason | None] = Gatherer(keep_proposals)
offers: Gatherer[Offering, Reason | None] = Gatherer(keep_offers)


async def cast(ballot: Ballot) -> None:
    """Return when the vote is on disk. Raises Refused, and whatever the database raises."""
    if refusal := await votes.put(ballot):
        raise Refused(refusal)


def cast_from_thread(ballot: Ballot) -> None:
    """The same, for a page."""
    if refusal := votes.put_from_thread(ballot):
        raise Refused(refusal)


def propose_from_thread(sent: Sent) -> None:
    """Send a proposal, and return when it is on disk. Raises Refused."""
    if refusal := proposals.put_from_thread(sent):
        raise Refused(refusal)


def offer_from_thread(offering: Offering) -> None:
    """Offer something at a step of the plan, and return when it is on disk. Raises Refused."""
    if refusal := offers.put_from_thread(offering):
        raise Refused(refusal)


def take_seat_from_thread(seat: Seat) -> Participant:
    """Join, or change role, and return when that is on disk. Raises Refused."""
    taken = seats.put_from_thread(seat)
    if isinstance(taken, Refused):
        raise taken
    return taken
