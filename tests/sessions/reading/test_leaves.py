"""The plan on the wall, a leaf at a time: nothing gets lost between two leaves, and none is too full."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sessions.reading.leaves import LINES, STEPS, turn_to_leaf
from sessions.reading.shapes import Goal, Helpers, LineView, Plan, PlanPage, PlanSection
from sessions.rules.plan import NextTime, Words, Written, fill_prompt


def make_views(kind: str, texts: list[str], first: int) -> tuple[LineView, ...]:
    return tuple(
        LineView(Written(key, kind, "", Words((text,)), None), fill_prompt("", [text]))
        for key, text in enumerate(texts, first)
    )


def make_page(goals: list[list[str]], steps: list[str], lists: list[str], asked: int, hands: dict) -> PlanPage:
    return PlanPage(
        trajectory=1,
        buurt="Vogelbuurt",
        is_practice=False,
        revision=1,
        next_time=NextTime(),
        goals=tuple(
            Goal(make_views("doel", ["veilig"], number)[0], make_views("actie", texts, 1000 * (number + 1)))
            for number, texts in enumerate(goals)
        ),
        more_goals=(),
        steps=make_views("actie", steps, 5000),
        lists=Plan([PlanSection("nodig", make_views("nodig", lists, 6000))] if lists else []),
        asked=make_views("actie", [""] * asked, 7000),
        turned_back=(),
        struck=(),
        earlier=(),
        phase="richtfase",
        clashes={},
        hands=hands,
    )


texts = st.lists(st.text("abc ", min_size=1, max_size=300), max_size=15)
pages = st.builds(make_page, st.lists(texts, max_size=3), texts, texts, st.integers(0, 20), st.just({}))


@given(pages)
def test_every_line_stands_on_one_leaf_in_its_order_and_no_leaf_is_too_full(page: PlanPage) -> None:
    leaves = [turn_to_leaf(page, number) for number in range(1, turn_to_leaf(page, 1).of + 1)]
    assert [leaf.number for leaf in leaves] == list(range(1, len(leaves) + 1))
    assert tuple(step for leaf in leaves for step in leaf.steps) == page.all_steps
    assert tuple(view for leaf in leaves for view in leaf.asked) == page.asked
    lines = tuple(view for leaf in leaves for _, views in leaf.lists for view in views)
    assert lines == page.list_of("nodig")
    assert {leaf.goal for leaf in leaves if leaf.goal} == {goal.view for goal in page.goals}
    assert max(len(leaf.steps) for leaf in leaves) <= STEPS
    assert max(len(leaf.asked) for leaf in leaves) <= LINES


@given(pages, st.integers(1, 99))
def test_after_the_last_leaf_comes_the_first(page: PlanPage, number: int) -> None:
    leaf = turn_to_leaf(page, number)
    assert leaf.number == (number - 1) % leaf.of + 1


def test_while_somebody_writes_that_line_stands_there_alone() -> None:
    leaf = turn_to_leaf(make_page([["tellen", "praten"]], [], ["borden"], 3, {1001: ("a",)}), 2)
    assert (leaf.written.line.words.texts, leaf.goal, leaf.steps, leaf.of) == (("praten",), None, (), 1)


def test_a_line_that_is_not_on_the_page_any_more_does_not_empty_the_wall() -> None:
    leaf = turn_to_leaf(make_page([["tellen"]], [], [], 0, {99999: ("a",)}), 1)
    assert (leaf.written, len(leaf.steps)) == (None, 1)


def test_who_helps_takes_a_row_and_the_wall_hears_how_many_and_no_name() -> None:
    page = make_page([], ["a" * 48] * 6, [], 0, {})  # six steps of two rows fill a leaf
    assert [len(turn_to_leaf(page, number).steps) for number in (1, 2)] == [6, 6]
    helped = msgspec.structs.replace(page, helpers={5000: Helpers(2, (("hands", 2),), ("Ans", "Bas"))})
    assert [len(turn_to_leaf(helped, number).steps) for number in (1, 2)] == [5, 1]
    assert turn_to_leaf(helped, 1).helpers == {5000: 2}
