"""Proposals of a room: what the wall and phones may see of them, and what the desk reads."""

from collections.abc import Iterable, Mapping

from content.graph import Library
from sessions.models import PlanLine
from sessions.pages import can_be_proposed
from sessions.reading.rounds import show_result
from sessions.reading.shapes import GatheredIdea, Ideas, ShownIdea, Supported, Wanted
from sessions.rules.ideas import list_same, list_shown
from sessions.rules.plan import split_prompt
from sessions.rules.state import Asking, Idea, State
from sessions.rules.tally import Tally


def show_ideas(state: State) -> Ideas | None:
    """What everybody may see of the proposals; None where none are gathered now."""
    if state.current is None or not state.current.has_lines:
        return None
    if not state.current.gathers:
        return Ideas((), ())  # what a plan lacks stays on the desk
    shown = (
        ShownIdea(idea.text, tuple(same.handle for same in list_same(state.ideas, idea.key)))
        for idea in list_shown(state.ideas)
    )
    return Ideas(tuple(shown), tuple(idea.handle for idea in state.ideas if idea.status == "parked"))


def gather_ideas(ideas: Iterable[Idea], status: str) -> tuple[GatheredIdea, ...]:
    """The proposals with this status, those that say the same under one."""
    ideas = tuple(ideas)
    mine = (idea for idea in ideas if idea.status == status and idea.to is None)
    return tuple(GatheredIdea(idea, list_same(ideas, idea.key)[1:]) for idea in mine)


def show_supported(
    library: Library, rounds: Iterable[Asking], results: Mapping[int, Tally | None]
) -> tuple[Supported, ...]:
    """What the room of one meeting took of its proposals, in that order."""
    return tuple(
        Supported(
            round_.asked,
            tuple(option.text for option in round_.options if option.slug in round_.decision.taken),
            show_result(library, round_, tally) if (tally := results.get(round_.number)) else None,
        )
        for round_ in rounds
        if round_.kind == "support" and round_.decision
    )


def find_wanted(session: int, number: int) -> tuple[Wanted, ...]:
    """The lines that the decision of this round of a meeting asks for, and that nobody filled in yet."""
    lines = PlanLine.objects.filter(session=session, round__number=number, struck=False).select_related(
        "round__decision"
    )
    return tuple(
        Wanted(line.pk, split_prompt(line.prompt)[0]) for line in lines.order_by("position") if can_be_proposed(line)
    )
