"""Walking alone: everything in the address, nothing on the server, and no address that breaks it."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.alone import MOST_STEPS, Taken, find_next, read_trail, write_trail
from content.graph import Place
from content.models import Edition
from tests.sizes import pick

pytestmark = pytest.mark.django_db

START = "startfase.aanleiding.probleem"


@pytest.fixture
def visitor(edition):
    """A stranger's browser, with content to read."""
    return Client()


def links(response):
    """Every address of a walk alone that the page links to."""
    return [unescape(link) for link in re.findall(r'href="(/alleen[^"]*)"', response.content.decode())]


def count_rows():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def place_of(address):
    return urlsplit(address).path


def query_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def open_answer(visitor, place, answer, **query):
    return visitor.get(f"{reverse('alone-answer', args=[*place, answer])}?{urlencode(query)}")


def open_node(visitor, place, **query):
    return visitor.get(f"{reverse('alone-node', args=place)}?{urlencode(query)}")


# ---- The whole content ----


def test_every_question_and_answer_of_all_trees_opens_by_following_links(visitor, library):
    ahead = [reverse("alone-node", args=library.start(tree.phase)) for tree in library.trees]
    seen = set()
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        response = visitor.get(address)
        assert response.status_code == 200, address
        ahead += [place_of(link) for link in links(response)]
    nodes = {reverse("alone-node", args=[tree.phase, node.slug]) for tree in library.trees for node in tree.nodes}
    answers = {
        reverse("alone-answer", args=[spot.tree.phase, spot.node.slug, spot.answer.slug])
        for spot in library.occurrences()
    }
    assert seen == nodes | answers | {reverse("alone"), reverse("alone-path")}


def test_every_answer_leads_on_to_its_own_next_question_and_onto_the_path(visitor, library):
    for spot in library.occurrences():
        step = Taken(Place(spot.tree.phase, spot.node.slug), spot.answer.slug)
        (way,) = open_answer(visitor, step.place, step.answer).context["ways"]
        assert place_of(way.address) == reverse("alone-node", args=find_next(library, step))
        assert query_of(way.address) == {"pad": write_trail(library, (step,))}


def test_somebody_in_another_role_takes_a_role_that_may_give_the_answer(visitor, library):
    for spot in library.occurrences():
        place = Place(spot.tree.phase, spot.node.slug)
        others = [role.slug for role in library.roles if role.slug not in spot.answer.roles]
        for role in others:
            ways = open_answer(visitor, place, spot.answer.slug, rol=role).context["ways"]
            assert [query_of(way.address)["rol"] for way in ways] == list(spot.answer.roles)


def test_somebody_in_a_role_that_may_give_the_answer_keeps_it(visitor, library):
    place = library.start("startfase")
    for answer in library.node(place).answers:
        for role in answer.roles:
            (way,) = open_answer(visitor, place, answer.slug, rol=role).context["ways"]
            assert query_of(way.address)["rol"] == role


# ---- Nothing is kept ----


def test_a_walk_leaves_no_cookie_and_no_row(visitor, library):
    before = count_rows()
    for address in (
        "/alleen",
        "/alleen?fase=startfase&rol=inwoner",
        f"/alleen/startfase/probleem-onderzoeken?rol=inwoner&pad={START}",
        f"/alleen/startfase/aanleiding/opdracht?rol=inwoner&pad={START}",
        f"/alleen/pad?rol=inwoner&pad={START}",
        "/alleen/startfase/einde-startfase?pad=kapot&rol=koning",
        "/bibliotheek",
        "/handleiding",
    ):
        response = visitor.get(address)
        assert not response.cookies
        assert "Set-Cookie" not in response.headers
    assert count_rows() == before
    assert not visitor.cookies


def test_a_page_asks_the_database_for_the_newest_edition_alone(visitor, django_assert_num_queries):
    visitor.get("/alleen")
    with django_assert_num_queries(1):
        visitor.get(f"/alleen/startfase/aanleiding/probleem?rol=inwoner&pad={START}")


@pytest.mark.parametrize("address", ["/alleen", "/alleen/startfase/aanleiding", "/alleen/pad", "/bibliotheek"])
def test_nothing_can_be_posted(visitor, address):
    assert visitor.post(address, {"rol": "inwoner"}).status_code == 405


# ---- Beginning ----


def test_choosing_a_phase_and_a_role_begins_at_the_first_question_in_that_role(visitor, library):
    for tree in library.trees:
        response = visitor.get(f"/alleen?rol=wijkprofessional&fase={tree.phase}")
        assert response.headers["Location"] == f"/alleen/{tree.phase}/{tree.start}?rol=wijkprofessional"


def test_a_path_goes_along_to_another_phase(visitor):
    response = visitor.get(f"/alleen?rol=&fase=richtfase&pad={START}")
    assert query_of(response.headers["Location"]) == {"pad": START}


def test_without_content_the_page_says_so(db):
    Edition.objects.all().delete()
    response = Client().get("/alleen")
    assert response.status_code == 503
    assert "Hier staat nog geen inhoud" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/alleen/zomerfase/aanleiding", "/alleen/startfase/weg", "/alleen/startfase/aanleiding/weg", "/alleen/startfase"],
)
def test_a_question_that_is_not_there_is_not_found(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()


# ---- Roles ----


def test_answers_of_other_roles_are_shown_as_such_and_can_be_opened(visitor, library):
    place = library.start("startfase")
    node = library.node(place)
    response = open_node(visitor, place, rol="inwoner")
    shown = [(link.answer.slug, link.is_other) for link in response.context["answers"]]
    assert shown == [(answer.slug, "inwoner" not in answer.roles) for answer in node.answers]
    assert "Alleen voor wijkprofessionals en beleidsambtenaren" in response.content.decode()


def test_another_role_is_taken_on_the_same_page_with_the_same_path(visitor, library):
    response = visitor.get(f"/alleen/startfase/aanleiding/wens?rol=inwoner&pad={START}")
    taken = {link.role.slug if link.role else "": link.address for link in response.context["roles"]}
    assert list(taken) == ["", *(role.slug for role in library.roles)]
    for role, address in taken.items():
        assert place_of(address) == "/alleen/startfase/aanleiding/wens"
        assert query_of(address) == ({"rol": role} if role else {}) | {"pad": START}


# ---- Back and again ----


def test_a_step_back_stands_at_the_question_before_with_a_shorter_path(visitor, library):
    steps = read_trail(library, f"{START}.van-velen")
    here = find_next(library, steps[-1])
    back = open_node(visitor, here, pad=write_trail(library, steps)).context["back"]
    assert place_of(back.address) == reverse("alone-node", args=steps[-1].place)
    assert query_of(back.address) == {"pad": START}


def test_a_question_on_the_path_says_that_you_were_here_and_what_you_chose(visitor):
    page = visitor.get(f"/alleen/startfase/aanleiding?pad={START}").content.decode()
    assert "Je was hier al." in page
    assert "Toen koos je A." in page
    assert "Je was hier al." not in visitor.get("/alleen/startfase/aanleiding").content.decode()


def test_all_questions_of_the_phase_are_at_hand_with_the_current_one_marked(visitor, library):
    tree = library.tree("richtfase")
    place = Place("richtfase", tree.nodes[3].slug)
    questions = open_node(visitor, place).context["questions"]
    assert [link.node.slug for link in questions] == [node.slug for node in tree.nodes]
    assert [link.node.slug for link in questions if link.is_current] == [place.node]


def test_an_end_offers_its_ways_on_also_into_other_phases(visitor, library):
    end = library.tree("startfase").nodes[-1]
    ways = open_node(visitor, Place("startfase", end.slug), pad=START).context["ways"]
    assert [place_of(way.address) for way in ways] == [
        reverse("alone-node", args=library.resolve("startfase", follow.next)) for follow in end.follow_up
    ]
    assert {query_of(way.address)["pad"] for way in ways} == {START}


def test_crossing_to_another_phase_is_said_before_one_goes(visitor, library):
    for spot in library.occurrences():
        if not spot.answer.next.startswith("fase:"):
            continue
        place = Place(spot.tree.phase, spot.node.slug)
        after = library.resolve(place.phase, spot.answer.next)
        page = open_answer(visitor, place, spot.answer.slug).content.decode()
        assert f"Je gaat door naar de {after.phase}" in page


# ---- The path page ----


def test_the_path_is_read_back_step_by_step(visitor, library):
    written = f"{START}.over-anderen~startfase.aanleiding.wens"
    response = visitor.get(f"/alleen/pad?rol=inwoner&pad={written}")
    path = response.context["path"]
    assert [(step.node.slug, step.answer.slug, step.visit, step.is_jump) for step in path] == [
        ("aanleiding", "probleem", 1, False),
        ("probleem-onderzoeken", "over-anderen", 1, False),
        ("aanleiding", "wens", 2, True),
    ]
    assert place_of(response.context["after_address"]) == "/alleen/startfase/wat-is-er-al"
    numbers = [find.element.number for find in response.context["finds"] if find.element]
    assert numbers == sorted(set(numbers))


def test_the_path_page_says_where_the_path_is_and_offers_to_wipe_it(visitor):
    page = visitor.get(f"/alleen/pad?pad={START}").content.decode()
    assert "Dit pad staat alleen in deze browser" in page
    assert 'href="/alleen/pad" data-wipe' in page


def test_without_a_path_the_path_page_invites_to_begin_one(visitor):
    page = visitor.get("/alleen/pad").content.decode()
    assert "Hier staat nog geen pad" in page
    assert "Wis mijn pad" not in page


# ---- Whatever stands in the address ----

BROKEN_TRAILS = [
    "x",
    "startfase",
    "startfase.aanleiding",
    "startfase.aanleiding.",
    "startfase.aanleiding.weg",
    "startfase.weg.probleem",
    "zomerfase.aanleiding.probleem",
    "startfase.einde-startfase.probleem",
    f"{START}.probleem",
    f"{START}~",
    f"~{START}",
    f"{START}~~{START}",
    START.upper(),
    f" {START}",
    f"{START}\x00",
    "<script>alert(1)</script>",
    "~".join([START] * (MOST_STEPS + 1)),
    "startfase.aanleiding" + ".probleem" * 5000,
]


@pytest.mark.parametrize("written", BROKEN_TRAILS, ids=lambda written: written[:30])
def test_a_broken_path_is_said_and_one_starts_afresh(visitor, written):
    response = visitor.get("/alleen/startfase/aanleiding", {"pad": written, "rol": "inwoner"})
    assert response.status_code == 200
    walker = response.context["walker"]
    assert (walker.role.slug, walker.steps) == ("inwoner", ())
    assert walker.complaint == "Het pad in dit adres klopt niet meer. Je begint met een leeg pad."
    assert walker.complaint in response.content.decode()


def test_an_unknown_role_is_said_and_the_path_stays(visitor):
    response = visitor.get("/alleen/startfase/aanleiding", {"pad": START, "rol": "koning"})
    walker = response.context["walker"]
    assert (walker.role, walker.trail) == (None, START)
    assert walker.complaint == "Die rol kennen we niet. Je ziet nu de antwoorden van alle rollen."


def test_an_unknown_phase_is_said_on_the_page_that_offers_the_phases(visitor):
    response = visitor.get("/alleen?fase=zomerfase&rol=inwoner")
    assert response.status_code == 200
    assert "Die fase kennen we niet. Kies er hieronder een." in response.content.decode()


PIECES = st.sampled_from(
    ["startfase", "richtfase", "aanleiding", "probleem", "wens", ".", "~", "..", "-", "%", "é", "\0"]
)
TRAILS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join), st.sampled_from(BROKEN_TRAILS))


@settings(max_examples=pick(20, 400), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    page=st.sampled_from(
        ["", "/pad", "/startfase/aanleiding", "/startfase/aanleiding/wens", "/startfase/einde-startfase"]
    ),
    rol=st.one_of(st.text(max_size=30), st.sampled_from(["", "inwoner"])),
    pad=TRAILS,
    fase=st.text(max_size=20),
)
def test_no_query_breaks_a_page(visitor, page, rol, pad, fase):
    response = visitor.get(f"/alleen{page}", {"rol": rol, "pad": pad, "fase": fase})
    assert response.status_code == 200


@settings(max_examples=pick(10, 200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=80))
def test_no_bytes_in_the_query_break_a_page(visitor, raw):
    quoted = "".join(f"%{byte:02x}" for byte in raw)
    assert visitor.get(f"/alleen/startfase/aanleiding?pad={quoted}&rol={quoted}").status_code == 200


def test_a_very_long_walk_keeps_its_last_steps(visitor, library):
    written = "~".join([START] * MOST_STEPS)
    (way,) = open_answer(visitor, library.start("startfase"), "wens", pad=written).context["ways"]
    kept = read_trail(library, query_of(way.address)["pad"])
    assert len(kept) == MOST_STEPS
    assert kept[-1].answer == "wens"
    page = visitor.get(f"/alleen/pad?pad={written}").content.decode()
    assert f"Je ziet je laatste {MOST_STEPS} stappen." in page
