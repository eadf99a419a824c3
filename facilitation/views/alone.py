"""Walking the trees alone, in any role. Nothing is kept here: role and path travel in the address.

`?rol=` is a role of the library, `?pad=` the walked path: see `content/alone.py`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from content.alone import MOST_STEPS, AddressError, Taken, Walker, find_next, read_role, read_trail
from content.graph import Answer, Element, Intervention, Library, Node, Place, Role, Tree
from facilitation.views.library import with_library
from sessions.reading import AnswerView, Find, show_answers, show_finds
from sessions.rules.plan import KINDS, draft_lines

# ---- The path in the address ----


def read_walker(request: HttpRequest, library: Library) -> Walker:
    """Who walks here. What cannot be read is left out, and said."""
    complaints = []
    role: Role | None = None
    steps: tuple[Taken, ...] = ()
    try:
        role = read_role(library, request.GET.get("rol", ""))
    except AddressError:
        complaints.append(gettext("Die rol kennen we niet. Je ziet nu de antwoorden van alle rollen."))
    try:
        steps = read_trail(library, request.GET.get("pad", ""))
    except AddressError:
        complaints.append(gettext("Het pad in dit adres klopt niet meer. Je begint met een leeg pad."))
    return Walker(library, role, steps, " ".join(complaints))


def make_address(walker: Walker, name: str, *parts: str) -> str:
    """The page of this name, with role and path taken along."""
    return f"{reverse(name, args=parts)}{walker.query}"


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
            return redirect(make_address(walker, "alone-node", *library.start(phase)))
        except KeyError:
            walker = walker._replace(complaint=gettext("Die fase kennen we niet. Kies er hieronder een."))
    return render(request, "alone/choose.html", {"walker": walker, "here": make_address(walker, "alone")})


@with_library
def open_node(request: HttpRequest, library: Library, phase: str, node: str) -> HttpResponse:
    """A question with its answers, or the end of a tree with its ways on."""
    walker = read_walker(request, library)
    place = Place(phase, node)
    _, found = _find_place(library, place)
    context = _describe_place(walker, place, make_address(walker, "alone-node", *place))
    if found.is_end:
        ways = [
            Way(follow.text, make_address(walker, "alone-node", *library.resolve(phase, follow.next)))
            for follow in found.follow_up
        ]
        return render(request, "alone/end.html", {**context, "ways": ways})
    earlier = walker.chose_at(place)
    context |= {
        "answers": _link_answers(walker, place, found),
        "earlier": [view.letter for view in show_answers(library, found) if view.slug in earlier],
    }
    return render(request, "alone/question.html", context)


@with_library
def open_answer(request: HttpRequest, library: Library, phase: str, node: str, answer: str) -> HttpResponse:
    """An answer, opened: what it may bring and cost, what helps, and the way on."""
    walker = read_walker(request, library)
    place = Place(phase, node)
    _, found = _find_place(library, place)
    try:
        chosen = found.answer(answer)
    except KeyError:
        raise Http404(answer) from None
    taken = Taken(place, answer)
    after = find_next(library, taken)
    answers = _link_answers(walker, place, found, answer)
    context = _describe_place(walker, place, make_address(walker, "alone-answer", *place, answer)) | {
        "answers": answers,
        "opened": next(link for link in answers if link.is_current),
        "reflection": chosen.reflection,
        "finds": show_finds(library, chosen),
        "harvest": gather_harvest([chosen]),
        "question_address": make_address(walker, "alone-node", *place),
        "ways": _find_ways(walker, taken, chosen),
        "after": library.node(after),
        "after_tree": library.tree(after.phase) if after.phase != phase else None,
    }
    return render(request, "alone/answer.html", context)


@with_library
def open_path(request: HttpRequest, library: Library) -> HttpResponse:
    """The walked path to read back, to print, and to go on from."""
    walker = read_walker(request, library)
    answers = [library.node(taken.place).answer(taken.answer) for taken in walker.steps]
    after = find_next(library, walker.steps[-1]) if walker.steps else None
    context = {
        "walker": walker,
        "here": make_address(walker, "alone-path"),
        "path": tuple(_retrace(walker)),
        "finds": _unique_finds(library, answers),
        "harvest": gather_harvest(answers),
        "after": library.node(after) if after else None,
        "after_tree": library.tree(after.phase) if after else None,
        "after_address": make_address(walker, "alone-node", *after) if after else "",
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
                make_address(walker, "alone-node", place.phase, node.slug),
                node.slug == place.node,
                bool(walker.chose_at(Place(place.phase, node.slug))),
            )
            for node in tree.nodes
        ],
        "back": Way(library.node(last.place).question, make_address(walker.go_back(), "alone-node", *last.place))
        if last
        else None,
        "choose_address": make_address(walker, "alone"),
        "path_address": make_address(walker, "alone-path"),
    }


def _link_answers(walker: Walker, place: Place, node: Node, current: str = "") -> tuple[AnswerLink, ...]:
    earlier = walker.chose_at(place)
    return tuple(
        AnswerLink(
            view,
            make_address(walker, "alone-answer", *place, view.slug),
            not walker.may_give(answer),
            view.slug == current,
            view.slug in earlier,
        )
        for view, answer in zip(show_answers(walker.library, node), node.answers, strict=True)
    )


def _find_ways(walker: Walker, taken: Taken, answer: Answer) -> tuple[Way, ...]:
    """On with this answer. Is it for other roles, then one takes such a role along with it."""
    after = find_next(walker.library, taken)
    if walker.may_give(answer):
        return (Way(gettext("Verder met dit antwoord"), make_address(walker.take(taken), "alone-node", *after)),)
    return tuple(
        Way(
            gettext("Verder als %(role)s") % {"role": role.title.lower()},
            make_address(walker._replace(role=role).take(taken), "alone-node", *after),
            role,
        )
        for role in walker.library.roles
        if role.slug in answer.roles
    )


def _retrace(walker: Walker) -> Iterator[PathStep]:
    library = walker.library
    for taken, visit, is_jump in walker.retrace():
        node = library.node(taken.place)
        yield PathStep(
            tree=library.tree(taken.place.phase),
            node=node,
            answer=next(view for view in show_answers(library, node) if view.slug == taken.answer),
            reflection=node.answer(taken.answer).reflection,
            address=make_address(walker, "alone-node", *taken.place),
            visit=visit,
            is_jump=is_jump,
        )


def _unique_finds(library: Library, answers: list[Answer]) -> list[Find]:
    """Each diamond and shovel met on the way, once; elements first, in their own order."""
    met: dict[Element | Intervention | None, Find] = {}
    for answer in answers:
        for find in show_finds(library, answer):
            met.setdefault(find.element or find.intervention, find)
    return sorted(met.values(), key=lambda find: find.element.number if find.element else len(library.elements) + 1)
