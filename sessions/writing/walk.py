"""The facilitator's commands: lock, load, carry out, save, and tell the outside after the commit."""

import msgspec
from django.utils import timezone

from content.editions import load_library
from content.languages import BASE
from sessions.models import GroupSession
from sessions.open_steps import read_unsorted
from sessions.pages import read_page, read_wanted
from sessions.rows import read_state
from sessions.rules import machine
from sessions.rules.actors import Actor, need_leader
from sessions.rules.commands import Check, Command, Conclude, Gather, Sort, Undo
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, Choice, State
from sessions.signals import tell_after_commit
from sessions.writing.hands import Count, replace_hands, write_hands
from sessions.writing.plan import adopt_proposals, drop_proposals, raise_revision, settle_step, unsettle_step
from sessions.writing.saving import save_state
from sessions.writing.transactions import lock_session, write


def run_command(
    code: str, command: Command, *, seen: int, actor: Actor, desk: int | None = None, count: Count | None = None
) -> State:
    """Carry out a facilitator's command. Raises Refused, and GroupSession.DoesNotExist.

    `seen` is the version of the walk that its screen showed, `desk` the revision of the desk: an undo takes back what
    its button said, also when hands were counted meanwhile. What was typed in the fields for hands and not kept yet,
    `count`, is kept with it.
    """
    need_leader(actor)
    with write():
        session = lock_session(code)
        library = load_library(session.edition_id, BASE)
        if isinstance(command, Undo) and desk not in (None, session.desk_revision):
            raise Refused(Reason.LATE)
        state = read_state(session)
        if isinstance(command, Check):
            state = msgspec.structs.replace(state, page=read_page(session.trajectory_id, command.goal))
        elif isinstance(command, Sort | Conclude):
            state = msgspec.structs.replace(state, unsorted=read_unsorted(session.trajectory_id))
        elif isinstance(command, Gather):
            state = msgspec.structs.replace(state, wanted=read_wanted(session.trajectory_id, command.subject))
        now = timezone.now()  # one clock for all that a step keeps
        changed = machine.apply(state, command, seen=seen, library=library, now=now, by=actor.name)
        if isinstance(command, Undo) and state.previous and state.previous.hands is not None:
            replace_hands(session, {(role, answer): number for role, answer, number in state.previous.hands})
        elif count and count.hands:
            write_hands(session, library, count)
        save_state(session, state, changed, library, now)
        _tell_plan(session, state, changed, actor)
        tell_after_commit(session.code, "state")
    return changed


def _tell_plan(session: GroupSession, before: State, after: State, actor: Actor) -> None:
    """What the room said of a step of the plan stands there from now on, and goes with an undo.

    So do the proposals it takes, and what it said of the plan as a whole; and while it reads that, who writes there is
    told.
    """
    trajectory = session.trajectory_id
    known = {round_.number: round_ for round_ in before.rounds}
    if _list_checks(before) != _list_checks(after):
        raise_revision(trajectory)
    for round_ in after.rounds:
        old = known.get(round_.number)
        if old is None or old.decision == round_.decision:
            continue
        if round_.kind == "support" and round_.decision:
            adopt_proposals(session, round_, actor=actor)
        elif round_.kind == "support":
            drop_proposals(session, old, actor=actor)
        elif round_.kind in ("progress", "sort") and round_.line:
            _settle(trajectory, round_, old, actor)


def _settle(trajectory: int, round_: Asking, old: Asking, actor: Actor) -> None:
    """A step of the plan holds what the room said of it, and no more what was taken back."""
    said = round_.decision or old.decision
    if said is None or round_.line is None:
        return
    fields = {round_.field: said.answer}
    if round_.kind == "progress":
        fields = {"state": said.answer, "follow_up": said.why}
        if said.answer == "failed" and not said.why:
            del fields["follow_up"]  # what stands there stays
    if round_.decision:
        settle_step(trajectory, round_.line, fields, actor=actor)
    elif old.decided_at:
        unsettle_step(trajectory, round_.line, fields, since=old.decided_at, actor=actor)


def _list_checks(state: State) -> list[tuple[str, bool, Choice | None]]:
    return [(round_.status, round_.withdrawn, round_.decision) for round_ in state.rounds if round_.kind == "check"]
