"""The decision trees as plain, frozen data, and the questions one can ask of them.

No Django here. A `Library` is the whole content of one edition: roles, four trees, ten working elements and
five interventions. Loading it from YAML is `content.files`; judging it is `content.rules`.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

LETTERS = "ABCDE"
PHASES = ("startfase", "richtfase", "actiefase", "evaluatiefase")

Kind = Literal["centraal", "verdieping", "einde"]
PlanKind = Literal["doel", "actie", "moment", "trekker", "wie", "nodig", "voorwaarde", "voortgang"]
PictureKind = Literal["mensen", "plekken", "cijfers", "verhalen", "opdracht"]
IndicatorKind = Literal["tellen", "vertellen"]
Tone = Literal["brick", "ochre", "delft", "plum"]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A value that never changes, and refuses keys it does not know."""


class Place(NamedTuple):
    """Where a group stands: a node in the tree of a phase."""

    phase: str
    node: str

    def __str__(self) -> str:
        return f"{self.phase}/{self.node}"


class Role(Strict, frozen=True):
    """Somebody's place in the neighbourhood. `tone` picks roof, pattern and colour in the look."""

    slug: str
    title: str
    plural: str
    short_plural: str
    line: str
    tone: Tone


class ElementUse(Strict, frozen=True):
    """A working element at an answer; `when` says when it works just here."""

    number: int
    when: str


class InterventionUse(Strict, frozen=True):
    """An intervention at an answer; `why` says why it may help just here."""

    slug: str
    why: str


class PlanPrompt(Strict, frozen=True):
    """A line for the shared plan; `…` marks each blank the group fills in."""

    kind: PlanKind
    prompt: str


class PicturePrompt(Strict, frozen=True):
    """A line for the buurtbeeld, the picture of the neighbourhood."""

    kind: PictureKind
    prompt: str


class Indicator(Strict, frozen=True):
    """Something to count or to tell in the evaluation."""

    kind: IndicatorKind
    text: str


class FollowUp(Strict, frozen=True):
    """A way on that an end node offers."""

    text: str
    next: str


class Answer(Strict, frozen=True):
    """A choice at a node, open to some roles or all, leading on. `next` is a node, or `fase:<phase>[/<node>]`."""

    slug: str
    text: str
    roles: tuple[str, ...]
    next: str
    reflection: str
    elements: tuple[ElementUse, ...]
    interventions: tuple[InterventionUse, ...] = ()
    plan: tuple[PlanPrompt, ...] = ()
    picture: tuple[PicturePrompt, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    def is_open_to(self, role: str | None) -> bool:
        """Whether somebody in this role may give it. Without a role one walks in all of them."""
        return role is None or role in self.roles


class Node(Strict, frozen=True):
    """A question (central or deepening) with its answers, or the end of a tree with its ways on."""

    slug: str
    kind: Kind
    number: int | None = None
    question: str = ""
    help: str = ""
    facilitator: str = ""
    answers: tuple[Answer, ...] = ()
    title: str = ""
    text: str = ""
    follow_up: tuple[FollowUp, ...] = ()

    @property
    def is_end(self) -> bool:
        return self.kind == "einde"

    @property
    def heading(self) -> str:
        """What to call this node on a screen: its question, or the title of an end."""
        return self.title if self.is_end else self.question

    def answer(self, slug: str) -> Answer:
        """The answer with this slug. Raises KeyError when the node has none such."""
        for answer in self.answers:
            if answer.slug == slug:
                return answer
        raise KeyError(slug)

    def letter(self, slug: str) -> str:
        """The letter an answer carries on every screen: its place in the list."""
        return LETTERS[[answer.slug for answer in self.answers].index(slug)]

    def open_to(self, role: str) -> tuple[str, ...]:
        """The slugs of the answers that somebody in this role may give."""
        return tuple(answer.slug for answer in self.answers if answer.is_open_to(role))


class Tree(Strict, frozen=True):
    """The decision tree of one phase."""

    schema: Literal[1]
    phase: str
    order: int
    title: str
    intro: str
    start: str
    nodes: tuple[Node, ...]

    def node(self, slug: str) -> Node:
        """The node with this slug. Raises KeyError when the tree has none such."""
        for node in self.nodes:
            if node.slug == slug:
                return node
        raise KeyError(slug)

    @property
    def central(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.kind == "centraal")


class Fact(Strict, frozen=True):
    """What is known, in our own words, with the page it stands on."""

    text: str
    source: str


class Element(Strict, frozen=True):
    """A working element: what works, when, and what to watch."""

    number: int
    slug: str
    title: str
    short: str
    mechanism: str
    works_when: tuple[str, ...]
    watch_out: tuple[str, ...]
    example: str
    facts: tuple[Fact, ...]
    source_title: str = ""


class Evidence(Strict, frozen=True):
    """How well an intervention is founded; `level` and `year` stay empty where no recognition was found."""

    text: str
    level: str | None = None
    year: int | None = None


class Intervention(Strict, frozen=True):
    """An approach that exists already: for whom, how, under which conditions."""

    slug: str
    title: str
    one_line: str
    for_whom: str
    goal: str
    steps: tuple[str, ...]
    who: str
    conditions: tuple[str, ...]
    limits: tuple[str, ...]
    evidence: Evidence
    elements: tuple[int, ...]
    sources: tuple[str, ...]
    also_known_as: tuple[str, ...] = ()


class Occurrence(NamedTuple):
    """One answer somewhere in the library, with the node and tree it stands in."""

    tree: Tree
    node: Node
    answer: Answer


class Library(Strict, frozen=True):
    """All content of one edition."""

    roles: tuple[Role, ...]
    trees: tuple[Tree, ...]
    elements: tuple[Element, ...]
    interventions: tuple[Intervention, ...]

    def tree(self, phase: str) -> Tree:
        """The tree of this phase. Raises KeyError when there is none."""
        for tree in self.trees:
            if tree.phase == phase:
                return tree
        raise KeyError(phase)

    def role(self, slug: str) -> Role:
        """The role with this slug. Raises KeyError when there is none."""
        for role in self.roles:
            if role.slug == slug:
                return role
        raise KeyError(slug)

    def element(self, number: int) -> Element:
        """The working element with this number. Raises KeyError when there is none."""
        for element in self.elements:
            if element.number == number:
                return element
        raise KeyError(number)

    def intervention(self, slug: str) -> Intervention:
        """The intervention with this slug. Raises KeyError when there is none."""
        for intervention in self.interventions:
            if intervention.slug == slug:
                return intervention
        raise KeyError(slug)

    def node(self, place: Place) -> Node:
        """The node at this place. Raises KeyError when there is none."""
        return self.tree(place.phase).node(place.node)

    def start(self, phase: str) -> Place:
        """Where a phase begins: its first central question."""
        return Place(phase, self.tree(phase).start)

    def resolve(self, phase: str, target: str) -> Place:
        """Where a `next` leads, seen from a phase. The place may not exist: `content.rules` reports that."""
        if not target.startswith("fase:"):
            return Place(phase, target)
        other, _, node = target.removeprefix("fase:").partition("/")
        return Place(other, node) if node else self.start(other)

    def occurrences(self) -> Iterator[Occurrence]:
        """Every answer of every tree, in the order of phases, nodes and letters."""
        for tree in self.trees:
            for node in tree.nodes:
                for answer in node.answers:
                    yield Occurrence(tree, node, answer)
