"""Cards: what can be opened on the beamer, and what it is called."""

from content.graph import Library
from sessions.rules.cards import PARTS, Card, read_card


def test_a_card_is_found_by_its_name_and_no_two_have_the_same(library: Library) -> None:
    node = library.node(library.start("startfase"))
    cards = [
        *(Card("answer", answer.slug) for answer in node.answers),
        *(Card("element", element.slug) for element in library.elements),
        *(
            Card("intervention", intervention.slug, part)
            for intervention in library.interventions
            for part in range(1, PARTS["intervention"] + 1)
        ),
    ]
    names = [str(card) for card in cards]
    assert len(set(names)) == len(names)
    assert [read_card(name, library, node) for name in names] == cards


def test_a_name_that_is_none_has_no_card(library: Library) -> None:
    node = library.node(library.start("startfase"))
    names = ["", "walk", "plan", "element", "element/", "element/abcd", "answer/bestaat-niet", "intervention/abcd",
             "intervention/abcd/0", "intervention/abcd/4", "element/inclusief-werken/1"]  # fmt: skip
    assert [name for name in names if read_card(name, library, node)] == []


def test_answers_are_those_of_the_question_of_now(library: Library) -> None:
    assert read_card("answer/probleem", library, None) is None
    elsewhere = library.node(library.start("richtfase"))
    assert read_card("answer/probleem", library, elsewhere) is None
