"""One person's vote, and one vote a person: what a phone is told before it votes, and who may come in."""

import re

from playwright.sync_api import expect

from tests.e2e.room import Facilitator, Phone, Room

ALONE = "Jij bent hier de enige die dit kan kiezen. De zaal ziet dan dat jij het was."
TWO = "Met z'n tweeën kunnen jullie dit kiezen. De zaal ziet dan dat het een van jullie was."
TOO_FEW = "Te weinig telefoons om te laten zien zonder dat je ziet wie wat koos. Vraag het hardop."


def test_who_can_choose_an_answer_alone_is_told_so_while_people_come_in(
    room: Room, lead: Facilitator, code: str
) -> None:
    for _ in range(3):
        room.phone("Inwoner", code)
    alone = room.phone("Wijkprofessional", code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    bubble = alone.page.locator("[data-gives-away]", has_text=ALONE)
    expect(bubble).to_have_count(1)
    expect(lead.page.get_by_text("Antwoord C kan maar 1 telefoon kiezen.")).to_be_visible()
    alone.check_access()
    lead.check_access()
    room.phone("Beleidsambtenaar", code)
    expect(alone.page.locator("[data-gives-away]", has_text=TWO)).to_have_count(1)  # without a reload
    third = room.phone("Beleidsambtenaar", code)
    expect(alone.page.locator("[data-gives-away]")).to_have_count(0)
    expect(third.page.locator("[data-gives-away]")).to_have_count(0)
    expect(lead.page.get_by_text("Antwoord C kan maar")).to_have_count(0)


def test_what_one_phone_chose_is_on_no_screen(room: Room, lead: Facilitator, code: str) -> None:
    phone = room.phone("Inwoner", code)
    wall = room.beamer(lead, code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone.vote("B")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    for screen in (wall, phone, lead):
        expect(screen.page.get_by_text(TOO_FEW).first).to_be_visible()
        expect(screen.page.locator(".split-total, .result-total, .tally, .voices .street")).to_have_count(0)
        screen.check_access()


def to_second_question(lead: Facilitator, voters: list[Phone]) -> None:
    lead.play_question("A", "Dat hoorden we vaak.", [(voter, "A") for voter in voters])
    lead.press("Volgende vraag")
    lead.press("Open de stemming")


def test_who_comes_in_late_waits_until_the_facilitator_says_so(room: Room, lead: Facilitator, code: str) -> None:
    inside = [room.phone("Inwoner", code) for _ in range(3)]
    lead.press("Begin met vraag 1")
    to_second_question(lead, inside)
    late = room.phone("Inwoner", code)
    expect(late.page.get_by_text("Je mag zo meestemmen. De begeleider laat je binnen.")).to_be_visible()
    late.check_access()
    expect(lead.page.locator(".turnout-big")).to_have_text(re.compile(r"^0\s+van 3$"))
    lead.check_access()
    lead.press_small("Laat 1 nieuwe meestemmen")
    expect(late.page.locator("[name=answer]").first).to_be_attached()  # without a reload
    expect(lead.page.locator(".turnout-big")).to_have_text(re.compile(r"^0\s+van 4$"))
    late.vote("A")


def test_a_shut_door_and_phones_that_are_sent_away(room: Room, lead: Facilitator, code: str) -> None:
    wall = room.beamer(lead, code)
    first = room.phone("Inwoner", code)
    rude = room.phone("Inwoner", code)
    expect(wall.page.locator(".lobby .qr")).to_be_visible()
    lead.page.get_by_label("Hoeveel mensen tel je?").fill("1")
    lead.press_small("Onthoud")
    expect(lead.page.get_by_text("Er doen 2 telefoons mee")).to_be_visible()
    lead.press_small("Deur dicht")
    expect(wall.page.locator(".qr:visible")).to_have_count(0)
    expect(wall.page.get_by_text("De deur is dicht.").first).to_be_visible()
    wall.check_access()
    lead.check_access()
    lead.press_small("Laat de laatste weer gaan")
    expect(rude.page.get_by_role("heading", name="De deur is dicht")).to_be_visible()
    rude.check_access()
    first.sees("Je bent binnen")
    lead.press_small("Doe de deur open")
    expect(wall.page.locator(".lobby .qr")).to_be_visible()
    rude.page.get_by_role("link", name="Probeer opnieuw").click()
    rude.choose_role("Inwoner")
    rude.sees("Je bent binnen")


def test_a_phone_wipes_what_is_of_it(room: Room, lead: Facilitator, code: str) -> None:
    phone = room.phone("Inwoner", code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone.vote("A")
    phone.page.get_by_role("link", name="Wissel van rol").click()
    phone.check_access()
    phone.page.get_by_role("button", name="Wis wat van mij is").click()
    expect(phone.page.get_by_role("heading", name="Wat van jou was, is gewist")).to_be_visible()
    phone.check_access()
    assert room.votes(code) == []
    assert [cookie["name"] for cookie in phone.context.cookies() if code in cookie["name"]] == []
    phone.page.get_by_role("link", name="Doe weer mee").click()
    expect(phone.page.get_by_role("heading", name="Wie ben jij vandaag?")).to_be_visible()
