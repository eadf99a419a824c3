"""One round as a screen shows it: its question, its result, its decision."""

from collections.abc import Iterable

from content.graph import Library, Role
from sessions.reading.answers import find_answer, show_answer, show_finds, show_options
from sessions.reading.shapes import Decided, Earlier, Question, Result, ResultRow, Voice
from sessions.rules.asking import MOST_PLACES, list_options
from sessions.rules.commands.stock import count_steps
from sessions.rules.state import Asking, State, find_node, visits_before
from sessions.rules.tally import Tally


def show_question(library: Library, state: State, round_: Asking) -> Question:
    node = find_node(round_, library)
    return Question(
        tree=library.tree(round_.place.phase),
        node=node,
        answers=show_options(library, list_options(round_, library)),
        visit=round_.visit,
        attempt=round_.attempt,
        earlier=tuple(
            Earlier(
                answer=show_answer(library, node, before.decision.answer) if before.decision else None,
                at=before.decided_at or before.entered_at,
                withdrawn=before.withdrawn,
            )
            for before in (visits_before(state, round_.place, round_.number) if round_.is_of_tree else ())
        ),
        kind=round_.kind,
        most=MOST_PLACES.get(round_.kind, 1),
        of=count_steps(state) if round_.kind == "progress" else 0,
        page=round_.page,
    )


def show_result(library: Library, round_: Asking, tally: Tally) -> Result:
    """A result as it was kept at its reveal; what each role chose from the moment that is shown."""
    answers = show_options(library, list_options(round_, library))
    groups = tally.groups if round_.split else ()
    return Result(
        rows=tuple(
            ResultRow(
                answer=answer,
                total=total,
                voices=tuple(
                    Voice(_roles(library, group.roles), group.counts[index]) for group in groups if group.counts[index]
                ),
                leads=answer.slug in tally.leaders,
            )
            for index, (answer, total) in enumerate(zip(answers, tally.totals, strict=True))
        ),
        groups=tuple(Voice(_roles(library, group.roles), group.voters) for group in groups),
        voters=tally.voters,
        phones=tally.phones,
        hands=tally.hands,
        held_back=tally.held_back,
        split=round_.split,
        tie=tuple(find_answer(answers, slug).letter for slug in tally.leaders) if tally.is_tie else (),
        only_total=round_.split and tally.only_total,
        is_pooled=round_.split and tally.is_pooled,
        comes_per_role=bool(tally.groups) and not round_.split,
    )


def _roles(library: Library, slugs: Iterable[str]) -> tuple[Role, ...]:
    return tuple(library.role(slug) for slug in slugs)


def show_decision(library: Library, round_: Asking) -> Decided | None:
    if round_.decision is None:
        return None
    node = find_node(round_, library)
    answer = node.answer(round_.decision.answer)
    target = library.resolve(round_.place.phase, answer.next) if round_.is_of_tree else round_.place
    return Decided(
        answer=show_answer(library, node, answer.slug),
        how=round_.decision.how,
        why=round_.decision.why,
        other=round_.decision.other,
        reflection=answer.reflection,
        finds=show_finds(library, answer),
        leads_to=library.tree(target.phase) if target.phase != round_.place.phase else None,
    )
