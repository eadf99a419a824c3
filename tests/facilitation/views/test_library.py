"""The library and the handbook: everything that is known, with where it comes from and where one meets it."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from facilitation.views.library import find_chapters, read_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(edition):
    """A stranger's browser, with content to read."""
    return Client()


def read(visitor, name, *args):
    response = visitor.get(reverse(name, args=args))
    assert response.status_code == 200
    return unescape(response.content.decode())


def outside_links(page):
    return dict(re.findall(r'<a class="source" href="([^"]+)" rel="([^"]+)"', page))


def test_the_overview_names_all_elements_and_interventions(visitor, library):
    page = read(visitor, "library")
    assert re.findall(r'href="/bibliotheek/element/([a-z0-9-]+)"', page) == [one.slug for one in library.elements]
    assert re.findall(r'href="/bibliotheek/aanpak/([a-z0-9-]+)"', page) == [one.slug for one in library.interventions]


def test_an_element_tells_everything_that_is_known(visitor, library):
    for element in library.elements:
        page = read(visitor, "element", element.slug)
        facts = [fact.text for fact in element.facts]
        texts = [element.short, element.mechanism, element.example, *element.works_when, *element.watch_out, *facts]
        assert [text for text in texts if text not in page] == []
        assert set(outside_links(page)) == {fact.source for fact in element.facts}


def test_an_intervention_tells_everything_that_is_known(visitor, library):
    for one in library.interventions:
        page = read(visitor, "intervention", one.slug)
        texts = [one.one_line, one.for_whom, one.goal, one.who, one.evidence.text]
        texts += [*one.steps, *one.conditions, *one.limits, *one.also_known_as]
        texts += [library.element(number).title for number in one.elements]
        assert [text for text in texts if text not in page] == []
        assert set(outside_links(page)) == set(one.sources)


def test_links_to_other_sites_tell_them_nothing_and_say_which_site_it_is(visitor, library):
    pages = [read(visitor, "element", element.slug) for element in library.elements]
    pages += [read(visitor, "intervention", one.slug) for one in library.interventions]
    for page in pages:
        links = outside_links(page)
        assert set(links.values()) == {"noopener noreferrer nofollow external"}
        assert page.count('href="http') == page.count('<a class="source"')
        for address, text in re.findall(r'<a class="source" href="([^"]+)"[^>]*>([^<]+)', page):
            assert read_source(address).site in text


@pytest.mark.parametrize(
    ("address", "site", "page"),
    [
        ("https://www.movisie.nl/interventie/thuis-straat-tos", "movisie.nl", "interventie/thuis-straat-tos"),
        ("http://oud.voorbeeld.nl", "oud.voorbeeld.nl", ""),
        ("https://voorbeeld.nl/a%20b/?q=1", "voorbeeld.nl", "a b"),
    ],
)
def test_a_source_reads_as_a_page_of_a_site(address, site, page):
    assert read_source(address) == (address, site, page)


def test_only_the_element_with_another_name_in_the_source_explains_that(visitor, library):
    renamed = [
        one.title for one in library.elements if "In de handleiding van Movisie" in read(visitor, "element", one.slug)
    ]
    assert renamed == [one.title for one in library.elements if one.source_title]


def test_every_place_where_an_element_occurs_is_listed_and_linked(visitor, library):
    for element in library.elements:
        expected = [
            reverse("alone-answer", args=[spot.tree.phase, spot.node.slug, spot.answer.slug])
            for spot in library.occurrences()
            if element.number in [use.number for use in spot.answer.elements]
        ]
        page = read(visitor, "element", element.slug)
        assert re.findall(r'href="(/alleen/[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+)"', page) == expected


def test_every_place_where_an_intervention_occurs_is_listed_and_linked(visitor, library):
    for one in library.interventions:
        expected = [
            reverse("alone-answer", args=[spot.tree.phase, spot.node.slug, spot.answer.slug])
            for spot in library.occurrences()
            if one.slug in [use.slug for use in spot.answer.interventions]
        ]
        page = read(visitor, "intervention", one.slug)
        assert re.findall(r'href="(/alleen/[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+)"', page) == expected


def test_questions_stand_once_in_their_phase_with_all_their_answers(library):
    chapters = find_chapters(library, lambda answer: "overal")
    assert [chapter.tree.phase for chapter in chapters] == [tree.phase for tree in library.trees]
    for chapter in chapters:
        questions = [node for node in chapter.tree.nodes if node.answers]
        assert [meeting.node for meeting in chapter.meetings] == questions
        for meeting in chapter.meetings:
            assert [spot.answer.slug for spot in meeting.spots] == [answer.slug for answer in meeting.node.answers]


@pytest.mark.parametrize("name", ["element", "intervention"])
def test_a_page_that_is_not_there_is_not_found(visitor, name):
    response = visitor.get(reverse(name, args=["bestaat-niet"]))
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()


def test_a_visit_leaves_no_cookie(visitor, library):
    for address in ("/bibliotheek", "/bibliotheek/element/volg-de-energie", "/bibliotheek/aanpak/abcd", "/handleiding"):
        assert not visitor.get(address).cookies


def test_a_page_of_the_library_asks_the_database_once(visitor, library, django_assert_num_queries):
    visitor.get("/bibliotheek")
    for element in (library.elements[0], library.elements[-1]):
        with django_assert_num_queries(1):
            read(visitor, "element", element.slug)


def test_the_handbook_opens_before_anything_is_published(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = read(Client(), "handbook")
    assert "Handleiding voor begeleiders" in page
    assert "Silke van Arum en Jasper van de Kamp" in page


def test_the_handbook_names_the_steps_of_the_big_button_in_their_order(db):
    page = read(Client(), "handbook")
    steps = re.findall(r'<tr><th scope="row">([^<]+)</th>', page)
    assert steps == [
        "Begin met vraag 1",
        "Open de stemming",
        "Sluit de stemming",
        "Toon de uitslag",
        "Per rol",
        "Leg het besluit vast",
        "Volgende vraag",
    ]


def test_the_handbook_promises_to_keep_no_names_in_the_words_to_read_aloud(db):
    page = read(Client(), "handbook")
    spoken = re.search(r'<div class="say">(.*?)</div>', page, re.DOTALL)[1]
    assert "We vragen geen naam. Je kiest alleen een rol." in spoken
