"""Raised hands and paper cards, as the facilitator counts them."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils import timezone

from content.editions import load_library
from content.graph import Library
from content.languages import BASE
from sessions.models import GroupSession, HandCount
from sessions.rows import read_round, read_state
from sessions.rules import machine
from sessions.rules.actors import Actor, need_leader
from sessions.rules.asking import UNSHOWN, judge_answer, judge_round, list_options
from sessions.rules.refusals import Reason, Refused
from sessions.signals import tell_after_commit
from sessions.writing.saving import save_state
from sessions.writing.transactions import lock_session, write

MOST_HANDS = 999

Hands = Mapping[tuple[str, str], int]  # (role, answer) -> count


class Count(NamedTuple):
    """Raised hands as they stand in the fields of a device. `seen` is what stood there before anybody typed."""

    round: int
    hands: Hands
    seen: Hands = {}  # a field that is not in it counts whatever was there


def count_hands(code: str, count: Count, *, actor: Actor) -> None:
    """Keep the raised hands of a round. Raises Refused.

    The unit is the field: what this device did not change stays as it is by now. `hands-late` when somebody else
    changed the same field meanwhile.
    """
    need_leader(actor)
    with write():
        session = lock_session(code)
        library = load_library(session.edition_id, BASE)
        before = write_hands(session, library, count)
        if before is None:
            return
        state = read_state(session)
        counted = tuple((role, answer, number) for (role, answer), number in sorted(before.items()))
        session.desk_revision += 1  # another device has the numbers in its form
        save_state(session, state, machine.count(state, counted, actor.name), library, timezone.now())
        tell_after_commit(session.code, "state")


def write_hands(session: GroupSession, library: Library, count: Count) -> Hands | None:
    """Write what changed. Returns what was counted before; None when nothing changed. Raises Refused."""
    current = session.rounds.filter(number=session.current_round).first()
    asked = read_round(current) if current else None
    if reason := judge_round(count.round, asked, paused=session.paused, ended=session.ended_at is not None):
        raise Refused(reason)
    assert current  # it is the round of now
    assert asked
    if asked.status not in UNSHOWN:
        raise Refused(Reason.ROUND_CLOSED)
    options = list_options(asked, library)
    there = {(row.role, row.answer): row.count for row in current.hand_counts.all()}
    typed = {cell: number for cell, number in count.hands.items() if count.seen.get(cell) != number}
    for (role, answer), number in typed.items():
        if reason := judge_answer(options, role, answer):
            raise Refused(reason)
        if not 0 <= number <= MOST_HANDS:
            raise Refused(Reason.HANDS_NUMBER)
        now = there.get((role, answer), 0)
        if now not in (number, count.seen.get((role, answer), now)):
            raise Refused(Reason.HANDS_LATE)
    changed = {cell: number for cell, number in (there | typed).items() if number}
    if changed == there:
        return None
    replace_hands(session, changed)
    return there


def replace_hands(session: GroupSession, hands: Hands) -> None:
    """Put these in the place of what was counted in the round of now."""
    current = session.rounds.get(number=session.current_round)
    current.hand_counts.all().delete()
    HandCount.objects.bulk_create(
        HandCount(round=current, role=role, answer=answer, count=number) for (role, answer), number in hands.items()
    )
