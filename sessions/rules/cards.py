"""What may stand on the beamer beside the walk: an answer, a working element or an intervention, opened. Pure.

A card is named in one word, as it travels and as it is kept: `answer/probleem`, `element/inclusief-werken`,
`intervention/studio-bruis/2`.
"""

from typing import NamedTuple

from content.graph import Library, Node

# An intervention does not fit on a beamer in one go: for whom, how it goes, and when it works.
PARTS = {"answer": 1, "element": 1, "intervention": 3}


class Card(NamedTuple):
    """One thing opened. `part` counts from 1."""

    kind: str  # answer, element or intervention
    slug: str
    part: int = 1

    @property
    def parts(self) -> int:
        return PARTS[self.kind]

    def __str__(self) -> str:
        return "/".join([self.kind, self.slug, *([str(self.part)] if self.parts > 1 else [])])


def read_card(name: str, library: Library, node: Node | None) -> Card | None:
    """The card of this name, or None when there is none. Answers are those of `node`; without it there are none."""
    slugs = {
        "answer": [answer.slug for answer in node.answers] if node else [],
        "element": [element.slug for element in library.elements],
        "intervention": [intervention.slug for intervention in library.interventions],
    }
    cards = (
        Card(kind, slug, part) for kind, parts in PARTS.items() for slug in slugs[kind] for part in range(1, parts + 1)
    )
    return next((card for card in cards if str(card) == name), None)
