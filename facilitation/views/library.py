"""The library: ten working elements and five interventions, with their sources and where one meets them."""

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import groupby
from typing import Concatenate, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from content.editions import load_library, newest_edition
from content.graph import Answer, Element, Intervention, Library, Node, Occurrence, Tree
from content.models import Edition
from facilitation.languages import choose_language
from sessions.reading import AnswerView, show_answers

Thing = TypeVar("Thing", Element, Intervention)
ReadingView = Callable[Concatenate[HttpRequest, Library, ...], HttpResponse]


class Source(NamedTuple):
    """A page elsewhere: `site` names it for a reader, `page` tells pages of one site apart."""

    address: str
    site: str
    page: str


class Known(NamedTuple):
    """A fact with the page it stands on."""

    text: str
    source: Source


class Mention(NamedTuple):
    """An answer at which one meets something, with what is said about it there."""

    answer: AnswerView
    why: str


class Meeting(NamedTuple):
    """A question at which one meets something, at one or more of its answers."""

    node: Node
    spots: tuple[Mention, ...]


class Chapter(NamedTuple):
    """A phase with all its questions at which one meets something."""

    tree: Tree
    meetings: tuple[Meeting, ...]


def with_library(view: ReadingView) -> Callable[..., HttpResponse]:
    """The view gets the newest content: for reading without an account, as long as something is published."""

    @require_safe
    @wraps(view)
    def reading(request: HttpRequest, **kwargs: str) -> HttpResponse:
        try:
            edition = newest_edition()
        except Edition.DoesNotExist:
            message = gettext("Hier staat nog geen inhoud. De beheerder kan de inhoud plaatsen.")
            return render(request, "error.html", {"message": message}, status=503)
        return view(request, load_library(edition.pk, choose_language()), **kwargs)

    return reading


@with_library
def show_library(request: HttpRequest, library: Library) -> HttpResponse:
    return render(request, "library/list.html", {"library": library})


@with_library
def show_element(request: HttpRequest, library: Library, slug: str) -> HttpResponse:
    element = _find(library.elements, slug)
    place = library.elements.index(element)
    context = {
        "element": element,
        "facts": [Known(fact.text, read_source(fact.source)) for fact in element.facts],
        "interventions": [one for one in library.interventions if element.number in one.elements],
        "chapters": find_chapters(library, lambda answer: _why_element(answer, element)),
        "before": library.elements[place - 1] if place else None,
        "after": library.elements[place + 1] if place + 1 < len(library.elements) else None,
    }
    return render(request, "library/element.html", context)


@with_library
def show_intervention(request: HttpRequest, library: Library, slug: str) -> HttpResponse:
    intervention = _find(library.interventions, slug)
    context = {
        "intervention": intervention,
        "elements": [library.element(number) for number in intervention.elements],
        "sources": [read_source(address) for address in intervention.sources],
        "others": [one for one in library.interventions if one is not intervention],
        "chapters": find_chapters(library, lambda answer: _why_intervention(answer, intervention)),
    }
    return render(request, "library/intervention.html", context)


@require_safe
def show_handbook(request: HttpRequest) -> HttpResponse:
    """The facilitator's handbook: it must open before anything is published, so it asks for no content."""
    return render(request, "library/handbook.html")


def read_source(address: str) -> Source:
    """`https://www.movisie.nl/interventie/x` reads as the page `interventie/x` of `movisie.nl`."""
    parts = urlsplit(address)
    return Source(address, (parts.hostname or address).removeprefix("www."), unquote(parts.path).strip("/"))


def find_chapters(library: Library, why: Callable[[Answer], str | None]) -> tuple[Chapter, ...]:
    """Every phase, question and answer for which `why` has something to say."""
    met = ((spot, text) for spot in library.occurrences() if (text := why(spot.answer)) is not None)
    return tuple(
        Chapter(tree, tuple(_find_meetings(library, list(spots))))
        for tree, spots in groupby(met, key=lambda pair: pair[0].tree)
    )


def _find_meetings(library: Library, met: list[tuple[Occurrence, str]]) -> Iterator[Meeting]:
    for node, pairs in groupby(met, key=lambda pair: pair[0].node):
        views = {view.slug: view for view in show_answers(library, node)}
        yield Meeting(node, tuple(Mention(views[spot.answer.slug], text) for spot, text in pairs))


def _why_element(answer: Answer, element: Element) -> str | None:
    return next((use.when for use in answer.elements if use.number == element.number), None)


def _why_intervention(answer: Answer, intervention: Intervention) -> str | None:
    return next((use.why for use in answer.interventions if use.slug == intervention.slug), None)


def _find(things: tuple[Thing, ...], slug: str) -> Thing:
    """The element or intervention with this slug. Raises Http404."""
    for thing in things:
        if thing.slug == slug:
            return thing
    raise Http404(slug)
