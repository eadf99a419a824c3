"""Rows <-> the values of the rules. Only `writing` calls what writes here, within its own transaction."""

from datetime import datetime

import msgspec

from content.graph import Place
from content.structs import learn
from sessions.ideas import read_ideas
from sessions.models import Decision, GroupSession, Round
from sessions.open_steps import read_open_steps
from sessions.rules.kept import read_kept
from sessions.rules.state import Asking, Choice, Option, PageLine, State

learn(State, tuple[Option, ...], tuple[PageLine, ...])


def read_state(session: GroupSession) -> State:
    """The state of a session, from its rows."""
    rounds = tuple(read_round(row) for row in session.rounds.select_related("decision"))
    previous = session.previous_state
    state = State(
        phase=session.phase,
        version=session.version,
        rounds=rounds,
        paused=session.paused,
        ended=session.ended_at is not None,
        screen=session.screen,
        door_shut=session.door_shut,
        chairs=session.chairs,
        draft=read_kept(Choice, session.draft) if session.draft else None,
        previous=read_kept(State, bytes(previous)) if previous else None,
    )
    if state.current and state.current.has_lines:
        return msgspec.structs.replace(state, ideas=read_ideas(session.pk, state.current.number))
    return state if state.has_begun else msgspec.structs.replace(state, open_steps=read_open_steps(session))


def read_place(row: Round) -> Place:
    """Where the group was in this round."""
    return Place(row.phase, row.node)


def read_round(row: Round) -> Asking:
    """What was asked in this round."""
    decision: Decision | None = getattr(row, "decision", None)
    return Asking(
        number=row.number,
        place=read_place(row),
        visit=row.visit,
        attempt=row.attempt,
        status=row.status,  # type: ignore[arg-type]
        split=row.split,
        withdrawn=row.withdrawn,
        back_why=row.back_why,
        sealed=row.sealed,
        let_ins=row.let_ins,
        decision=decision
        and Choice(
            answer=decision.answer,
            how=decision.how,  # type: ignore[arg-type]
            why=decision.why,
            other=decision.other,
            more=tuple(decision.more),
        ),
        entered_at=row.entered_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        revealed_at=row.revealed_at,
        decided_at=row.decided_at,
        kind=row.kind,  # type: ignore[arg-type]
        subject=row.subject,
        asked=row.asked,
        options=read_options(row.options),
        page=read_kept(tuple[PageLine, ...], row.page) or (),
    )


def read_options(kept: object) -> tuple[Option, ...]:
    """The texts that a round asked, as it keeps them."""
    return read_kept(tuple[Option, ...], kept) or ()


def write_state(session: GroupSession, state: State, now: datetime) -> None:
    """Keep the state of a session in its own row, with the moment of the step. Its rounds have rows of their own."""
    session.version = state.version
    session.current_round = state.current.number if state.current else 0
    session.paused = state.paused
    session.screen = state.screen
    session.door_shut = state.door_shut
    session.chairs = state.chairs
    session.acted_at = now
    session.draft = msgspec.to_builtins(state.draft)
    session.previous_state = msgspec.json.encode(state.previous) if state.previous else None
    if not state.ended:
        session.ended_at = None
    elif session.ended_at is None:
        session.ended_at = now
    session.save()


def write_round(session: GroupSession, round_: Asking) -> Round:
    """Keep one round with its decision. Returns its row."""
    row, _ = Round.objects.update_or_create(
        session=session,
        number=round_.number,
        defaults={
            "phase": round_.place.phase,
            "node": round_.place.node,
            "options": msgspec.to_builtins(round_.options),
            "page": msgspec.to_builtins(round_.page),
            **{
                name: getattr(round_, name)
                for name in (
                    "kind", "subject", "asked", "visit", "attempt", "status", "split", "withdrawn", "back_why",
                    "sealed", "let_ins",
                    "entered_at", "opened_at", "closed_at", "revealed_at", "decided_at",
                )
            },
        },
    )  # fmt: skip
    if round_.decision is None:
        Decision.objects.filter(round=row).delete()
        return row
    decision = round_.decision
    Decision.objects.update_or_create(
        round=row,
        defaults={
            "answer": decision.answer,
            "how": decision.how,
            "why": decision.why,
            "other": decision.other,
            "more": list(decision.more),
        },
    )
    return row
