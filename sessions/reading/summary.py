"""A whole session to read back."""

from content.graph import Library, Place
from content.models import Edition
from sessions.attendance import count_took_part
from sessions.models import GroupSession, Trajectory
from sessions.reading.audiences import load_session
from sessions.reading.checks import show_verdicts
from sessions.reading.dates import find_held
from sessions.reading.ideas import show_supported
from sessions.reading.plan import read_plan
from sessions.reading.rounds import show_decision, show_question, show_result
from sessions.reading.shapes import Attempt, Find, Step, Summary, Voice
from sessions.reading.stock import show_looked_back
from sessions.rules.plan import INDICATOR_KINDS, PICTURE_KINDS, PLAN_KINDS
from sessions.rules.results import convert_result
from sessions.rules.state import Asking, State
from sessions.rules.tally import Tally


def read_summary(session: GroupSession, language: str) -> Summary:
    """Everything a session leaves behind, in the order it happened; the plan first, for it is what people look for."""
    reading = load_session(session.code, language)
    state, library = reading.state, reading.library
    results = {
        number: convert_result(result) for number, result in session.rounds.values_list("number", "result") if result
    }
    walked = tuple(round_ for round_ in state.rounds if round_.is_of_tree)
    path = tuple(_show_step(library, state, rounds, results) for rounds in _group_by_visit(walked))
    plan = read_plan(session)
    people = count_took_part([session])[session.pk]
    phases = dict.fromkeys(round_.place.phase for round_ in state.rounds) or {state.phase: None}
    return Summary(
        code=session.code,
        title=session.title,
        buurt=session.trajectory.buurt,
        is_practice=session.is_practice,
        ended_at=session.ended_at,
        edition=Edition.objects.values_list("name", flat=True).get(pk=session.edition_id),
        held=find_held([session])[session.pk],
        trees=tuple(library.tree(phase) for phase in phases),
        people=tuple(Voice((role,), people[role.slug]) for role in library.roles if people[role.slug]),
        path=path,
        plan=plan.only(PLAN_KINDS),
        picture=plan.only(PICTURE_KINDS),
        indicators=plan.only(INDICATOR_KINDS),
        finds=_unique_finds(path),
        looked_back=show_looked_back(library, state.rounds, results),
        verdicts=show_verdicts(library, state.rounds, results),
        supported=show_supported(library, state.rounds, results),
    )


def read_begun(trajectory: Trajectory, language: str, phase: str = "") -> list[Summary]:
    """The summaries of its meetings that began, in their order: all, or those that were in this phase."""
    begun = trajectory.sessions.select_related("trajectory").exclude(version=0).order_by("pk")
    meetings = begun.filter(rounds__phase=phase).distinct() if phase else begun
    return [read_summary(meeting, language) for meeting in meetings]


def _group_by_visit(rounds: tuple[Asking, ...]) -> list[list[Asking]]:
    visits: dict[tuple[Place, int], list[Asking]] = {}
    for round_ in rounds:
        visits.setdefault((round_.place, round_.visit), []).append(round_)
    return list(visits.values())


def _show_step(
    library: Library,
    state: State,
    rounds: list[Asking],
    results: dict[int, Tally | None],
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
                show_result(library, round_, tally)
                if round_.was_revealed and (tally := results[round_.number])
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
