"""Walking the trees alone, in any role. Nothing is kept here: role and path travel in the address.

`?rol=` is a role of the library; without it one looks in all roles at once. `?pad=` is the walked path: the place
where it begins and the answers taken from there, `startfase.aanleiding.probleem.van-velen`. Each answer says where
the next one stands, so a path that no longer fits the content is noticed; a `~` begins anew elsewhere.
"""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from content.graph import Answer, Element, Intervention, Library, Node, Place, Role, Tree
from facilitation.views.library import with_library
from sessions.reading import AnswerView, Find, show_answers, show_finds
from sessions.rules.plan import KINDS, draft_lines

MOST_STEPS = 60  # keeps the address short enough for every server and browser on the way


class AddressError(ValueError):
    """Something in the address that we cannot read."""


class Step(NamedTuple):
    """An answer taken at a question."""

    place: Place
    answer: str


class Walker(NamedTuple):
    """Somebody who walks alone: everything the address says. `complaint` is what was wrong with that address."""

    library: Library
    role: Role | None = None
    steps: tuple[Step, ...] = ()
    complaint: str = ""

    @property
    def trail(self) -> str:
        return write_trail(self.library, self.steps)

    @property
    def query(self) -> str:
        """The part of an address that takes role and path along."""
        pairs = {"rol": self.role.slug if self.role else "", "pad": self.trail}
        filled = {name: value for name, value in pairs.items() if value}
        return f"?{urlencode(filled)}" if filled else ""

    def address(self, name: str, *parts: str) -> str:
        return f"{reverse(name, args=parts)}{self.query}"

    def take(self, step: Step) -> "Walker":
        """The walker one step further; what lies too far back falls off the path."""
        return self._replace(steps=(*self.steps, step)[-MOST_STEPS:])

    def go_back(self) -> "Walker":
        return self._replace(steps=self.steps[:-1])

    def may_give(self, answer: Answer) -> bool:
        return self.role is None or self.role.slug in answer.roles


# ---- The path in the address ----


def read_walker(request: HttpRequest, library: Library) -> Walker:
    """Who walks here. What cannot be read is left out, and said."""
    complaints = []
    role: Role | None = None
    steps: tuple[Step, ...] = ()
    try:
        role = _read_role(library, request.GET.get("rol", ""))
    except AddressError:
        complaints.append(gettext("Die rol kennen we niet. Je ziet nu de antwoorden van alle rollen."))
    try:
        steps = read_trail(library, request.GET.get("pad", ""))
    except AddressError:
        complaints.append(gettext("Het pad in dit adres klopt niet meer. Je begint met een leeg pad."))
    return Walker(library, role, steps, " ".join(complaints))


def write_trail(library: Library, steps: tuple[Step, ...]) -> str:
    """A path as the word that stands in the address."""
    written = ""
    here = None
    for step in steps:
        if step.place != here:
            written += f"{'~' if written else ''}{step.place.phase}.{step.place.node}"
        written += f".{step.answer}"
        here = find_next(library, step)
    return written


def read_trail(library: Library, written: str) -> tuple[Step, ...]:
    """The path that this word stands for. Raises AddressError when a step of it is not in the content."""
    steps = tuple(step for chain in written.split("~") for step in _read_chain(library, chain)) if written else ()
    if len(steps) > MOST_STEPS:
        raise AddressError("too long")
    return steps


def _read_chain(library: Library, chain: str) -> Iterator[Step]:
    phase, _, rest = chain.partition(".")
    node, *answers = rest.split(".")
    if not answers:
        raise AddressError("a beginning without an answer")
    place = Place(phase, node)
    for answer in answers:
        step = Step(place, answer)
        try:
            place = find_next(library, step)
        except KeyError as error:
            raise AddressError(str(error)) from None
        yield step


def find_next(library: Library, step: Step) -> Place:
    """Where a step leads. Raises KeyError when there is no such answer."""
    return library.resolve(step.place.phase, library.node(step.place).answer(step.answer).next)


def _read_role(library: Library, slug: str) -> Role | None:
    try:
        return library.role(slug) if slug else None
    except KeyError:
        raise AddressError(slug) from None


# ---- What the pages show ----


class RoleLink(NamedTuple):
    """A role to take, or all of them; `address` is the same page in that role."""

    role: Role | None
    address: str
    is_current: bool


class QuestionLink(NamedTuple):
    node: Node
    address: str
    is_current: bool
    is_walked: bool


class AnswerLink(NamedTuple):
    """An answer to open. `is_other` when it is for other roles than the walker's; `is_walked` when chosen before."""

    answer: AnswerView
    address: str
    is_other: bool
    is_current: bool
    is_walked: bool


class Way(NamedTuple):
    """A way on: to a place, in a role, under a name."""

    text: str
    address: str
    role: Role | None = None


class PathStep(NamedTuple):
    """A step of the walked path, as it is read back."""

    tree: Tree
    node: Node
    answer: AnswerView
    reflection: str
    address: str
    visit: int
    is_jump: bool


class Harvest(NamedTuple):
    """The lines of one kind that answers leave behind, for the plan, the buurtbeeld or the evaluation."""

    kind: str
    prompts: tuple[str, ...]


@with_library
def choose_phase(request: HttpRequest, library: Library) -> HttpResponse:
    """Where one begins: a phase, and if one likes a role. The form comes back here and is sent on."""
    walker = read_walker(request, library)
    phase = request.GET.get("fase", "")
    if phase and not walker.complaint:
        try:
            return redirect(walker.address("alone-node", *library.start(phase)))
        except KeyError:
            walker = walker._replace(complaint=gettext("Die fase kennen we niet. Kies er hieronder een."))
    return render(request, "alone/choose.html", {"walker": walker, "here": walker.address("alone")})


@with_library
def show_node(request: HttpRequest, library: Library, phase: str, node: str) -> HttpResponse:
    """A question with its answers, or the end of a tree with its ways on."""
    walker = read_walker(request, library)
    place = Place(phase, node)
    _, found = _find_place(library, place)
    context = _describe_place(walker, place, walker.address("alone-node", *place))
    if found.is_end:
        ways = [
            Way(follow.text, walker.address("alone-node", *library.resolve(phase, follow.next)))
            for follow in found.follow_up
        ]
        return render(request, "alone/end.html", {**context, "ways": ways})
    earlier = _chosen_before(walker, place)
    context |= {
        "answers": _link_answers(walker, place, found),
        "earlier": [view.letter for view in show_answers(library, found) if view.slug in earlier],
    }
    return render(request, "alone/question.html", context)


@with_library
def show_answer(request: HttpRequest, library: Library, phase: str, node: str, answer: str) -> HttpResponse:
    """An answer, opened: what it may bring and cost, what helps, and the way on."""
    walker = read_walker(request, library)
    place = Place(phase, node)
    _, found = _find_place(library, place)
    try:
        chosen = found.answer(answer)
    except KeyError:
        raise Http404(answer) from None
    step = Step(place, answer)
    after = find_next(library, step)
    answers = _link_answers(walker, place, found, answer)
    context = _describe_place(walker, place, walker.address("alone-answer", *place, answer)) | {
        "answers": answers,
        "opened": next(link for link in answers if link.is_current),
        "reflection": chosen.reflection,
        "finds": show_finds(library, chosen),
        "harvest": gather_harvest([chosen]),
        "question_address": walker.address("alone-node", *place),
        "ways": _find_ways(walker, step, chosen),
        "after": library.node(after),
        "after_tree": library.tree(after.phase) if after.phase != phase else None,
    }
    return render(request, "alone/answer.html", context)


@with_library
def show_path(request: HttpRequest, library: Library) -> HttpResponse:
    """The walked path to read back, to print, and to go on from."""
    walker = read_walker(request, library)
    answers = [library.node(step.place).answer(step.answer) for step in walker.steps]
    after = find_next(library, walker.steps[-1]) if walker.steps else None
    context = {
        "walker": walker,
        "here": walker.address("alone-path"),
        "path": tuple(_retrace(walker)),
        "finds": _unique_finds(library, answers),
        "harvest": gather_harvest(answers),
        "after": library.node(after) if after else None,
        "after_tree": library.tree(after.phase) if after else None,
        "after_address": walker.address("alone-node", *after) if after else "",
        "is_full": len(walker.steps) == MOST_STEPS,
    }
    return render(request, "alone/path.html", context)


def gather_harvest(answers: list[Answer]) -> tuple[Harvest, ...]:
    """The lines these answers leave behind, each once, in the order in which a plan is read."""
    drafts = [draft for answer in answers for draft in draft_lines(answer)]
    kinds = [kind for kind in KINDS if any(draft.kind == kind for draft in drafts)]
    return tuple(
        Harvest(kind, tuple(dict.fromkeys(draft.prompt for draft in drafts if draft.kind == kind))) for kind in kinds
    )


def _find_place(library: Library, place: Place) -> tuple[Tree, Node]:
    try:
        return library.tree(place.phase), library.node(place)
    except KeyError:
        raise Http404(str(place)) from None


def _describe_place(walker: Walker, place: Place, here: str) -> dict[str, object]:
    """What every page of a walk shows around the question itself."""
    library = walker.library
    tree = library.tree(place.phase)
    last = walker.steps[-1] if walker.steps else None
    return {
        "walker": walker,
        "tree": tree,
        "node": library.node(place),
        "here": here,
        "roles": [
            RoleLink(role, f"{here.partition('?')[0]}{walker._replace(role=role).query}", role == walker.role)
            for role in (None, *library.roles)
        ],
        "questions": [
            QuestionLink(
                node,
                walker.address("alone-node", place.phase, node.slug),
                node.slug == place.node,
                bool(_chosen_before(walker, Place(place.phase, node.slug))),
            )
            for node in tree.nodes
        ],
        "back": Way(library.node(last.place).question, walker.go_back().address("alone-node", *last.place))
        if last
        else None,
        "choose_address": walker.address("alone"),
        "path_address": walker.address("alone-path"),
    }


def _link_answers(walker: Walker, place: Place, node: Node, current: str = "") -> tuple[AnswerLink, ...]:
    earlier = _chosen_before(walker, place)
    return tuple(
        AnswerLink(
            view,
            walker.address("alone-answer", *place, view.slug),
            not walker.may_give(answer),
            view.slug == current,
            view.slug in earlier,
        )
        for view, answer in zip(show_answers(walker.library, node), node.answers, strict=True)
    )


def _find_ways(walker: Walker, step: Step, answer: Answer) -> tuple[Way, ...]:
    """On with this answer. Is it for other roles, then one takes such a role along with it."""
    after = find_next(walker.library, step)
    if walker.may_give(answer):
        return (Way(gettext("Verder met dit antwoord"), walker.take(step).address("alone-node", *after)),)
    return tuple(
        Way(
            gettext("Verder als %(role)s") % {"role": role.title.lower()},
            walker._replace(role=role).take(step).address("alone-node", *after),
            role,
        )
        for role in walker.library.roles
        if role.slug in answer.roles
    )


def _chosen_before(walker: Walker, place: Place) -> set[str]:
    return {step.answer for step in walker.steps if step.place == place}


def _retrace(walker: Walker) -> Iterator[PathStep]:
    library = walker.library
    visits: dict[Place, int] = {}
    led_to = walker.steps[0].place if walker.steps else None
    for step in walker.steps:
        node = library.node(step.place)
        visits[step.place] = visits.get(step.place, 0) + 1
        yield PathStep(
            tree=library.tree(step.place.phase),
            node=node,
            answer=next(view for view in show_answers(library, node) if view.slug == step.answer),
            reflection=node.answer(step.answer).reflection,
            address=walker.address("alone-node", *step.place),
            visit=visits[step.place],
            is_jump=step.place != led_to,
        )
        led_to = find_next(library, step)


def _unique_finds(library: Library, answers: list[Answer]) -> list[Find]:
    """Each diamond and shovel met on the way, once; elements first, in their own order."""
    met: dict[Element | Intervention | None, Find] = {}
    for answer in answers:
        for find in show_finds(library, answer):
            met.setdefault(find.element or find.intervention, find)
    return sorted(met.values(), key=lambda find: find.element.number if find.element else len(library.elements) + 1)
