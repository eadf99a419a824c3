"""One round as a screen shows it: its question, its result, its decision."""

from collections.abc import Iterable

from content.graph import Library, Role
from sessions import machine
from sessions.queries.answers import show_answer, show_answers, show_finds
from sessions.queries.shapes import Decided, Earlier, Question, Result, ResultRow, Voice
from sessions.tally import Tally, Votes, count_votes


def show_question(library: Library, state: machine.State, round_: machine.Round) -> Question:
    node = library.node(round_.place)
    return Question(
        tree=library.tree(round_.place.phase),
        node=node,
        answers=show_answers(library, node),
        visit=round_.visit,
        attempt=round_.attempt,
        earlier=tuple(
            Earlier(
                answer=show_answer(library, node, node.answer(before.decision.answer)) if before.decision else None,
                at=before.decided_at or before.entered_at,
                withdrawn=before.withdrawn,
            )
            for before in machine.visits_before(state, round_.place, round_.number)
        ),
    )


def show_result(library: Library, round_: machine.Round, votes: tuple[Votes, ...], hands: tuple[Votes, ...]) -> Result:
    node = library.node(round_.place)
    tally = count_votes(
        votes,
        hands,
        answers=[answer.slug for answer in node.answers],
        roles=[role.slug for role in library.roles],
    )
    return Result(
        rows=tuple(
            ResultRow(
                answer=answer,
                total=total,
                voices=_show_voices(library, tally, index) if round_.split else (),
                leads=answer.slug in tally.leaders,
            )
            for index, (answer, total) in enumerate(zip(show_answers(library, node), tally.totals, strict=True))
        ),
        groups=(
            tuple(Voice(_roles(library, group.roles), group.voters) for group in tally.groups) if round_.split else ()
        ),
        voters=tally.voters,
        phones=sum(vote.number for vote in votes),
        hands=sum(hand.number for hand in hands),
        split=round_.split,
        tie=tuple(node.letter(slug) for slug in tally.leaders) if tally.is_tie else (),
        only_total=round_.split and tally.only_total,
        is_pooled=round_.split and tally.is_pooled,
    )


def _show_voices(library: Library, tally: Tally, index: int) -> tuple[Voice, ...]:
    return tuple(
        Voice(_roles(library, group.roles), group.counts[index]) for group in tally.groups if group.counts[index]
    )


def _roles(library: Library, slugs: Iterable[str]) -> tuple[Role, ...]:
    return tuple(library.role(slug) for slug in slugs)


def show_decision(library: Library, round_: machine.Round) -> Decided | None:
    if round_.decision is None:
        return None
    node = library.node(round_.place)
    answer = node.answer(round_.decision.answer)
    target = library.resolve(round_.place.phase, answer.next)
    return Decided(
        answer=show_answer(library, node, answer),
        how=round_.decision.how,
        why=round_.decision.why,
        other=round_.decision.other,
        reflection=answer.reflection,
        finds=show_finds(library, answer),
        leads_to=library.tree(target.phase) if target.phase != round_.place.phase else None,
    )
