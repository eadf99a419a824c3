"""Saving the state that came of a step of the walk."""

from datetime import datetime

from django.db.models import QuerySet

from content.graph import Library
from sessions.models import GroupSession, HandCount, Proposal, Round, Vote
from sessions.rows import write_round, write_state
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, State
from sessions.writing.plan import draft_plan_lines, raise_revision
from sessions.writing.results import keep_result


def save_state(session: GroupSession, before: State, after: State, library: Library, now: datetime) -> None:
    """Save what a step changed at this moment. Raises Refused when that would lose what somebody counted."""
    known = {round_.number: round_ for round_ in before.rounds}
    kept = {round_.number for round_ in after.rounds}
    if gone := known.keys() - kept:
        _take_back(session.rounds.filter(number__in=gone))
    for round_ in after.rounds:
        old = known.get(round_.number)
        if old != round_:
            row = write_round(session, round_)
            if _stands(old) != _stands(round_):
                raise_revision(session.trajectory_id)  # lines of the plan stand or fall with their decision
            if round_.decision and round_.is_of_tree:
                draft_plan_lines(row, library.node(round_.place).answer(round_.decision.answer))
            if round_.status == "revealed" and not (old and old.was_revealed):
                keep_result(row, library)
    write_state(session, after, now)


def _stands(round_: Asking | None) -> str:
    """The answer whose lines stand by this round."""
    if round_ is None or round_.decision is None or round_.withdrawn or not round_.is_of_tree:
        return ""
    return round_.decision.answer


def _take_back(undone: QuerySet[Round]) -> None:
    """Delete steps into a question that nobody answered. Raises Refused."""
    if HandCount.objects.filter(round__in=undone).exists() or Vote.objects.filter(round__in=undone).exists():
        raise Refused(Reason.UNDO_COUNTED)
    if Proposal.objects.filter(round__in=undone).exists():
        raise Refused(Reason.UNDO_PROPOSED)
    undone.delete()
