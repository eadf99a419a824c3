"""Seats: joining in a role, changing it, being seen, and giving one up. Joining is written together, like votes."""

import uuid
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from content.editions import load_library
from content.graph import Place
from content.languages import BASE
from sessions.attendance import find_took_part
from sessions.models import GroupSession, Participant, Proposal, Round, Vote
from sessions.rules.actors import Actor, need_leader
from sessions.rules.asking import UNCLOSED, find_ticket
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, Ticket
from sessions.signals import tell_after_commit
from sessions.writing.transactions import lock_people, lock_session, write

SEAT_DAYS = 30  # without being seen; the cookie of a seat lives as long


class Seat(NamedTuple):
    """Who wants to sit where. `seat` is what the phone's cookie holds; an empty role watches along."""

    code: str
    seat: uuid.UUID
    role: str


def take_seats(wanted: Iterable[Seat]) -> list[Participant | Refused]:
    """Join in a role, or change it, in one transaction. Returns for each the participant, or why not.

    The same seat of a session stays the same participant, however often it asks.
    """
    wanted = list(wanted)
    with write():
        codes = {seat.code for seat in wanted}
        # A vote that is being written is in the old role, and goes; so it may not slip in behind us.
        locked = GroupSession.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("pk")
        sessions = {session.code: session for session in locked.defer("previous_state")}
        known = {
            (person.session_id, person.seat): person
            for person in Participant.objects.filter(
                session__in=sessions.values(), seat__in={seat.seat for seat in wanted}
            )
        }
        tickets = _find_tickets(sessions.values())
        taken = [_take(seat, sessions.get(seat.code), known, tickets) for seat in wanted]
        _save([person for person in taken if isinstance(person, Participant)])
        for code in {seat.code for seat, person in zip(wanted, taken, strict=True) if isinstance(person, Participant)}:
            tell_after_commit(code, "counts")
    return taken


def take_seat(code: str, seat: uuid.UUID, role: str) -> Participant:
    """One seat. Raises Refused."""
    (taken,) = take_seats([Seat(code, seat, role)])
    if isinstance(taken, Refused):
        raise taken
    return taken


def mark_seen(participants: Iterable[int]) -> None:
    """These participants are still here."""
    with write():
        Participant.objects.filter(pk__in=sorted(participants)).update(seen_at=timezone.now())


def _take(
    seat: Seat,
    session: GroupSession | None,
    known: dict[tuple[int, uuid.UUID], Participant],
    tickets: Mapping[int, Ticket],
) -> Participant | Refused:
    if session is None:
        return Refused(Reason.UNKNOWN_CODE)
    if seat.role and seat.role not in {role.slug for role in load_library(session.edition_id, BASE).roles}:
        return Refused(Reason.UNKNOWN_ROLE)
    there = known.get((session.pk, seat.seat))
    if session.ended_at and (there is None or there.role != seat.role):
        return Refused(Reason.ENDED)
    if there is None and session.is_door_shut:
        return Refused(Reason.DOOR_SHUT)
    ticket = tickets.get(session.pk)
    person = known.setdefault(
        (session.pk, seat.seat),
        Participant(
            session=session,
            seat=seat.seat,
            waits_round=ticket.round if ticket else None,
            waits_turn=ticket.turn if ticket else 0,
        ),
    )
    person.role, person.seen_at = seat.role, timezone.now()
    return person


def _find_tickets(sessions: Iterable[GroupSession]) -> dict[int, Ticket]:
    """What newcomers of these sessions get, where they have to wait. In a practice nobody waits."""
    rounds: dict[int, list[Asking]] = {}
    rows = Round.objects.filter(session__in=[session.pk for session in sessions if not session.is_practice])
    names = ("number", "visit", "status", "let_ins", "kind", "withdrawn")
    for session, phase, node, *held in rows.order_by("session", "number").values_list(
        "session", "phase", "node", *names
    ):
        round_ = Asking(place=Place(phase, node), **dict(zip(names, held, strict=True)))
        rounds.setdefault(session, []).append(round_)
    tickets = {session: find_ticket(walked) for session, walked in rounds.items()}
    return {session: ticket for session, ticket in tickets.items() if ticket}


def _save(people: list[Participant]) -> None:
    people = list({id(person): person for person in people}.values())  # a double tap is one person
    new = [person for person in people if person.pk is None]
    old = {person.pk: person for person in people if person.pk is not None}
    Participant.objects.bulk_create(new)
    if not old:
        return
    lock_people(Participant.objects.filter(pk__in=old))
    Participant.objects.bulk_update(old.values(), ["role", "seen_at"])
    # A vote belongs to the role it was given in: in the round that is still open it does not move along.
    votes = Vote.objects.filter(participant__in=old, round__status__in=UNCLOSED)
    moved = [pk for pk, person, role in votes.values_list("pk", "participant_id", "role") if role != old[person].role]
    Vote.objects.filter(pk__in=moved).delete()


def give_up_seat(person: Participant) -> None:
    """Everything that is of this participant goes.

    In a round that the hall has not seen yet the vote goes too. In a round that was shown it stays, as nobody's:
    taken out of a total that everybody saw, it would tell what it was.
    """
    with write():
        lock_session(person.session.code)
        remove_seats(Participant.objects.filter(pk=person.pk))
        tell_after_commit(person.session.code, "counts")


def send_away_last(code: str, number: int, *, seen: int, actor: Actor) -> int:
    """The `number` who came in last lose their seats, and their votes in a round that was not shown yet.

    For when somebody comes in again and again. Returns how many went. Raises Refused: `late` when the session is no
    longer at the version that was seen.
    """
    need_leader(actor)
    with write():
        session = lock_session(code)
        if session.version != seen:
            raise Refused(Reason.LATE)
        last = session.participants.order_by("-joined_at", "-pk").values_list("pk", flat=True)[:number]
        gone = remove_seats(Participant.objects.filter(pk__in=list(last)))
        GroupSession.objects.filter(pk=session.pk).update(version=session.version + 1, acted_at=timezone.now())
        tell_after_commit(code, "seats")
    return gone


def remove_seats(people: QuerySet[Participant]) -> int:
    """Delete seats; who took part stays counted, and what was shown, votes and proposals, stays as nobody's."""
    Vote.objects.filter(participant__in=people, round__revealed_at=None).delete()
    Proposal.objects.filter(participant__in=people).exclude(status="shown").delete()
    _count_gone(people)
    Vote.objects.filter(participant__in=people).update(participant=None, cast_at=None)
    return people.delete()[0]


def _count_gone(people: QuerySet[Participant]) -> None:
    """Keep how many of these took part, per role, with their session: their seats are about to go."""
    rows = find_took_part(people).values_list("session", "role").annotate(Count("pk")).order_by()
    for session, role, count in rows:
        row = GroupSession.everything.only("gone").get(pk=session)
        row.gone[role] = row.gone.get(role, 0) + count
        row.save(update_fields=["gone"])
