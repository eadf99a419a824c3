"""Answers as every screen shows them, and what each opens."""

from content.graph import Answer, ElementUse, InterventionUse, Library, Node
from sessions.reading.shapes import AnswerView, CardView, Find, Opening
from sessions.rules.asking import find_letter, list_answers
from sessions.rules.cards import Card
from sessions.rules.state import Option


def show_answers(library: Library, node: Node) -> tuple[AnswerView, ...]:
    """The answers of a node with letters and, where bound to roles, those roles."""
    return show_options(library, list_answers(node))


def show_options(library: Library, options: tuple[Option, ...]) -> tuple[AnswerView, ...]:
    """What a round asks, with letters and, where bound to roles, those roles."""

    def show(option: Option) -> AnswerView:
        bound = tuple(role for role in library.roles if role.slug in option.roles)
        letter = find_letter(options, option.slug)
        return AnswerView(option.slug, letter, option.text, bound if len(bound) < len(library.roles) else ())

    return tuple(map(show, options))


def show_answer(library: Library, node: Node, slug: str) -> AnswerView:
    """One of them. Raises KeyError when there is none such."""
    return find_answer(show_answers(library, node), slug)


def find_answer(answers: tuple[AnswerView, ...], slug: str) -> AnswerView:
    """The answer with this slug. Raises KeyError."""
    for answer in answers:
        if answer.slug == slug:
            return answer
    raise KeyError(slug)


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
        Opening(view, answer.reflection, show_finds(library, answer))
        for view, answer in zip(show_answers(library, node), node.answers, strict=True)
    )


def show_card(library: Library, node: Node, card: Card) -> CardView:
    """A card with all that stands on it."""
    return CardView(
        card,
        next((opened for opened in show_openings(library, node) if opened.card == card), None),
        next((element for element in library.elements if card[:2] == ("element", element.slug)), None),
        next((known for known in library.interventions if card[:2] == ("intervention", known.slug)), None),
    )
