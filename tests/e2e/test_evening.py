"""A whole meeting, played in a real browser: from QR code to shared plan."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.e2e.planning import fill
from tests.e2e.room import LAPTOP, SMALL_PHONE, Beamer, Facilitator, Phone, PlainPhone, Room, SocketlessPhone
from tests.sizes import IS_LONG

GOAL = "kinderen lopen veilig naar school 🚸 <script>alert(1)</script>"


class Hall(NamedTuple):
    """Who leads, the wall, and six phones: the second without a socket, the third without script."""

    lead: Facilitator
    wall: Beamer
    code: str
    ans: Phone
    bas: SocketlessPhone
    cor: PlainPhone
    dia: Phone
    eef: Phone
    fay: Phone

    @property
    def phones(self) -> list[Phone]:
        return [self.ans, self.bas, self.cor, self.dia, self.eef, self.fay]


@pytest.mark.long
def test_a_group_walks_all_of_startfase_and_into_richtfase_to_a_filled_plan_and_its_summary(room: Room) -> None:
    lead = room.leader()
    lead.check_access()
    code = lead.make_session("Samen de Vogelbuurt in", "Spreeuwenbuurt", "startfase")
    wall = room.beamer(lead, code)
    see_the_invitation(lead, wall)
    hall = come_in(room, lead, wall, code)
    read_and_vote(hall)
    change_votes(hall)
    lead_from_a_phone(hall.lead)
    reveal_per_role(hall)
    vote_again_and_decide(hall)
    read_the_decision(hall)
    step_back_and_decide_anew(hall)
    walk_the_rest_of_startfase(hall)
    decide_a_goal(hall)
    fill_in_the_plan(hall)
    stop(hall)
    read_the_summary(hall.lead)


def see_the_invitation(lead: Facilitator, wall: Beamer) -> None:
    wall.sees("Doe mee met je telefoon")
    expect(wall.page.locator(".lobby .qr")).to_be_visible()
    wall.check_access()
    lead.check_access()


def come_in(room: Room, lead: Facilitator, wall: Beamer, code: str) -> Hall:
    hall = Hall(
        lead,
        wall,
        code,
        ans=room.phone("Inwoner", code),
        bas=room.phone("Inwoner", code, SocketlessPhone),
        cor=room.phone("Inwoner", code, PlainPhone),
        dia=room.phone("Wijkprofessional", code),
        eef=room.phone("Wijkprofessional", code),
        fay=room.phone("Beleidsambtenaar", code),
    )
    hall.ans.sees("Je bent binnen")
    hall.ans.check_access()
    expect(wall.page.locator(".lobby-roles")).to_contain_text(re.compile(r"6\s*binnen"))
    expect(lead.page.locator(".turnout-big")).to_have_text("6")
    return hall


def read_and_vote(hall: Hall) -> None:
    """Question 1: everybody reads, and votes in their own role."""
    lead, wall, ans = hall.lead, hall.wall, hall.ans
    lead.press("Begin met vraag 1")
    wall.sees("Waarom beginnen we?")
    ans.sees("Waarom beginnen we?")
    ans.check_access()
    wall.check_access()
    lead.press("Open de stemming")
    expect(hall.fay.page.locator(".bubble--other").first).to_contain_text("Alleen voor inwoners")
    ans.check_access()
    for phone, letter in zip(hall.phones, "ABADEC", strict=True):
        phone.vote(letter if letter != "D" or phone.role == "Inwoner" else "A")


def change_votes(hall: Hall) -> None:
    """Taken back and given again, with script and without; a vote is still there on a page that is asked for again."""
    lead, ans = hall.lead, hall.ans
    for phone in (hall.bas, hall.cor):
        phone.page.get_by_role("button", name="Haal mijn stem weg").click()
        expect(lead.page.locator(".turnout-big")).to_have_text("5 van 6")
        phone.vote("A")
    ans.page.reload()
    ans.sees_own_vote("A")
    ans.check_access()
    expect(hall.wall.page.locator(".stage-progress")).to_contain_text("6 van 6 gestemd")
    expect(lead.page.locator(".turnout-big")).to_have_text("6 van 6")


def lead_from_a_phone(lead: Facilitator) -> None:
    """Who leads from a phone has the same console."""
    lead.page.set_viewport_size(SMALL_PHONE)
    lead.check_access()
    lead.page.set_viewport_size(LAPTOP)


def reveal_per_role(hall: Hall) -> None:
    """The total first, without roles; then per role, and small groups together."""
    lead, wall, ans = hall.lead, hall.wall, hall.ans
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    expect(wall.page.locator(".result-total")).to_have_text([re.compile(f"^{n}") for n in (4, 0, 1, 0, 1)])
    expect(wall.page.locator(".stage .tone-brick")).to_have_count(0)
    lead.check_access()
    wall.check_access()
    lead.press("Per rol")
    expect(wall.page.locator(".who")).to_contain_text("3 professionals en ambtenaren samen")
    wall.check_access()
    lead.check_access()
    ans.sees("Waarom beginnen we?")
    ans.check_access()


def vote_again_and_decide(hall: Hall) -> None:
    """Vote again after the talk; both rounds stay."""
    lead = hall.lead
    lead.press_small("Stem nog een keer")
    lead.press("Open de stemming")
    for phone in hall.phones:
        phone.vote("A")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    lead.press("Per rol")
    lead.decide("A", "Veel mensen noemen het hard rijden.", other="Wij zijn al begonnen.")


def read_the_decision(hall: Hall) -> None:
    """On every kind of screen, and what it brings up in full on a phone."""
    lead, wall, ans = hall.lead, hall.wall, hall.ans
    expect(wall.page.locator("h1")).to_have_text("Er is een probleem dat we willen aanpakken.")
    wall.check_access()
    lead.check_access()
    ans.sees("We kiezen A")
    hall.cor.sees("We kiezen A")
    ans.check_access()
    ans.page.get_by_text("Lees meer").first.click()
    expect(ans.page.locator(".find-card:visible").first).to_contain_text("Let op")
    ans.check_access()


def step_back_and_decide_anew(hall: Hall) -> None:
    """On to a deepening question, and one step back: the branch stays in the record."""
    lead, wall = hall.lead, hall.wall
    lead.press("Volgende vraag")
    wall.sees("Voor wie is dit een probleem?")
    lead.open_more()
    lead.page.get_by_label("Stap terug, met de reden erbij").fill("Er lag nog een wens.")
    lead.page.get_by_role("button", name="Ga een stap terug").click()
    wall.sees("Waarom beginnen we?")
    expect(wall.page.locator(".earlier")).to_contain_text(
        "Jullie waren hier al. Toen kozen jullie A en gingen jullie terug."
    )
    wall.check_access()
    everybody = [(phone, "E") for phone in hall.phones]
    lead.play_question("E", "We weten nog te weinig.", everybody)
    lead.press("Volgende vraag")


def walk_the_rest_of_startfase(hall: Hall) -> None:
    """Along whatever the trees offer: always an answer that everybody may give."""
    lead = hall.lead
    for _ in range(12):
        if lead.page.locator("#next").inner_text().strip() == "Rond af":
            break
        letter = _common_letter(lead)
        why = "Daar zijn we het over eens."
        if IS_LONG:
            lead.play_question(letter, why, [(phone, letter) for phone in hall.phones])
        else:
            lead.play_quickly(letter, why, hall.phones)
        primary = lead.page.locator("#next").inner_text().strip()
        assert primary in ("Volgende vraag", "Naar de richtfase")
        lead.press(primary)
        if primary == "Naar de richtfase":
            break
    if lead.page.locator("#next").inner_text().strip() == "Rond af":
        hall.wall.check_access()
        lead.check_access()
        lead.page.get_by_role("button", name="Door naar het plan").click()


def decide_a_goal(hall: Hall) -> None:
    """The first question of richtfase."""
    hall.wall.sees("Wat willen we samen bereiken?")
    hall.lead.play_question("B", "Iedereen kent het zebrapad.", [(phone, "B") for phone in hall.phones])


def fill_in_the_plan(hall: Hall) -> None:
    """The plan is filled in on the beamer."""
    lead, wall = hall.lead, hall.wall
    lead.page.get_by_role("link", name="Vul het plan in").click()
    lead.check_access()
    lead.page.get_by_role("button", name="Toon op de beamer").click()
    expect(wall.page.locator(".stage-plan .overline")).to_contain_text("Ons plan")
    hall.ans.sees("Ons plan")
    fill(lead, "Dit is straks anders", GOAL)
    wall.sees("kinderen lopen veilig naar school 🚸 <script>alert(1)</script>")
    wall.check_access()
    lead.check_access()


def stop(hall: Hall) -> None:
    lead = hall.lead
    lead.open_console(hall.code)
    lead.open_more()
    lead.press_small("Stop hier")
    expect(lead.page.get_by_role("heading", name="Deze bijeenkomst is afgelopen")).to_be_visible()
    lead.check_access()
    hall.ans.sees("Bedankt voor het meedoen")
    hall.wall.sees("Bedankt voor het meedoen")


def read_the_summary(lead: Facilitator) -> None:
    """It holds the whole walk."""
    lead.page.get_by_role("link", name="Lees het verslag").click()
    lead.check_access()
    summary = lead.page.locator("main")
    for words in (
        "Samen de Vogelbuurt in", GOAL,
        "Veel mensen noemen het hard rijden.", "Wij zijn al begonnen.", "Er lag nog een wens.", "Teruggedraaid",
        "We weten nog te weinig.", "Iedereen kent het zebrapad.",
    ):  # fmt: skip
        expect(summary).to_contain_text(words)


def _common_letter(lead) -> str:
    """The first letter on the console that is open to every role."""
    for answer in lead.page.locator(".desk-left .answers .answer").all():
        if answer.locator(".bubble-roles").count() == 0:
            return answer.get_attribute("data-letter")
    raise AssertionError("no answer for everybody")
