"""What a decided answer leaves behind to fill in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.graph import Library
from sessions.rules.plan import KINDS, Draft, Part, draft_lines, fill_prompt, split_prompt


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
