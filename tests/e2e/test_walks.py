"""Acceptance walks of real groups: what the hall needs, played from QR code to report."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.planning import add_line, fill, fill_step, open_plan
from tests.e2e.room import SMALL_PHONE, Beamer, Crowd, Facilitator, Phone, Room


def play(lead: Facilitator, crowd: Crowd, letter: str, why: str, answers: dict[str, list[str]], **how: str) -> None:
    """A question in which only the crowd votes."""
    lead.press("Open de stemming")
    crowd.vote(answers)
    reveal_per_role(lead)
    lead.decide(letter, why, **how)


def reveal_per_role(lead: Facilitator) -> None:
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    lead.press("Per rol")


@pytest.mark.slow
def test_walk_1_young_people_on_the_square(room: Room) -> None:
    """Older residents and youngsters see it differently; the single wijkagent stays protected."""
    lead = room.leader()
    code = lead.make_session("Hangjongeren op het plein", "Pleinbuurt", "startfase")
    wall = room.beamer(lead, code, {"width": 1024, "height": 768})
    crowd = Crowd(room, code, {"Inwoner": 7, "Wijkprofessional": 1, "Beleidsambtenaar": 2})
    young = room.phone("Inwoner", code)
    vote_why_we_begin(lead, crowd, young)
    see_the_wijkagent_protected(wall, young)
    open_two_answers(lead)
    put_an_answer_on_the_wall(lead, wall, young)
    lead.decide("A", "Bijna iedereen noemt de overlast.")
    lead.press("Volgende vraag")
    decide_whose_problem_it_is(lead, crowd, young)
    open_and_close_finds(young, code)
    young.sees("We kiezen C")
    lead.press("Volgende vraag")
    decide_who_takes_part(lead, wall, crowd)
    fill_in_the_buurtbeeld(lead, code)
    read_the_path(lead, code)


def vote_why_we_begin(lead: Facilitator, crowd: Crowd, young: Phone) -> None:
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    young.vote("A")
    crowd.vote(
        {"Inwoner": ["probleem"] * 7, "Wijkprofessional": ["eerst-luisteren"], "Beleidsambtenaar": ["probleem"] * 2}
    )
    reveal_per_role(lead)


def see_the_wijkagent_protected(wall: Beamer, young: Phone) -> None:
    """The wijkagent's answer is counted together with the civil servants', on every screen alike."""
    expect(wall.page.locator(".who li")).to_have_text(
        [re.compile(r"8\s+inwoners"), re.compile(r"3\s+professionals en ambtenaren samen")]
    )
    expect(young.page.locator(".who li").last).to_have_text(re.compile(r"3\s+professionals en ambtenaren samen"))
    for screen in (wall, young):
        assert screen.page.locator(".split .tone-ochre, .result .tone-ochre, .result .tone-delft").count() == 0


def open_two_answers(lead: Facilitator) -> None:
    """Two answers can be open side by side, and stand next to each other."""
    for letter in "AE":
        lead.page.locator(f"#open-{letter} > summary").click()
    expect(lead.page.locator("#open-A .find").first).to_be_visible()
    expect(lead.page.locator("#open-E .find").first).to_be_visible()
    lead.check_access()


def put_an_answer_on_the_wall(lead: Facilitator, wall: Beamer, young: Phone) -> None:
    """One of them is put on the wall, and the question comes back; the phones stay where they are."""
    lead.page.get_by_role("button", name="Toon op de beamer Er is een probleem").click()
    wall.sees("Er is een probleem dat we willen aanpakken.")
    wall.check_access()
    lead.check_access()
    expect(young.page.locator("h1")).to_have_text("Waarom beginnen we?")
    lead.page.get_by_role("button", name="Toon de vraag weer").first.click()
    wall.sees("Waarom beginnen we?")


def decide_whose_problem_it_is(lead: Facilitator, crowd: Crowd, young: Phone) -> None:
    """Who is it a problem for? The youngsters say: it is about people who are not here."""
    lead.press("Open de stemming")
    young.vote("C")
    crowd.vote({"Inwoner": ["over-anderen"] * 2 + ["van-velen"] * 5, "Beleidsambtenaar": ["van-velen"] * 2})
    reveal_per_role(lead)
    lead.decide("C", "De jongeren zijn er vandaag bijna niet.", other="Wij hebben er wel last van.")
    young.sees("We kiezen C")


def open_and_close_finds(young: Phone, code: str) -> None:
    """Diamond 2 and the shovel open in one tap and close again, without losing the place."""
    for title in ("Inclusief werken", "Thuis op Straat"):
        find = young.page.locator(".phone-main > section .find").filter(has_text=title).first
        place = young.page.evaluate("scrollY")
        find.locator("summary").click()
        expect(find.locator(".find-card")).to_be_visible()
        find.locator("summary").click()
        expect(find.locator(".find-card")).to_be_hidden()
        assert young.page.url.endswith(f"/m/{code}")
        assert abs(young.page.evaluate("scrollY") - place) < 900


def decide_who_takes_part(lead: Facilitator, wall: Beamer, crowd: Crowd) -> None:
    wall.sees("Wie doet er al mee, en wie missen we?")
    everybody = {"Inwoner": ["bekende-gezichten"] * 7, "Wijkprofessional": ["bekende-gezichten"]}
    play(lead, crowd, "A", "Het zijn steeds dezelfden.", everybody)
    lead.press("Volgende vraag")
    expect(wall.page.locator("h1")).to_contain_text("Hoe")


def fill_in_the_buurtbeeld(lead: Facilitator, code: str) -> None:
    """The buurtbeeld holds three lines."""
    open_plan(lead, code)
    fill(lead, "Ons probleem in één zin is", "lawaai op het plein na tien uur")
    fill(lead, "Hun verhaal kennen we nog niet", "de jongens van de flat")
    add_line(lead, "mensen", "de buurvrouw van nummer 12 kent iedereen")


def read_the_path(lead: Facilitator, code: str) -> None:
    """The summary keeps the lines and the path, and protects the wijkagent as well."""
    lead.page.goto(f"{lead.room.app.url}/b/{code}/verslag")
    summary = lead.page.locator("main")
    for words in (
        "lawaai op het plein na tien uur", "de jongens van de flat", "nummer 12",
        "De jongeren zijn er vandaag bijna niet.", "Wij hebben er wel last van.", "Het zijn steeds dezelfden.",
    ):  # fmt: skip
        expect(summary).to_contain_text(words)
    assert summary.locator(".path .tone-ochre, .path .tone-delft").count() == 0
    lead.check_access()


@pytest.mark.slow
def test_walk_4_crossing_the_road_to_school(room: Room) -> None:
    """Nine parents, a head teacher who watches along, and a plan with names, dates and a kind warning."""
    lead = room.leader()
    code = lead.make_session("Veilig oversteken bij school", "Lindebuurt", "richtfase")
    crowd = Crowd(room, code, {"Inwoner": 9, "Wijkprofessional": 1, "Beleidsambtenaar": 1})
    teacher = room.phone("Ik kijk mee, zonder te stemmen", code)
    teacher.sees("Je bent binnen")
    wall = room.beamer(lead, code)
    watch_along_and_vote_after_all(lead, wall, crowd, teacher)
    lead.decide("B", "Iedereen kent het zebrapad.", how="Met de stemming")
    lead.press("Volgende vraag")
    walk_to_the_actiefase(lead, wall, crowd)
    fill_in_the_plan(lead, code)
    read_the_day_on_paper_and_as_text(lead)


def watch_along_and_vote_after_all(lead: Facilitator, wall: Beamer, crowd: Crowd, teacher: Phone) -> None:
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    expect(teacher.page.locator("main")).to_contain_text("Je kijkt mee, zonder te stemmen.")
    expect(teacher.page.locator(".button--vote")).to_have_count(0)
    crowd.vote({"Inwoner": ["een-concreet-punt"] * 9, "Beleidsambtenaar": ["een-concreet-punt"]})
    expect(wall.page.locator(".stage-progress")).to_contain_text("10 van 11")  # who watches along is not waited for
    # A watcher may take the nearest role after all.
    teacher.page.get_by_role("link", name="Kies een rol").click()
    teacher.choose_role("Wijkprofessional")
    teacher.vote("B")
    reveal_per_role(lead)


def walk_to_the_actiefase(lead: Facilitator, wall: Beamer, crowd: Crowd) -> None:
    play(lead, crowd, "A", "Twee ouders hebben al een plan.", {"Inwoner": ["eigen-idee"] * 9})
    lead.press("Volgende vraag")
    play(lead, crowd, "B", "Borden mag je niet zelf neerzetten.", {"Inwoner": ["hulp-van-buiten"] * 9})
    lead.press("Volgende vraag")
    play(lead, crowd, "E", "Mirjam bood het zelf aan.", {"Beleidsambtenaar": ["ik-regel-een-vast-gezicht"]})
    lead.press("Volgende vraag")
    wall.sees("Wat moet kloppen om dit te laten lukken?")
    play(lead, crowd, "E", "Tellen kan maandag al.", {"Inwoner": ["gewoon-doen"] * 9})
    lead.press("Naar de actiefase")
    expect(wall.page.locator(".overline")).to_contain_text("Actiefase")


def fill_in_the_plan(lead: Facilitator, code: str) -> None:
    """A goal, three actions of which one has no name yet, a condition and a sign of progress."""
    open_plan(lead, code)
    fill(lead, "Dit is straks anders", "kinderen lopen veilig naar school")
    fill_step(lead, "Stap 1", "een week lang auto's tellen", "Fatma", "2026-12-12")
    fill_step(lead, "Stap 2", "een klaar-over vragen", "", "2027-01-15")
    fill_step(lead, "Stap 3", "borden ophangen", "Joost", "2027-02-01")
    add_line(lead, "voorwaarde", "de gemeente levert twee borden")
    fill(lead, "We merken dat het beter gaat als", "ouders hun kind weer laten lopen")
    expect(lead.page.locator("main")).to_contain_text("1 stap heeft nog geen naam. Wie wil dit doen?")
    lead.check_access()


def read_the_day_on_paper_and_as_text(lead: Facilitator) -> None:
    lead.page.get_by_role("link", name="Verslag").click()
    lead.check_access()
    expect(lead.page.get_by_role("button", name="Print")).to_be_visible()
    with lead.page.expect_download() as download:
        lead.page.get_by_role("link", name="Als tekst").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith(("- Doel", "- Actie", "- Voor"))] == [
        "- Doel: Dit is straks anders: kinderen lopen veilig naar school",
        "- Actie: Stap 1: een week lang auto's tellen (Fatma, 12 december 2026)",
        "- Actie: Stap 2: een klaar-over vragen (nog geen naam, 15 januari 2027)",
        "- Actie: Stap 3: borden ophangen (Joost, 1 februari 2027)",
        "- Voorwaarde: de gemeente levert twee borden",
        "- Voortgang: We merken dat het beter gaat als: ouders hun kind weer laten",
    ]


def test_walk_7_looking_back_with_the_alderman(room: Room) -> None:
    """Twenty-five people at once; who comes late takes part in twenty seconds; counting and telling side by side."""
    lead = room.leader()
    code = lead.make_session("Terugkijken met de wethouder", "Wethoudersbuurt", "evaluatiefase")
    wall = room.beamer(lead, code)
    crowd = Crowd(room, code, {"Inwoner": 18, "Wijkprofessional": 4, "Beleidsambtenaar": 3})
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    crowd.vote({
        "Inwoner": ["ik-merk-er-weinig-van"] * 10 + ["het-lukt"] * 8,
        "Wijkprofessional": ["het-lukt"] * 4,
        "Beleidsambtenaar": ["op-papier-gelukt"] * 3,
    })  # fmt: skip

    # The alderman comes in late and types the code from the wall.
    started = time.monotonic()
    alderman = room.late_phone("Beleidsambtenaar", code, viewport=SMALL_PHONE)
    alderman.vote("E")
    assert time.monotonic() - started < 20
    expect(wall.page.locator(".stage-progress")).to_contain_text("26 van 26")
    reveal_per_role(lead)
    expect(wall.page.locator(".who li")).to_have_count(3)
    lead.decide("D", "Wie hier woont, merkt er nog weinig van.", other="Op papier is het gelukt.")
    lead.press("Volgende vraag")

    # One number and one story.
    open_plan(lead, code)
    fill(lead, "Vraag het aan tien buren die niet meededen", "twee van de tien")
    fill(lead, "Wat zou jij een vriend over onze straat vertellen?", "Ik ken nu drie mensen in mijn portiek.")
    lead.page.goto(f"{room.app.url}/b/{code}/verslag")
    counted, told = lead.page.get_by_text("twee van de tien"), lead.page.get_by_text("Ik ken nu drie mensen")
    left, right = counted.bounding_box(), told.bounding_box()
    assert right["x"] > left["x"] + left["width"] / 2, "counting and telling stand side by side"
    assert abs(right["y"] - left["y"]) < 150
    expect(lead.page.locator("main")).to_contain_text("Op papier is het gelukt.")
    expect(lead.page.locator(".facts")).to_contain_text("18 inwoners")
    lead.check_access()
