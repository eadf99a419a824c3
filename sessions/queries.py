"""Snapshots to show. One kind per audience, each unable to carry what that audience may not see.

`load_walk` reads a session once; `show_phone`, `show_beamer` and `show_console` make the snapshot of an audience
from it, so one reading serves a whole room. Counts of a round enter a snapshot only after its reveal.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from content.editions import load_library
from content.graph import Answer, Element, ElementUse, Intervention, InterventionUse, Library, Node, Place, Role, Tree
from sessions import machine
from sessions.commands import read_state
from sessions.models import GroupSession, HandCount, Participant, PlanLine, Round, Team, Vote
from sessions.plan import INDICATOR_KINDS, KINDS, PICTURE_KINDS, PLAN_KINDS, Part, fill_prompt
from sessions.tally import Tally, Votes, count_votes


class Frozen(msgspec.Struct, frozen=True):
    """A value that never changes."""


class AnswerView(NamedTuple):
    """An answer as every screen shows it. `roles` is empty when it is open to everybody."""

    slug: str
    letter: str
    text: str
    roles: tuple[Role, ...]


class Question(NamedTuple):
    """A question as every screen shows it; `earlier` holds what the group chose on earlier visits."""

    tree: Tree
    node: Node
    answers: tuple[AnswerView, ...]
    visit: int
    attempt: int
    earlier: tuple["Earlier", ...]


class Earlier(NamedTuple):
    """An earlier visit of the same question."""

    answer: AnswerView | None
    at: datetime | None
    withdrawn: bool


class Voice(Frozen, frozen=True):
    """The votes of one group: for one answer, or in all."""

    roles: tuple[Role, ...]
    count: int

    @property
    def is_pooled(self) -> bool:
        """Roles that were too small to show apart."""
        return len(self.roles) > 1


class ResultRow(NamedTuple):
    answer: AnswerView
    total: int
    voices: tuple[Voice, ...]  # empty as long as, or because, only the total shows
    leads: bool


class Result(NamedTuple):
    """A revealed result. `groups` and the voices of the rows are filled once it is shown per role."""

    rows: tuple[ResultRow, ...]
    groups: tuple[Voice, ...]
    voters: int
    phones: int
    hands: int
    split: bool
    tie: tuple[str, ...]  # the letters that share the first place
    only_total: bool
    is_pooled: bool

    @property
    def most(self) -> int:
        """The votes of the answer that has most: the longest street."""
        return max((row.total for row in self.rows), default=0)

    @property
    def density(self) -> str:
        """How close the houses stand: l to 12 in a row, m to 24, s to 48, bar above."""
        return "l" if self.most <= 12 else "m" if self.most <= 24 else "s" if self.most <= 48 else "bar"


class Find(NamedTuple):
    """A working element (diamond) or an intervention (shovel) with why it stands here."""

    element: Element | None
    intervention: Intervention | None
    why: str


class Opening(NamedTuple):
    """An answer to open: what it can bring and cost, and what helps."""

    answer: AnswerView
    reflection: str
    finds: tuple[Find, ...]


class Decided(NamedTuple):
    """A decision with what it opens."""

    answer: AnswerView
    how: str
    why: str
    other: str
    reflection: str
    finds: tuple[Find, ...]
    leads_to: Tree | None  # the tree of the next phase, when the answer leads there


class Turnout(NamedTuple):
    """How many voted of how many could, phones and hands together."""

    voted: int
    entitled: int
    phones: int
    hands: int

    @property
    def still(self) -> int:
        """Who could vote and has not."""
        return self.entitled - self.voted


class RoleTurnout(NamedTuple):
    """The people of one role: here, and how many of them voted."""

    role: Role
    present: int
    voted: int
    entitled: int

    @property
    def still(self) -> int:
        """Who could vote and has not."""
        return self.entitled - self.voted


class ConsoleStep(NamedTuple):
    """A step of a question, for the bar on the console: done, now or to come."""

    name: str
    state: str


class Stage(Frozen, frozen=True):
    """What everybody in the room may see."""

    code: str
    title: str
    buurt: str
    is_practice: bool
    version: int
    scene: str  # lobby, question, result, decided, end, plan, paused, ended
    tree: Tree
    round: int | None
    status: str
    question: Question | None
    result: Result | None
    openings: tuple[Opening, ...]  # of all answers, once the result is there
    decided: Decided | None
    end: Node | None


class PhoneView(Frozen, frozen=True):
    """For the phones of one role. Carries no counts of people and no turnout."""

    stage: Stage
    role: Role | None
    choices: tuple[str, ...]  # the answers this role may give


class BeamerView(Frozen, frozen=True):
    """For the wall: present people per role, and how many voted without saying of which role."""

    stage: Stage
    present: tuple[RoleTurnout, ...]
    people: int
    turnout: Turnout | None
    plan: tuple["PlanSection", ...]


class ConsoleView(Frozen, frozen=True):
    """For the facilitator: turnout per role without names, the tip, and what can be done now."""

    stage: Stage
    people: int
    watching: int
    turnout: Turnout | None
    roles: tuple[RoleTurnout, ...]
    allowed: frozenset[str]
    next_step: str
    tip: str
    crossing: Question | None
    steps: tuple[ConsoleStep, ...]
    hands: dict[str, int]  # "answer:role" -> counted hands
    screen: str


class Walk(Frozen, frozen=True):
    """Everything one reading of a session brings up. Never shown itself: audiences get their own view of it."""

    session: GroupSession
    library: Library
    state: machine.State
    votes: tuple[Votes, ...]
    hands: tuple[Votes, ...]
    present: dict[str, int]  # role -> people here; "" for those who watch along


def load_walk(code: str) -> Walk:
    """Read a session with the votes of its current round. Raises GroupSession.DoesNotExist."""
    session = GroupSession.objects.select_related("trajectory").get(code=code)
    state = read_state(session)
    votes: tuple[Votes, ...] = ()
    hands: tuple[Votes, ...] = ()
    if state.current:
        here = Q(round__session=session, round__number=state.current.number)
        votes = _count(Vote.objects.filter(here))
        hands = _read_hands(HandCount.objects.filter(here))
    return Walk(session, load_library(session.edition_id), state, votes, hands, _count_present(session))


def show_phone(walk: Walk, role: str) -> PhoneView:
    stage = _show_stage(walk)
    node = stage.question.node if stage.question else None
    return PhoneView(
        stage=stage,
        role=walk.library.role(role) if role else None,
        choices=node.open_to(role) if node else (),
    )


def show_beamer(walk: Walk) -> BeamerView:
    stage = _show_stage(walk)
    return BeamerView(
        stage=stage,
        present=_turnout_per_role(walk) if stage.scene == "lobby" else (),
        people=sum(count for role, count in walk.present.items() if role),
        turnout=_turnout(walk) if stage.question else None,
        plan=read_plan(walk.session) if stage.scene == "plan" else (),
    )


def show_console(walk: Walk) -> ConsoleView:
    stage = _show_stage(walk)
    crossing = machine.find_crossing(walk.state, walk.library)
    allowed = machine.allowed(walk.state, walk.library)
    return ConsoleView(
        stage=stage,
        people=sum(count for role, count in walk.present.items() if role),
        watching=walk.present.get("", 0),
        turnout=_turnout(walk) if stage.question else None,
        roles=_turnout_per_role(walk),
        allowed=allowed,
        next_step=machine.next_step(walk.state, walk.library),
        tip=stage.question.node.facilitator if stage.question else "",
        crossing=_show_question(walk.library, walk.state, crossing) if crossing and "return" in allowed else None,
        steps=_show_steps(stage),
        hands={f"{answer}:{role}": count for role, answer, count in walk.hands},
        screen=walk.state.screen,
    )


def _show_steps(stage: Stage) -> tuple[ConsoleStep, ...]:
    now = {"reading": 0, "open": 1, "closed": 2, "revealed": 2, "decided": 4}.get(stage.status, 0)
    if stage.result and stage.result.split and stage.status == "revealed":
        now = 3
    names = ("read", "vote", "result", "decide", "on")
    return tuple(
        ConsoleStep(name, "done" if place < now else "now" if place == now else "to-come")
        for place, name in enumerate(names)
    )


def read_own_vote(participant: Participant, round_number: int) -> str | None:
    """The answer this participant chose in this round, for that participant alone."""
    return (
        Vote.objects.filter(participant=participant, round__session=participant.session_id, round__number=round_number)
        .values_list("answer", flat=True)
        .first()
    )


# ---- The stage ----


def _show_stage(walk: Walk) -> Stage:
    state, library, session = walk.state, walk.library, walk.session
    current = state.current
    node = library.node(current.place) if current else None
    is_question = current is not None and node is not None and not node.is_end
    return Stage(
        code=session.code,
        title=session.title,
        buurt=session.trajectory.buurt,
        is_practice=session.is_practice,
        version=state.version,
        scene=_pick_scene(state, node),
        tree=library.tree(current.place.phase if current else state.phase),
        round=current.number if current and is_question else None,
        status=current.status if current else "lobby",
        question=_show_question(library, state, current) if current and is_question else None,
        result=(
            _show_result(library, current, walk.votes, walk.hands)
            if current and is_question and current.was_revealed
            else None
        ),
        openings=show_openings(library, node) if node and current and is_question and current.was_revealed else (),
        decided=_show_decision(library, current) if current and current.decision else None,
        end=node if node and node.is_end else None,
    )


def _pick_scene(state: machine.State, node: Node | None) -> str:
    if state.ended:
        return "ended"
    if state.paused:
        return "paused"
    if state.screen == "plan":
        return "plan"
    if state.current is None or node is None:
        return "lobby"
    if node.is_end:
        return "end"
    return {"revealed": "result", "decided": "decided"}.get(state.current.status, "question")


def show_answers(library: Library, node: Node) -> tuple[AnswerView, ...]:
    """The answers of a node with letters and, where bound to roles, those roles."""
    return tuple(_show_answer(library, node, answer) for answer in node.answers)


def _show_answer(library: Library, node: Node, answer: Answer) -> AnswerView:
    bound = tuple(role for role in library.roles if role.slug in answer.roles)
    return AnswerView(
        answer.slug, node.letter(answer.slug), answer.text, bound if len(bound) < len(library.roles) else ()
    )


def _show_question(library: Library, state: machine.State, round_: machine.Round) -> Question:
    node = library.node(round_.place)
    return Question(
        tree=library.tree(round_.place.phase),
        node=node,
        answers=show_answers(library, node),
        visit=round_.visit,
        attempt=round_.attempt,
        earlier=tuple(
            Earlier(
                answer=_show_answer(library, node, node.answer(before.decision.answer)) if before.decision else None,
                at=before.decided_at or before.entered_at,
                withdrawn=before.withdrawn,
            )
            for before in machine.visits_before(state, round_.place, round_.number)
        ),
    )


def _show_result(library: Library, round_: machine.Round, votes: tuple[Votes, ...], hands: tuple[Votes, ...]) -> Result:
    node = library.node(round_.place)
    tally = count_votes(
        (*votes, *hands),
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


def _show_decision(library: Library, round_: machine.Round) -> Decided | None:
    if round_.decision is None:
        return None
    node = library.node(round_.place)
    answer = node.answer(round_.decision.answer)
    target = library.resolve(round_.place.phase, answer.next)
    return Decided(
        answer=_show_answer(library, node, answer),
        how=round_.decision.how,
        why=round_.decision.why,
        other=round_.decision.other,
        reflection=answer.reflection,
        finds=show_finds(library, answer),
        leads_to=library.tree(target.phase) if target.phase != round_.place.phase else None,
    )


def show_finds(library: Library, answer: Answer) -> tuple[Find, ...]:
    """The diamonds and shovels of an answer."""

    def show(use: ElementUse | InterventionUse) -> Find:
        if isinstance(use, ElementUse):
            return Find(library.element(use.number), None, use.when)
        return Find(None, library.intervention(use.slug), use.why)

    return (*map(show, answer.elements), *map(show, answer.interventions))


def show_openings(library: Library, node: Node) -> tuple[Opening, ...]:
    """Every answer of a node, to open."""
    return tuple(
        Opening(_show_answer(library, node, answer), answer.reflection, show_finds(library, answer))
        for answer in node.answers
    )


# ---- Counting people ----


def _count(votes: QuerySet[Vote]) -> tuple[Votes, ...]:
    rows = votes.values_list("role", "answer").annotate(count=Count("pk")).order_by("role", "answer")
    return tuple(Votes(*row) for row in rows)


def _read_hands(hands: QuerySet[HandCount]) -> tuple[Votes, ...]:
    return tuple(Votes(*row) for row in hands.values_list("role", "answer", "count").order_by("role", "answer"))


def _count_present(session: GroupSession) -> dict[str, int]:
    since = timezone.now() - timedelta(minutes=settings.PRESENT_MINUTES)
    rows = session.participants.filter(seen_at__gte=since).values_list("role").annotate(count=Count("pk"))
    return dict(rows.order_by("role"))


def _turnout_per_role(walk: Walk) -> tuple[RoleTurnout, ...]:
    def count(role: Role) -> RoleTurnout:
        phones = sum(vote.number for vote in walk.votes if vote.role == role.slug)
        hands = sum(hand.number for hand in walk.hands if hand.role == role.slug)
        present = walk.present.get(role.slug, 0)
        # Somebody who voted and went home still counts; a counted hand is a person without a phone.
        return RoleTurnout(role, present, phones + hands, max(present, phones) + hands)

    return tuple(count(role) for role in walk.library.roles)


def _turnout(walk: Walk) -> Turnout:
    roles = _turnout_per_role(walk)
    phones, hands = sum(vote.number for vote in walk.votes), sum(hand.number for hand in walk.hands)
    return Turnout(sum(role.voted for role in roles), sum(role.entitled for role in roles), phones, hands)


# ---- The plan ----


class LineView(NamedTuple):
    """A line of the plan with what the group wrote."""

    line: PlanLine
    parts: tuple[Part, ...]

    @property
    def is_filled(self) -> bool:
        return any(part.text for part in self.parts)

    @property
    def lacks_name(self) -> bool:
        """An action that nobody has taken on yet."""
        return self.line.kind == "actie" and self.is_filled and not self.line.who and not self.line.struck


class PlanSection(NamedTuple):
    kind: str
    lines: tuple[LineView, ...]

    @property
    def filled(self) -> tuple[LineView, ...]:
        return tuple(line for line in self.lines if line.is_filled and not line.line.struck)


def read_plan(session: GroupSession) -> tuple[PlanSection, ...]:
    """The lines to fill in: those of standing decisions, and whatever the group wrote before it turned back."""
    lines = [
        LineView(line, fill_prompt(line.prompt, line.texts))
        for line in session.plan_lines.select_related("round__decision").order_by(
            F("round__number").asc(nulls_last=True), "position", "pk"
        )
    ]
    shown = [view for view in lines if view.is_filled or _stands(view.line)]
    return tuple(
        PlanSection(kind, tuple(view for view in shown if view.line.kind == kind))
        for kind in KINDS
        if any(view.line.kind == kind for view in shown)
    )


def _stands(line: PlanLine) -> bool:
    if line.round is None:
        return not line.struck
    decision = getattr(line.round, "decision", None)
    return not line.round.withdrawn and decision is not None and decision.answer == line.answer


# ---- The summary ----


class Attempt(NamedTuple):
    number: int
    result: Result | None  # None as long as it was not revealed


class Step(NamedTuple):
    """One visit of a node on the walked path."""

    question: Question | None
    end: Node | None
    tree: Tree
    round: int
    visit: int
    withdrawn: bool
    back_why: str
    attempts: tuple[Attempt, ...]
    decided: Decided | None

    @property
    def is_unfinished(self) -> bool:
        return self.end is None and self.decided is None


class Summary(Frozen, frozen=True):
    """A whole session to read back. Holds no counts of a round that was not revealed."""

    session: GroupSession
    stage: Stage
    trees: tuple[Tree, ...]  # the phases the group was in
    people: tuple[Voice, ...]
    path: tuple[Step, ...]
    plan: tuple[PlanSection, ...]
    picture: tuple[PlanSection, ...]
    indicators: tuple[PlanSection, ...]
    finds: tuple[Find, ...]


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
        stage=_show_stage(walk),
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
        question=None if node.is_end else _show_question(library, state, first),
        end=node if node.is_end else None,
        tree=library.tree(first.place.phase),
        round=first.number,
        visit=first.visit,
        withdrawn=last.withdrawn,
        back_why=next((round_.back_why for round_ in reversed(rounds) if round_.back_why), ""),
        attempts=tuple(
            Attempt(
                round_.attempt,
                _show_result(library, round_, tuple(votes.get(round_.number, ())), tuple(hands.get(round_.number, ())))
                if round_.was_revealed
                else None,
            )
            for round_ in rounds
            if round_.opened_at
        ),
        decided=_show_decision(library, last),
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


# ---- Overviews ----


class SessionCard(NamedTuple):
    """A session in the list of a facilitator."""

    session: GroupSession
    tree: Tree
    trees: tuple[Tree, ...]
    people: int
    questions: int
    actions_without_name: int


def list_sessions(teams: QuerySet[Team]) -> tuple[SessionCard, ...]:
    """All sessions of these teams, newest first, with what their cards tell. A fixed number of queries."""
    sessions = list(
        GroupSession.objects.filter(trajectory__team__in=teams)
        .select_related("trajectory", "edition")
        .defer("edition__document")
        .annotate(
            people=Count("participants", filter=~Q(participants__role=""), distinct=True),
        )
    )
    rounds: dict[int, list[Round]] = {}
    for round_ in Round.objects.filter(session__in=sessions, withdrawn=False):
        rounds.setdefault(round_.session_id, []).append(round_)
    nameless: dict[int, int] = {}
    for line in PlanLine.objects.filter(session__in=sessions, kind="actie", who="", struck=False):
        if any(line.texts):
            nameless[line.session_id] = nameless.get(line.session_id, 0) + 1
    return tuple(_show_card(session, rounds.get(session.pk, []), nameless.get(session.pk, 0)) for session in sessions)


def _show_card(session: GroupSession, rounds: list[Round], nameless: int) -> SessionCard:
    library = load_library(session.edition_id)
    return SessionCard(
        session=session,
        tree=library.tree(rounds[-1].phase if rounds else session.phase),
        trees=library.trees,
        people=session.people,  # type: ignore[attr-defined]
        questions=len({(row.phase, row.node) for row in rounds if row.decided_at}),
        actions_without_name=nameless,
    )
