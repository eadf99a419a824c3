"""What a decided answer leaves behind to fill in."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.graph import Library
from sessions.rules.plan import (
    KINDS,
    Draft,
    Part,
    Value,
    Words,
    draft_lines,
    fill_prompt,
    merge_words,
    read_leaf,
    read_value,
    split_prompt,
    write_value,
)


def test_an_answer_of_richtfase_drafts_its_plan_lines(library: Library) -> None:
    answer = library.tree("richtfase").node("wat-bereiken").answer("een-concreet-punt")
    assert draft_lines(answer) == tuple(Draft(place, line.kind, line.prompt) for place, line in enumerate(answer.plan))
    assert [line.kind for line in draft_lines(answer)] == ["doel", "doel", "voortgang"]


@pytest.mark.parametrize(("phase", "kinds"), [("startfase", {"verhalen"}), ("evaluatiefase", {"tellen", "vertellen"})])
def test_startfase_drafts_the_buurtbeeld_and_evaluatiefase_what_to_count_and_tell(
    library: Library, phase: str, kinds: set[str]
) -> None:
    first = library.tree(phase).central[0].answers[0]
    assert {line.kind for line in draft_lines(first)} == kinds


def test_every_prompt_of_the_library_has_a_blank_with_a_label_and_a_known_kind(library: Library) -> None:
    lines = [line for found in library.occurrences() for line in draft_lines(found.answer)]
    assert [line for line in lines if line.kind not in KINDS or not all(split_prompt(line.prompt))] == []


@pytest.mark.parametrize(
    ("prompt", "labels"),
    [
        ("Onze droom is: …", ("Onze droom is:",)),
        ("Vast contact: … Reserve: …", ("Vast contact:", "Reserve:")),
        ("We starten op: …. Met: …", ("We starten op:", "Met:")),
        ("Hoeveel afspraken zijn gedaan?", ("Hoeveel afspraken zijn gedaan?",)),
        ("Over … maanden is dit anders: …", ("Over", "maanden is dit anders:")),
        ("", ("",)),
    ],
)
def test_a_prompt_is_split_into_labels(prompt: str, labels: tuple[str, ...]) -> None:
    assert split_prompt(prompt) == labels


def test_what_the_group_wrote_stands_behind_its_label() -> None:
    assert fill_prompt("Vast: … Reserve: …", ["Mirjam"]) == (Part("Vast:", "Mirjam"), Part("Reserve:", ""))


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=5))
def test_whatever_the_prompt_there_are_as_many_parts_as_blanks(prompt: str, texts: list[str]) -> None:
    assert len(fill_prompt(prompt, texts)) == max(prompt.count("…"), 1) == len(split_prompt(prompt))


# ---- Two devices in one line ----

NAMES = ("text-0", "text-1", "who", "due", "money")
lines = st.builds(
    Words,
    texts=st.lists(st.sampled_from(["", "meten", "tellen"]), min_size=2, max_size=2).map(tuple),
    who=st.sampled_from(["", "Fatma", "Joost"]),
    due=st.sampled_from([None, date(2027, 3, 1)]),
    money=st.sampled_from([None, Decimal(250), Decimal("12.50")]),
)


def pick(words: Words, names: Collection[str] = NAMES) -> dict[str, Value]:
    """What a form sends of these fields."""
    return {name: words.texts[int(name[5:])] if name.startswith("text-") else getattr(words, name) for name in names}


some_names = st.sets(st.sampled_from(NAMES))


@given(before=lines, typed=lines, names=some_names)
def test_where_nobody_else_wrote_stands_what_was_typed(before: Words, typed: Words, names: set[str]) -> None:
    merged = merge_words(before, pick(typed, names), before.fields)
    assert merged == (before.put(pick(typed, names)), {})


@given(before=lines, there=lines)
def test_who_changed_nothing_changes_nothing(before: Words, there: Words) -> None:
    assert merge_words(there, pick(before), before.fields) == (there, {})


@given(before=lines, typed=lines, there=lines)
def test_a_field_that_both_changed_keeps_both_texts_and_no_other_is_lost(
    before: Words, typed: Words, there: Words
) -> None:
    merged, clashes = merge_words(there, pick(typed), before.fields)
    for name in NAMES:
        was, mine, theirs, now = (pick(words)[name] for words in (before, typed, there, merged))
        both = mine != was and theirs != was and mine != theirs
        assert now == (theirs if both or mine == was else mine)
        assert clashes.get(name, theirs) == (mine if both else theirs)


@given(typed=lines, there=lines)
def test_the_same_words_sent_again_change_nothing(typed: Words, there: Words) -> None:
    once, _ = merge_words(there, pick(typed), there.fields)
    assert merge_words(once, pick(typed), there.fields) == (once, {})


def test_of_a_page_that_does_not_say_what_it_knew_nothing_is_replaced() -> None:
    merged, clashes = merge_words(Words(("meten",), "Fatma"), {"text-0": "tellen", "who": "", "role": "wijkteam"}, {})
    assert (merged, clashes) == (Words(("meten",), "Fatma", role="wijkteam"), {"text-0": "tellen"})


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("text-0", "meten", "meten"),
        ("due", date(2027, 3, 1), "2027-03-01"),
        ("due", None, ""),
        ("money", Decimal("1250.00"), "1250"),
        ("money", Decimal("12.50"), "12.50"),
        ("may_name", True, "1"),
        ("may_name", False, ""),
        ("goal", 7, "7"),
        ("goal", None, ""),
    ],
)
def test_a_value_is_read_again_as_it_stands_in_a_form(name: str, value: Value, text: str) -> None:
    assert write_value(value) == text
    assert read_value(name, text) == value


def test_each_field_stands_in_a_form_by_its_name() -> None:
    fields = Words(("meten", ""), due=date(2027, 3, 1), may_name=True).fields
    assert {name: text for name, text in fields.items() if text} == {
        "text-0": "meten", "due": "2027-03-01", "may_name": "1",
    }  # fmt: skip
    assert set(fields) == {"text-0", "text-1", *Words._fields} - {"texts"}


@pytest.mark.parametrize(
    ("screen", "leaf"),
    [("plan", 1), ("plan/2", 2), ("plan/99", 99), ("plan/0", None), ("plan/x", None), ("walk", None)],
)
def test_which_leaf_of_the_plan_is_on_the_wall(screen: str, leaf: int | None) -> None:
    assert read_leaf(screen) == leaf
