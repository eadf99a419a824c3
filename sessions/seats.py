"""Taking seats: joining in a role, changing it, and being seen. Written together, like votes."""

import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from content.editions import load_library
from sessions.machine import Refused
from sessions.models import GroupSession, Participant, Vote
from sessions.signals import tell_after_commit
from sessions.transactions import write


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
        locked = GroupSession.objects.select_for_update().filter(code__in=codes).order_by("pk")
        sessions = {session.code: session for session in locked.defer("previous_state")}
        known = {
            (person.session_id, person.seat): person
            for person in Participant.objects.filter(
                session__in=sessions.values(), seat__in={seat.seat for seat in wanted}
            )
        }
        taken = [_take(seat, sessions.get(seat.code), known) for seat in wanted]
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
        Participant.objects.filter(pk__in=list(participants)).update(seen_at=timezone.now())


def _take(
    seat: Seat, session: GroupSession | None, known: dict[tuple[int, uuid.UUID], Participant]
) -> Participant | Refused:
    if session is None:
        return Refused("unknown-code")
    if seat.role and seat.role not in {role.slug for role in load_library(session.edition_id).roles}:
        return Refused("unknown-role")
    there = known.get((session.pk, seat.seat))
    if session.ended_at and (there is None or there.role != seat.role):
        return Refused("ended")
    person = known.setdefault((session.pk, seat.seat), Participant(session=session, seat=seat.seat))
    person.role, person.seen_at = seat.role, timezone.now()
    return person


def _save(people: list[Participant]) -> None:
    people = list({id(person): person for person in people}.values())  # a double tap is one person
    new = [person for person in people if person.pk is None]
    old = {person.pk: person for person in people if person.pk is not None}
    Participant.objects.bulk_create(new)
    if not old:
        return
    Participant.objects.bulk_update(old.values(), ["role", "seen_at"])
    # A vote belongs to the role it was given in: in the round that is still open it does not move along.
    votes = Vote.objects.filter(participant__in=old, round__status__in=("reading", "open"))
    moved = [pk for pk, person, role in votes.values_list("pk", "participant_id", "role") if role != old[person].role]
    Vote.objects.filter(pk__in=moved).delete()
