"""What a decided answer leaves behind to fill in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.graph import Library
from sessions.rules.plan import KINDS, Draft, Part, Words, draft_lines, fill_prompt, merge_words, split_prompt


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

lines = st.builds(
    Words,
    texts=st.lists(st.sampled_from(["", "meten", "tellen"]), max_size=2).map(tuple),
    who=st.sampled_from(["", "Fatma", "Joost"]),
    due=st.sampled_from([None, date(2027, 3, 1)]),
    struck=st.booleans(),
)


def pad(words: Words) -> Words:
    """An empty text is one that is not there."""
    return words._replace(texts=(*words.texts, "", "")[:2])


@given(before=lines, typed=lines)
def test_where_nobody_else_wrote_stands_what_was_typed(before: Words, typed: Words) -> None:
    merged, clashes = merge_words(before.mark, typed, before)
    assert (pad(merged), clashes) == (pad(typed), frozenset())


@given(before=lines, there=lines)
def test_who_changed_nothing_changes_nothing(before: Words, there: Words) -> None:
    merged, clashes = merge_words(before.mark, before, there)
    assert (pad(merged), clashes) == (pad(there), frozenset())


@given(before=lines, typed=lines, there=lines)
def test_a_field_that_both_changed_clashes_and_no_other_is_lost(before: Words, typed: Words, there: Words) -> None:
    merged, clashes = merge_words(before.mark, typed, there)
    fields = [{**words._asdict(), **dict(enumerate(pad(words).texts)), "texts": None}
              for words in (before, typed, there, merged)]  # fmt: skip
    for name in fields[0]:
        was, mine, theirs, now = (field[name] for field in fields)
        both = mine != was and theirs != was and mine != theirs
        assert now == (theirs if mine == was else mine)
        if name != "struck":
            assert (f"text-{name}" if isinstance(name, int) else name) in clashes or not both
            assert both or (f"text-{name}" if isinstance(name, int) else name) not in clashes


@pytest.mark.parametrize("seen", ["", "iets anders", "0123456789abcdef", "w,wat"])
def test_a_mark_that_is_none_of_ours_lets_nothing_be_replaced(seen: str) -> None:
    assert merge_words(seen, Words(("meten",), "Fatma"), Words()).clashes == {"text-0", "who"}


def test_new_words_in_a_line_that_somebody_struck_out_meanwhile_are_asked_about() -> None:
    typed, there = Words(("tellen",)), Words(("meten",), struck=True)
    assert merge_words(Words(("meten",)).mark, typed, there).clashes == {"struck"}


def test_an_empty_line_has_one_mark_however_many_blanks_it_has() -> None:
    assert Words(()).mark == Words(("", "")).mark
    assert Words(("", "x")).mark != Words(("x", "")).mark
