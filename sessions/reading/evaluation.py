"""What was counted and told since, by line of the plan and by goal."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sessions.models import Measurement, Tale
from sessions.reading.shapes import Decided, LineView, PlanPage, Summary
from sessions.rules.evaluation import COUNTED, TOLD, Findings, Measured, Telling
from sessions.rules.plan import join_texts


class Signs(NamedTuple):
    """How a group sees whether one goal comes nearer: what it counts, and beside that what people tell."""

    goal: LineView | None  # none: lines that belong to no goal on top
    counted: tuple[LineView, ...]
    told: tuple[LineView, ...]


class TakenDecision(NamedTuple):
    """What a group decided, and did not take back."""

    question: str
    decided: Decided


def read_evidence(lines: Iterable[LineView]) -> dict[int, Findings]:
    """By line what is kept there, for those that ask for it. No query where none does."""
    by_kind = {kind: [view.line.key for view in lines if view.line.kind == kind] for kind in (COUNTED, TOLD)}
    found: dict[int, Findings] = {}
    if by_kind[COUNTED]:
        for number in Measurement.objects.filter(line__in=by_kind[COUNTED]):
            held = found.get(number.line_id, Findings())
            one = Measured(number.pk, number.day, number.value, number.unit)
            found[number.line_id] = held._replace(measured=(*held.measured, one))
    if by_kind[TOLD]:
        for tale in Tale.objects.filter(line__in=by_kind[TOLD]):
            held = found.get(tale.line_id, Findings())
            found[tale.line_id] = held._replace(told=(*held.told, Telling(tale.pk, tale.day, tale.text)))
    return found


def group_signs(page: PlanPage) -> tuple[Signs, ...]:
    """The lines to count and to tell of a plan, goal by goal, and last those of none."""
    goals = [goal.view for goal in page.goals]
    keys = {goal.line.key for goal in goals}

    def pick(kind: str, goal: int | None) -> tuple[LineView, ...]:
        lines = page.list_of(kind)
        only = goals[0].line.key if len(goals) == 1 else None  # with one goal all belongs to it
        return tuple(view for view in lines if _serve(view, keys, only) == goal)

    parts = [Signs(goal, pick(COUNTED, goal.line.key), pick(TOLD, goal.line.key)) for goal in goals]
    parts.append(Signs(None, pick(COUNTED, None), pick(TOLD, None)))
    return tuple(part for part in parts if part.counted or part.told)


def list_out_of_sight(page: PlanPage) -> tuple[tuple[int, str, Findings], ...]:
    """Lines that are not in the plan of now and keep something all the same: their keys, their words, and what.

    Who told it may ask for it to go.
    """
    shown = {view.line.key for view in page.agreed}
    hidden = ((key, page.find(key), held) for key, held in page.evidence.items() if key not in shown)
    return tuple((key, join_texts(view.line.words) if view else "", held) for key, view, held in hidden)


def _serve(view: LineView, goals: set[int], only: int | None) -> int | None:
    goal = view.line.words.goal
    return goal if goal in goals else only


def list_taken(meetings: Iterable[Summary], phase: str = "") -> Iterator[TakenDecision]:
    """What the group decided in its meetings, in this phase or in all."""
    for meeting in meetings:
        for step in meeting.path:
            if step.question and step.decided and not step.withdrawn and phase in ("", step.tree.phase):
                yield TakenDecision(step.question.node.question, step.decided)
