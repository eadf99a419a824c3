"""The walk: no order of commands breaks an invariant, and each command does what its button says."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from content.files import LIBRARY_FOLDER, read_library
from content.graph import Library, Place
from sessions.rules import machine
from sessions.rules.commands import (
    COMMANDS,
    Adopt,
    Again,
    Back,
    Chairs,
    Close,
    Command,
    Conclude,
    Continue,
    Decide,
    Follow,
    Gather,
    Next,
    Open,
    Pause,
    Reopen,
    Resume,
    Return,
    Reveal,
    ShowCard,
    ShowInvite,
    ShowPlan,
    ShowWalk,
    Split,
    Start,
    Stop,
    Undo,
)
from sessions.rules.commands.stock import MOST_STEPS
from sessions.rules.refusals import Refused
from sessions.rules.state import (
    Asking,
    Choice,
    Idea,
    OpenStep,
    PageLine,
    State,
    Unsorted,
    find_crossing,
    find_node,
    visits_before,
)
from tests.sizes import pick

NOW = datetime(2026, 1, 20, 19, 30, tzinfo=UTC)
WHY = "Daar zijn we het over eens."


def play(library: Library, state: State, *commands: Command) -> State:
    """Carry out commands one after the other, each seeing the newest version."""
    for command in commands:
        state = machine.apply(state, command, seen=state.version, library=library, now=NOW)
    return state


def decide(answer: str) -> tuple[Command, ...]:
    """A whole question: from reading to a decision."""
    return (
        Open(),
        Close(),
        Reveal(),
        Split(),
        Decide(answer=answer, how="talk", why=WHY),
    )


def path_of(state: State) -> list[tuple[str, int, int, str, bool]]:
    return [
        (round_.place.node, round_.visit, round_.attempt, round_.status, round_.withdrawn) for round_ in state.rounds
    ]


def refusal_of(library: Library, state: State, command: Command) -> str:
    with pytest.raises(Refused) as refused:
        play(library, state, command)
    return refused.value.code


@pytest.fixture
def begun(library: Library) -> State:
    return play(library, State(phase="startfase"), Start())


def test_a_session_begins_in_the_lobby_and_starts_at_the_first_question(library: Library) -> None:
    lobby = State(phase="startfase")
    assert machine.next_step(lobby, library) == "start"
    assert play(library, lobby, Start()).current.place == Place("startfase", "aanleiding")


def test_the_big_button_leads_through_a_whole_question(library: Library, begun: State) -> None:
    steps, state = [], begun
    for command in (*decide("probleem"), Next()):
        steps.append(machine.next_step(state, library))
        state = play(library, state, command)
    assert steps == ["open", "close", "reveal", "split", "decide", "next"]
    assert path_of(state) == [
        ("aanleiding", 1, 1, "decided", False),
        ("probleem-onderzoeken", 1, 1, "reading", False),
    ]


def test_a_command_that_saw_an_older_version_is_refused_and_changes_nothing(library: Library, begun: State) -> None:
    with pytest.raises(Refused, match="late"):
        machine.apply(begun, Open(), seen=begun.version - 1, library=library, now=NOW)


@pytest.mark.parametrize("command", [Close(), Reveal(), Next(), Again()])
def test_a_step_that_is_not_due_is_refused(library: Library, begun: State, command: Command) -> None:
    assert refusal_of(library, begun, command) == "not-now"


def test_a_decision_needs_a_reason_in_one_line(library: Library, begun: State) -> None:
    state = play(library, begun, Open(), Close(), Reveal())
    blank = Decide(answer="probleem", how="vote", why=" \n ")
    long = Decide(answer="probleem", how="vote", why="a" * 301)
    unknown = Decide(answer="bestaat-niet", how="vote", why=WHY)
    assert [refusal_of(library, state, command) for command in (blank, long, unknown)] == [
        "why-missing",
        "too-long",
        "unknown-answer",
    ]


def test_a_reason_of_300_letters_with_a_picture_and_a_script_is_kept_whole(library: Library, begun: State) -> None:
    why = "🚸<script>" + "a" * 290
    state = play(library, begun, Open(), Close(), Reveal())
    state = play(library, state, Decide(answer="probleem", how="vote", why=why))
    assert state.current.decision.why == why


def test_voting_again_makes_a_new_round_and_keeps_the_first(library: Library, begun: State) -> None:
    state = play(library, begun, Open(), Close(), Reveal(), Again())
    assert path_of(state) == [("aanleiding", 1, 1, "revealed", False), ("aanleiding", 1, 2, "reading", False)]


def test_a_step_back_withdraws_what_came_later_and_keeps_it_in_the_record(library: Library, begun: State) -> None:
    state = play(library, begun, *decide("probleem"), Next(), Back(why="Er was nog een wens."))
    assert path_of(state) == [
        ("aanleiding", 1, 1, "decided", True),
        ("probleem-onderzoeken", 1, 1, "reading", True),
        ("aanleiding", 2, 1, "reading", False),
    ]
    assert [round_.back_why for round_ in state.rounds] == ["Er was nog een wens.", "", ""]


def test_a_step_back_right_after_a_decision_returns_to_the_same_question(library: Library, begun: State) -> None:
    state = play(library, begun, *decide("probleem"), Back())
    assert path_of(state) == [("aanleiding", 1, 1, "decided", True), ("aanleiding", 2, 1, "reading", False)]


def test_a_step_back_withdraws_both_votes_of_a_question(library: Library, begun: State) -> None:
    again = (Open(), Close(), Reveal(), Again())
    state = play(library, begun, *again, *decide("wens"), Next(), Back())
    assert [round_.withdrawn for round_ in state.rounds] == [True, True, True, False]


def test_at_the_first_question_there_is_no_way_back(library: Library, begun: State) -> None:
    assert refusal_of(library, begun, Back()) == "first-question"


def unseen(rounds: tuple[Asking, ...]) -> tuple[Asking, ...]:
    """As if no result that is hidden now was ever shown."""
    return tuple(
        round_ if round_.was_revealed else msgspec.structs.replace(round_, revealed_at=None) for round_ in rounds
    )


@pytest.mark.parametrize(
    ("before", "command"),
    [
        ((), Open()),
        ((Open(),), Close()),
        ((Open(), Close()), Reveal()),
        ((Open(), Close(), Reveal()), Again()),
        (decide("probleem"), Next()),
        (decide("probleem"), Back()),
        ((), Stop()),
        ((), Pause()),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Command) else "",
)
def test_undo_takes_back_exactly_the_last_step(
    library: Library, begun: State, before: tuple[Command, ...], command: Command
) -> None:
    state = play(library, begun, *before)
    undone = play(library, state, command, Undo())
    # That a result was shown stays known: a hall cannot unsee it.
    assert (unseen(undone.rounds), undone.paused, undone.ended, undone.screen) == (
        state.rounds, state.paused, state.ended, state.screen,
    )  # fmt: skip
    assert undone.version == state.version + 2
    assert refusal_of(library, undone, Undo()) == "nothing-to-undo"


def test_a_decision_that_was_undone_stays_a_draft_until_the_group_decides_or_goes_elsewhere(
    library: Library, begun: State
) -> None:
    draft = Choice(answer="probleem", how="talk", why=WHY)
    undone = play(library, begun, *decide("probleem"), Undo())
    assert (undone.current.status, undone.current.decision, undone.draft) == ("revealed", None, draft)
    assert play(library, undone, Pause(), Resume(), ShowPlan()).draft == draft
    decided = play(library, undone, Decide(answer="wens", how="vote", why=WHY))
    assert decided.draft is None
    assert play(library, decided, Undo()).draft == decided.current.decision
    assert play(library, undone, Again()).draft is None
    assert play(library, undone, Again(), Undo()).draft == draft


def test_undoing_anything_else_leaves_no_draft(library: Library, begun: State) -> None:
    decided = play(library, begun, *decide("probleem"))
    for command in (Next(), Back(), Pause(), Stop(), ShowPlan()):
        assert play(library, decided, command, Undo()).draft is None


def test_an_undo_knows_what_it_takes_back_and_whose_step_that_was(library: Library, begun: State) -> None:
    state = machine.apply(begun, Open(), seen=begun.version, library=library, now=NOW, by="Alice")
    assert (state.previous.step, state.previous.by) == ("open", "Alice")
    undone = play(library, state, Undo())
    assert (undone.step, undone.by, undone.previous) == ("", "", None)


def test_a_vote_that_was_closed_too_early_can_go_on_as_long_as_nothing_was_shown(
    library: Library, begun: State
) -> None:
    closed = play(library, begun, Open(), Close())
    again = play(library, closed, Continue())
    assert (again.current.status, again.current.closed_at, again.current.opened_at) == ("open", None, NOW)
    assert machine.next_step(closed, library) == "reveal"
    shown = play(library, closed, Reveal())
    assert refusal_of(library, shown, Continue()) == "not-now"
    assert refusal_of(library, play(library, shown, Undo()), Continue()) == "not-now"


def test_the_qr_stands_large_on_the_beamer_until_it_is_taken_away_or_the_walk_goes_on(
    library: Library, begun: State
) -> None:
    shown = play(library, begun, ShowInvite())
    assert (shown.screen, shown.rounds) == ("invite", begun.rounds)
    for command in (ShowWalk(), Open(), Undo()):
        assert play(library, shown, command).screen == "walk"
    assert play(library, begun, Open(), ShowInvite()).screen == "invite", "who comes late comes then"
    assert refusal_of(library, State(phase="startfase"), ShowInvite()) == "not-now"


def test_in_a_pause_and_after_the_end_only_going_on_is_possible(library: Library, begun: State) -> None:
    paused = play(library, begun, Pause())
    ended = play(library, begun, Stop())
    assert refusal_of(library, paused, Open()) == "paused"
    assert refusal_of(library, ended, Open()) == "ended"
    assert play(library, paused, Resume(), Open()).current.status == "open"
    assert play(library, ended, Reopen(), Open()).current.status == "open"


ELEMENT, ANSWER = ShowCard(card="element/inclusief-werken"), ShowCard(card="answer/probleem")


def test_a_card_stands_on_the_beamer_until_it_is_taken_away_or_the_walk_goes_on(library: Library, begun: State) -> None:
    shown = play(library, begun, ELEMENT)
    assert (shown.screen, shown.rounds) == ("element/inclusief-werken", begun.rounds)
    assert "show" in machine.allowed(shown, library), "another card may follow"
    for command in (ShowWalk(), Open(), Undo()):
        assert play(library, shown, command).screen == "walk"
    assert play(library, shown, ShowPlan()).screen == "plan"


def test_an_answer_is_opened_on_the_beamer_only_after_the_result(library: Library, begun: State) -> None:
    assert refusal_of(library, begun, ANSWER) == "unknown-card"
    closed = play(library, begun, Open(), Close())
    assert refusal_of(library, closed, ANSWER) == "unknown-card"
    assert play(library, closed, Reveal(), ANSWER).screen == "answer/probleem"


def test_while_people_vote_and_in_a_pause_no_card_comes_in_front_of_the_question(
    library: Library, begun: State
) -> None:
    assert refusal_of(library, play(library, begun, Open()), ELEMENT) == "not-now"
    assert refusal_of(library, play(library, begun, Pause()), ELEMENT) == "paused"
    assert refusal_of(library, State(phase="startfase"), ELEMENT) == "not-now"


def walk_to_crossing(library: Library) -> State:
    """In richtfase a resident says: first hear more neighbours. The group jumps to startfase."""
    state = play(library, State(phase="richtfase"), Start(), *decide("verschillende-doelen"), Next())
    assert state.current.place.node == "botsende-doelen"
    jump = next(answer for answer in library.node(state.current.place).answers if answer.next.startswith("fase:"))
    return play(library, state, *decide(jump.slug), Next())


def test_an_answer_leads_to_another_phase_and_the_group_can_come_back(library: Library) -> None:
    state = walk_to_crossing(library)
    assert state.current.place == Place("startfase", "wie-missen-we")
    assert find_crossing(state, library).place == Place("richtfase", "botsende-doelen")
    home = play(library, state, Return())
    assert path_of(home) == [
        ("wat-bereiken", 1, 1, "decided", False),
        ("botsende-doelen", 1, 1, "decided", False),
        ("wie-missen-we", 1, 1, "reading", True),
        ("botsende-doelen", 2, 1, "reading", False),
    ]
    assert find_crossing(home, library) is None


def test_a_visit_before_is_remembered_with_what_was_chosen(library: Library) -> None:
    home = play(library, walk_to_crossing(library), Return())
    (before,) = visits_before(home, home.current.place, home.current.number)
    assert (before.number, before.decision.why) == (2, WHY)


def test_an_end_offers_ways_on_and_refuses_ways_that_are_not_there(library: Library) -> None:
    tree = library.tree("startfase")
    end = next(node for node in tree.nodes if node.is_end)
    at_end = State(phase="startfase", rounds=(Asking(number=1, place=Place("startfase", end.slug)),))
    assert machine.next_step(at_end, library) == "stop"
    assert play(library, at_end, Follow(choice=0)).current.place == library.resolve("startfase", end.follow_up[0].next)
    assert [refusal_of(library, at_end, Follow(choice=choice)) for choice in (-1, len(end.follow_up))] == [
        "no-such-way",
        "no-such-way",
    ]


class AnyOrder(RuleBasedStateMachine):
    """Every command in every order, also those that do not fit, from one and from two facilitators."""

    @initialize(
        phase=st.sampled_from(["startfase", "richtfase", "actiefase", "evaluatiefase"]), steps=st.integers(0, 8)
    )
    def open_session(self, phase: str, steps: int) -> None:
        self.library = read_library(LIBRARY_FOLDER) if not hasattr(AnyOrder, "known") else AnyOrder.known
        AnyOrder.known = self.library
        self.steps = tuple(OpenStep(line, f"stap {line}") for line in range(steps))
        self.state = self.read_again(State(phase=phase))
        self.before = self.state

    def read_again(self, state: State) -> State:
        """As a state comes from its rows: with the open steps of the plan as long as the walk has not begun."""
        page = (PageLine("doel", "veilig oversteken"),)
        ideas = (Idea(1, "a1", "een zebrapad", "een zebrapad", "shown"), Idea(2, "b2", "niets", "niets"))
        steps = () if state.has_begun else self.steps
        unsorted = (Unsorted(7, "tellen", ("term", "doer")), Unsorted(8, "vragen", ("doer",)))
        return msgspec.structs.replace(
            state, open_steps=steps, page=page, wanted="Onze eerste stap:", ideas=ideas, unsorted=unsorted
        )

    @rule(name=st.sampled_from(sorted(COMMANDS)), late=st.booleans(), data=st.data())
    def ask(self, name: str, late: bool, data: st.DataObject) -> None:
        self.carry_out(self.make(name, data), self.state.version - late)

    @rule(data=st.data())
    def press_the_big_button(self, data: st.DataObject) -> None:
        name = machine.next_step(self.state, self.library)
        self.carry_out(self.make(name, data, fitting=True), self.state.version)
        assert self.state is not self.before, f"{name} was offered and refused"

    @rule(data=st.data())
    def press_any_offered_button(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(machine.allowed(self.state, self.library))))
        self.carry_out(self.make(name, data, fitting=True), self.state.version)
        assert self.state is not self.before, f"{name} was offered and refused"

    def make(self, name: str, data: st.DataObject, fitting: bool = False) -> Command:
        node = find_node(self.state.current, self.library) if self.state.current else None
        if name == "conclude":
            slugs = (
                [answer.slug for answer in node.answers]
                if node and fitting
                else ["done", "fits", "now", "bestaat-niet"]
            )
            return Conclude(answer=data.draw(st.sampled_from(slugs)), follow_up=data.draw(st.sampled_from(["", "Nu."])))
        if name == "decide":
            slugs = [answer.slug for answer in node.answers] if node else []
            answer = data.draw(st.sampled_from(slugs if fitting or slugs else ["bestaat-niet"]))
            why = WHY if fitting else data.draw(st.sampled_from([WHY, "", "a" * 301]))
            return Decide(answer=answer, how="vote", why=why)
        if name == "follow":
            ways = len(node.follow_up) if node else 0
            return Follow(choice=data.draw(st.integers(0, max(ways - 1, 0)) if fitting else st.integers(-2, 5)))
        if name == "show":
            answers = [f"answer/{answer.slug}" for answer in node.answers] if node and not fitting else []
            return ShowCard(
                card=data.draw(st.sampled_from(["element/inclusief-werken", "intervention/abcd/3", *answers]))
            )
        if name == "gather":
            return Gather(
                subject=data.draw(st.sampled_from(["7", "doel"] if fitting else ["7", "actie", "mensen", ""]))
            )
        if name == "adopt":
            slugs = [answer.slug for answer in node.answers] if node and fitting else ["p1", "bestaat-niet"]
            return Adopt(answers=tuple(data.draw(st.lists(st.sampled_from(slugs), min_size=int(fitting), max_size=3))))
        if name == "chairs":
            return Chairs(number=data.draw(st.integers(0, 99) if fitting else st.integers(-2, 10_001)))
        return COMMANDS[name]()

    def carry_out(self, command: Command, seen: int) -> None:
        self.before = self.state
        try:
            applied = machine.apply(self.state, command, seen=seen, library=self.library, now=NOW)
        except Refused:
            return
        self.state = self.read_again(applied)
        assert seen == self.before.version, "a late command was carried out"
        assert self.state.version == self.before.version + 1
        if not isinstance(command, Undo):
            self.nothing_is_lost(command)

    def nothing_is_lost(self, command: Command) -> None:
        before, after = self.before.rounds, self.state.rounds
        assert len(after) - len(before) in (0, 1)
        for old, new in zip(before, after, strict=False):
            assert (old.number, old.place, old.visit, old.attempt) == (new.number, new.place, new.visit, new.attempt)
            assert (old.kind, old.subject, old.asked) == (new.kind, new.subject, new.asked)
            assert old.options == new.options or old.gathers, "what was asked changed"
            assert not (old.withdrawn and not new.withdrawn), "a withdrawn round stood up again"
            if old.decision:
                assert new.decision == old.decision, "a decision changed afterwards"
        undone = machine.apply(self.state, Undo(), seen=self.state.version, library=self.library, now=NOW)
        assert unseen(undone.rounds) == unseen(before)

    @invariant()
    def rounds_are_numbered_and_lead_on(self) -> None:
        if not hasattr(self, "state"):
            return
        rounds = self.state.rounds
        assert [round_.number for round_ in rounds] == list(range(1, len(rounds) + 1))
        assert len({(round_.place, round_.visit, round_.attempt) for round_ in rounds}) == len(rounds)

    @invariant()
    def a_step_of_the_plan_is_asked_once_and_before_the_walk(self) -> None:
        if not hasattr(self, "state"):
            return
        rounds = self.state.rounds
        asked = [round_.subject for round_ in rounds if round_.kind == "progress" and round_.attempt == 1]
        assert len(asked) == len(set(asked)) <= MOST_STEPS
        kinds = [round_.kind for round_ in rounds]
        assert kinds == sorted(kinds, key=lambda kind: kind != "progress"), "progress comes before all else"

    @invariant()
    def only_the_round_of_now_is_alive(self) -> None:
        if not hasattr(self, "state"):
            return
        now = self.state.current
        assert all(round_ == now for round_ in self.state.rounds if round_.status == "open")
        if self.state.current:
            assert not self.state.current.withdrawn
        assert not (self.state.draft and self.state.current.decision), "a draft beside a decision"
        for round_ in self.state.rounds:
            assert (round_.status == "decided") == (round_.decision is not None)
            times = [round_.entered_at, round_.opened_at, round_.closed_at, round_.revealed_at, round_.decided_at]
            reached = ["reading", "open", "closed", "revealed", "decided"].index(round_.status)
            known = [time is not None for time in times[: reached + 1]]
            assert all(known), "a step was skipped"

    @invariant()
    def the_question_is_in_sight_while_people_vote(self) -> None:
        if hasattr(self, "state") and self.state.current and self.state.current.status == "open":
            assert self.state.screen in ("walk", "plan", "invite")

    @invariant()
    def the_big_button_is_always_allowed(self) -> None:
        if not hasattr(self, "state"):
            return
        assert machine.next_step(self.state, self.library) in machine.allowed(self.state, self.library)


AnyOrder.TestCase.settings = settings(
    max_examples=pick(30, 500), stateful_step_count=60, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyOrder = AnyOrder.TestCase
