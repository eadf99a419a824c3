"""Answers as every screen shows them, and what each opens."""

from content.graph import Answer, ElementUse, InterventionUse, Library, Node
from sessions.reading.shapes import AnswerView, CardView, Find, Opening
from sessions.rules.cards import Card


def show_answers(library: Library, node: Node) -> tuple[AnswerView, ...]:
    """The answers of a node with letters and, where bound to roles, those roles."""
    return tuple(show_answer(library, node, answer) for answer in node.answers)


def show_answer(library: Library, node: Node, answer: Answer) -> AnswerView:
    bound = tuple(role for role in library.roles if role.slug in answer.roles)
    return AnswerView(
        answer.slug, node.letter(answer.slug), answer.text, bound if len(bound) < len(library.roles) else ()
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
        Opening(show_answer(library, node, answer), answer.reflection, show_finds(library, answer))
        for answer in node.answers
    )


def show_card(library: Library, node: Node, card: Card) -> CardView:
    """A card with all that stands on it."""
    return CardView(
        card,
        next((opened for opened in show_openings(library, node) if opened.card == card), None),
        next((element for element in library.elements if card[:2] == ("element", element.slug)), None),
        next((known for known in library.interventions if card[:2] == ("intervention", known.slug)), None),
    )
