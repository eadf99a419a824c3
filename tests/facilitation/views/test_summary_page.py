"""What a session leaves behind to read: also what it must not tell."""

import datetime
import re

import pytest
from django.urls import reverse

from sessions.models import GroupSession, PlanLine
from sessions.rules.commands import Again, Back, Close, Next, Open, Reveal, Split, Start, Stop
from sessions.writing.hands import Count, count_hands
from sessions.writing.meetings import open_session
from tests.actors import LEADER
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, Group, is_bare, words
from tests.plans import make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client_of, alice):
    """Alice opens the summary of a session."""
    browser = client_of(alice)
    return lambda session: browser.get(reverse("summary", args=[session.code]))


@pytest.fixture
def richt(edition, team, alice):
    return open_session(
        team=team, facilitator=alice, title="Plein", buurt="Vogelbuurt", phase="richtfase", actor=LEADER
    )


def streets(response):
    """How many houses of each tone stand in the page."""
    found = re.findall(r'<use class="tone-(\w+)"', response.content.decode())
    return {tone: found.count(tone) for tone in sorted(set(found))}


# ---- For whom ----


def test_a_stranger_logs_in_first(client, session):
    address = reverse("summary", args=[session.code])
    assert client.get(address).url == f"/inloggen?next={address}"


def test_another_team_finds_no_summary(client_of, bob, session):
    response = client_of(bob).get(reverse("summary", args=[session.code]))
    assert response.status_code == 404
    assert session.title not in response.content.decode()


# ---- What it must not tell ----


@pytest.mark.parametrize("is_closed", [False, True])
def test_votes_before_the_reveal_change_nothing_in_the_summary(read, session, is_closed):
    group = Group(session, inwoner=7, wijkprofessional=4)
    group.do(Start(), Open())
    count_hands(session.code, Count(1, {("inwoner", group.node().answers[1].slug): 5}), actor=LEADER)
    before = read(session).content
    group.vote(*"AABBABAABBA")
    first, second = (answer.slug for answer in group.node().answers[:2])
    count_hands(session.code, Count(1, {("inwoner", first): 5, ("inwoner", second): 0}), actor=LEADER)
    if is_closed:
        group.do(Close())
    after = read(session)
    assert after.content == before
    assert streets(after) == {}
    assert "De uitslag is nog niet getoond." in words(after)


def test_a_second_vote_that_is_not_revealed_leaves_only_the_first(read, session):
    group = Group(session, inwoner=4)
    group.do(Start())
    group.reveal("A", "A", "A", "B")
    group.do(Again(), Open())
    before = read(session).content
    group.vote("B", "B", "B", "B")
    assert read(session).content == before


def test_a_round_that_was_turned_back_before_its_reveal_stays_silent(read, session):
    group = Group(session, inwoner=4)
    group.do(Start())
    group.reveal("A", "A", "A", "A")
    group.decide()
    group.do(Next(), Open())
    group.vote("A", "A", "B", "B")
    group.do(Close(), Back())
    assert streets(read(session)) == {"brick": 4}


def test_small_groups_are_counted_together(read, session):
    group = Group(session, inwoner=4, wijkprofessional=2, beleidsambtenaar=1)
    group.do(Start())
    group.reveal(*"AAAABBB")
    group.decide()
    page = read(session)
    assert streets(page) == {"brick": 4, "slate": 3}
    assert "professionals en ambtenaren samen. Een groep van minder dan 3 laten we niet apart zien." in words(page)


def test_with_few_people_only_the_total_shows(read, session):
    group = Group(session, inwoner=2, wijkprofessional=2)
    group.do(Start())
    group.reveal(*"AABB")
    group.decide()
    page = read(session)
    assert streets(page) == {"ink": 4}
    assert "4 stemmen. A en B waren gelijk. Alleen het totaal." in words(page)


# ---- What it tells ----


def test_before_the_start_the_summary_is_there_already(read, session):
    page = words(read(session))
    assert "Nog niemand deed mee." in page
    assert "De groep is nog niet begonnen." in page
    assert is_bare(read(session))


def test_it_tells_who_took_part_per_role_without_those_who_watched(read, session):
    Group(session, inwoner=9, wijkprofessional=2, beleidsambtenaar=1)
    Group(session, **{"": 3})
    assert "9 inwoners 2 wijkprofessionals 1 beleidsambtenaar Deze bijeenkomst" in words(read(session))


def test_it_says_whether_the_session_still_runs(read, session):
    assert "Deze bijeenkomst loopt nog. Dit is het verslag tot nu toe." in words(read(session))
    Group(session).do(Stop())
    assert "loopt nog" not in words(read(session))


def test_a_decision_stands_with_how_why_and_the_other_voice(read, session):
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A", "A", "B")
    group.decide("A", how="talk", why="veel mensen noemen het hard rijden", other="wij zijn al jaren bezig")
    page = words(read(session))
    answer = group.node().answers[0]
    assert "Waarom: veel mensen noemen het hard rijden. Besloten in gesprek." in page
    assert "Ander geluid: wij zijn al jaren bezig" in page
    assert f"Om over na te denken: {' '.join(answer.reflection.split())}" in page


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("vote", "Besloten met de stemming."),
        ("talk", "Besloten in gesprek."),
        ("facilitator", "Besloten door de begeleider."),
    ],
)
def test_it_says_how_was_decided(read, session, how, sentence):
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A")
    group.decide(how=how)
    assert sentence in words(read(session))


def test_both_votes_stand_under_each_other(read, session):
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A", "B", "B")
    group.do(Split(), Again())
    group.reveal("A", "A", "A")
    group.decide()
    page = words(read(session))
    first = group.node().answers[0].text
    # The texts follow each other without spaces here: name, houses in words, total.
    found = re.search(rf"{re.escape(first)} \(gekozen\) eerste stemming (.*?) tweede stemming (.*?stemmen)", page)
    assert found is not None
    assert found.groups() == ("1 inwoner1 stem", "3 inwoners3 stemmen")
    assert "Eerste stemming 3 stemmen." in page


def test_counted_hands_are_told(read, session):
    group = Group(session, inwoner=3)
    group.do(Start(), Open())
    group.vote("A", "A", "B")
    count_hands(session.code, Count(1, {("inwoner", group.node().answers[0].slug): 2}), actor=LEADER)
    group.do(Close(), Reveal())
    assert "5 stemmen. 3 met de telefoon, 2 met de hand." in words(read(session))


def test_a_question_nobody_voted_on_says_so(read, session):
    group = Group(session)
    group.do(Start())
    group.reveal()
    group.decide(how="talk")
    page = read(session)
    assert "Er is niet gestemd." in words(page)
    assert streets(page) == {}


def test_a_branch_that_was_turned_back_stays_with_its_reason(read, session):
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A", "A", "A")
    group.decide("A", why="eerst dit")
    group.do(Next(), Back(why="dat was te snel"))
    page = read(session)
    assert page.content.decode().count('<li class="withdrawn">') == 2
    assert "Centrale vraag. Teruggedraaid." in words(page)
    assert "Niet afgemaakt." in words(page)
    assert "Waarom terug: dat was te snel" in words(page)


def test_a_second_visit_says_what_was_chosen_then(read, session):
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A", "A", "A")
    group.decide("A")
    group.do(Back(why="nog eens"))
    page = words(read(session))
    assert "Centrale vraag, tweede keer. Hier zijn we nu." in page
    assert "Jullie waren hier al. De eerste keer kozen jullie A, en gingen jullie terug." in page


def test_crossing_to_another_phase_is_in_the_path(read, richt, library):
    group = Group(richt, inwoner=3)
    group.do(Start())
    for _ in range(20):  # walk until an answer leads to another phase
        if group.node().is_end:
            break
        group.reveal("A")
        crossing = next((a for a in group.node().answers if a.next.startswith("fase:")), None)
        group.decide(group.node().letter(crossing.slug) if crossing else "A")
        group.do(Next())
        if crossing:
            phase = group.state.current.place.phase
            page = words(read(richt))
            assert f"Door naar de {phase}." in page
            assert f"Verslag van de richtfase en {phase}" in page
            return
    pytest.fail("no answer on this way leads to another phase")


def test_elements_and_interventions_that_were_met_open_in_place(read, session):
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A")
    answer = group.node().answers[0]
    group.decide("A")
    page = words(read(session))
    assert "Dit kwamen we tegen" in page
    for use in answer.elements:
        assert f"Werkzaam element {use.number} {group.library.element(use.number).title}" in page


def test_only_what_the_group_wrote_stands_in_the_plan(read, richt):
    def line(kind, prompt, texts, **more):
        make_line(richt, kind=kind, prompt=prompt, texts=texts, **more)

    line("doel", "Dit is straks anders: …", ["het plein is groen"])
    line("doel", "Nog niet ingevuld: …", [""])
    line("actie", "Stap 1: …", ["tegels eruit"], who="Fatma", due=datetime.date(2020, 2, 12))
    line("actie", "Stap 2: …", ["plantjes halen"])
    line("actie", "Stap 3: …", ["een hek"], struck=True)
    page = words(read(richt))
    assert (
        "Dit spraken we af Dit willen we bereiken Dit is straks anders: het plein is groen. "
        "Dit gaan we doen Stap 1: tegels eruit. Fatma klaar op 12 februari 2020 Stap 2: plantjes halen. Nog geen naam "
        "De weg die we liepen"
    ) in page


def test_what_belongs_to_a_decision_that_was_turned_back_stands_apart(read, richt):
    group = Group(richt)
    group.do(Start())
    group.reveal()
    group.decide("B")
    kept, other, *_ = richt.plan_lines.order_by("pk")
    PlanLine.objects.filter(pk=kept.pk).update(texts=["een rustig plein"])
    PlanLine.objects.filter(pk=other.pk).update(texts=["weg ermee"], struck=True)
    make_line(richt, kind="doel", prompt="", texts=["van onszelf"])
    group.do(Back())
    page = words(read(richt))
    assert (
        "Dit spraken we af Dit willen we bereiken van onszelf. "
        "Van een besluit dat is teruggedraaid Dit is straks anders: een rustig plein. "
        "De weg die we liepen"
    ) in page


def test_a_plan_of_only_a_decision_that_was_turned_back_holds_no_agreement(read, richt):
    group = Group(richt)
    group.do(Start())
    group.reveal()
    group.decide("B")
    PlanLine.objects.filter(pk=richt.plan_lines.first().pk).update(texts=["een rustig plein"])
    group.do(Back())
    assert (
        "Dit spraken we af Hier staat nog niets. Vul het samen in "
        "Van een besluit dat is teruggedraaid Dit is straks anders: een rustig plein."
    ) in words(read(richt))


def test_an_answer_that_was_turned_back_is_not_read_aloud_as_chosen(read, richt):
    group = Group(richt, inwoner=3)
    group.do(Start())
    group.reveal("B", "B", "B")
    group.decide("B")
    assert words(read(richt)).count("(gekozen)") == 1
    group.do(Back())
    assert "(gekozen)" not in words(read(richt))


def test_an_empty_plan_says_so(read, richt):
    make_line(richt, kind="doel", prompt="Dit is straks anders: …")
    assert "Dit spraken we af Hier staat nog niets. Vul het samen in" in words(read(richt))


def test_counting_and_telling_stand_beside_each_other(read, session):
    make_line(session, kind="tellen", prompt="Hoeveel?", texts=["zeven"])
    make_line(session, kind="vertellen", prompt="Wat vertel je?", texts=["het werd stiller"])
    page = read(session)
    assert "Wat we tellen en vertellen Tellen Hoeveel? zeven. Vertellen Wat vertel je? het werd stiller." in words(page)
    assert "plan--beside" in page.content.decode()


def test_the_edition_stands_at_the_foot(read, session, edition):
    assert words(read(session)).endswith(f"Inhoud: Buurtboom, uitgave {edition.name}.")


def test_a_practice_session_is_marked(read, edition, team, alice):
    practice = open_session(
        team=team, facilitator=alice, title="Proef", buurt="Vogelbuurt", phase="startfase", practice=True, actor=LEADER
    )
    page = words(read(practice))
    assert "Oefenbijeenkomst" in page
    assert "De oefening en dit verslag verdwijnen na een dag." in page


def test_scripts_and_emoji_are_shown_as_text_everywhere(read, session):
    GroupSession.objects.filter(pk=session.pk).update(title=NASTY)
    session.trajectory.buurt = NASTY
    session.trajectory.save()
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A")
    group.decide("A", why=NASTY, other=NASTY)
    make_line(session, kind="actie", prompt="Stap 1: …", texts=[NASTY], who=NASTY)
    group.do(Back(why=NASTY))
    page = read(session)
    # title (in the head and as h1), buurt, action, who, why, other voice, why back
    assert page.content.decode().count(NASTY_IN_HTML) == 8
    assert is_bare(page)


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_path(
    client_of, alice, session, rounds, django_assert_num_queries
):
    group = Group(session, inwoner=3)
    group.do(Start())
    for _ in range(rounds):
        group.reveal("A")
        group.decide()
        group.do(Next())
    browser = client_of(alice)
    with django_assert_num_queries(12):
        browser.get(reverse("summary", args=[session.code]))
