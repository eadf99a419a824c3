"""A whole session to read back."""

from collections.abc import Iterable

from django.db.models import Count

from content.graph import Library, Place
from sessions import machine
from sessions.models import GroupSession, HandCount, Vote
from sessions.plan import INDICATOR_KINDS, PICTURE_KINDS, PLAN_KINDS
from sessions.queries.plan import read_plan
from sessions.queries.rounds import show_decision, show_question, show_result
from sessions.queries.shapes import Attempt, Find, PlanSection, Step, Summary, Voice
from sessions.queries.walk import load_walk, show_stage
from sessions.tally import Votes


def read_summary(session: GroupSession) -> Summary:
    """Everything a session leaves behind, in the order it happened; the plan first, for it is what people look for."""
    walk = load_walk(session.code)
    state, library = walk.state, walk.library
    votes = _group_by_round(Vote.objects.filter(round__session=session).values_list("round__number", "role", "answer"))
    hands: dict[int, list[Votes]] = {}
    for number, role, answer, count in HandCount.objects.filter(round__session=session).values_list(
        "round__number", "role", "answer", "count"
    ):
        hands.setdefault(number, []).append(Votes(role, answer, count))
    path = tuple(_show_step(library, state, rounds, votes, hands) for rounds in _group_by_visit(state.rounds))
    plan = read_plan(session)
    joined = dict(session.participants.exclude(role="").values_list("role").annotate(Count("pk")).order_by("role"))
    phases = dict.fromkeys(round_.place.phase for round_ in state.rounds) or {state.phase: None}
    return Summary(
        session=session,
        stage=show_stage(walk),
        trees=tuple(library.tree(phase) for phase in phases),
        people=tuple(Voice((role,), joined[role.slug]) for role in library.roles if role.slug in joined),
        path=path,
        plan=_only(plan, PLAN_KINDS),
        picture=_only(plan, PICTURE_KINDS),
        indicators=_only(plan, INDICATOR_KINDS),
        finds=_unique_finds(path),
    )


def _only(plan: tuple[PlanSection, ...], kinds: tuple[str, ...]) -> tuple[PlanSection, ...]:
    return tuple(section for section in plan if section.kind in kinds)


def _group_by_round(rows: Iterable[tuple[int, str, str]]) -> dict[int, list[Votes]]:
    grouped: dict[int, list[Votes]] = {}
    for number, role, answer in rows:
        grouped.setdefault(number, []).append(Votes(role, answer, 1))
    return grouped


def _group_by_visit(rounds: tuple[machine.Round, ...]) -> list[list[machine.Round]]:
    visits: dict[tuple[Place, int], list[machine.Round]] = {}
    for round_ in rounds:
        visits.setdefault((round_.place, round_.visit), []).append(round_)
    return list(visits.values())


def _show_step(
    library: Library,
    state: machine.State,
    rounds: list[machine.Round],
    votes: dict[int, list[Votes]],
    hands: dict[int, list[Votes]],
) -> Step:
    first, last = rounds[0], rounds[-1]
    node = library.node(first.place)
    return Step(
        question=None if node.is_end else show_question(library, state, first),
        end=node if node.is_end else None,
        tree=library.tree(first.place.phase),
        round=first.number,
        visit=first.visit,
        withdrawn=last.withdrawn,
        back_why=next((round_.back_why for round_ in reversed(rounds) if round_.back_why), ""),
        attempts=tuple(
            Attempt(
                round_.attempt,
                show_result(library, round_, tuple(votes.get(round_.number, ())), tuple(hands.get(round_.number, ())))
                if round_.was_revealed
                else None,
            )
            for round_ in rounds
            if round_.opened_at
        ),
        decided=show_decision(library, last),
    )


def _unique_finds(path: tuple[Step, ...]) -> tuple[Find, ...]:
    """Each element and intervention the group met, once, elements first in their own order."""
    met = {
        (find.element.number if find.element else 99, find.intervention.slug if find.intervention else ""): find
        for step in path
        if step.decided and not step.withdrawn
        for find in step.decided.finds
    }
    return tuple(met[key] for key in sorted(met))
