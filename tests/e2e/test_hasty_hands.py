"""Hands that are quick, slow, unsure or on a clicker: what they meant happens, once, and what they typed stays."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.room import REST, Facilitator, Phone, Room

pytestmark = pytest.mark.rests

WHY = "Veel mensen noemen het hard rijden."
STEPS = ["Begin met vraag 1", "Open de stemming", "Sluit de stemming", "Toon de uitslag", "Per rol"]


def hold(page: Page, key: str, times: int) -> None:
    """A finger that stays on a key: the browser says it again and again."""
    for _ in range(times):
        page.keyboard.down(key)
        page.wait_for_timeout(150)
    page.keyboard.up(key)


def says(lead: Facilitator, words: str) -> None:
    """The big button says this, and still does after a while."""
    expect(lead.page.locator("#next")).to_have_text(words)
    lead.page.wait_for_timeout(REST)
    expect(lead.page.locator("#next")).to_have_text(words)


def test_the_big_button_is_one_step_for_a_held_key_a_nervous_second_press_and_a_clicker(room, lead, code):
    button = lead.page.locator("#next")
    button.focus()
    hold(lead.page, "Enter", 8)
    says(lead, "Open de stemming")
    hold(lead.page, " ", 8)
    says(lead, "Sluit de stemming")
    # Twice with the mouse: slower than a double click, faster than reading.
    button.click()
    expect(button).to_have_text("Toon de uitslag")
    button.click()
    says(lead, "Toon de uitslag")
    # Another button at that same moment was meant.
    lead.press("Toon de uitslag")
    lead.press_small("Stem nog een keer")
    says(lead, "Open de stemming")
    # Keys that scroll only scroll, until somebody says that this device has a clicker.
    lead.page.keyboard.press("PageDown")
    lead.page.keyboard.press("ArrowRight")
    says(lead, "Open de stemming")
    lead.open_more()
    lead.page.get_by_label("Ik gebruik een klikker").check()
    button.focus()
    # After the mouse the focus is on the big button, and a clicker goes on from there; not while somebody counts.
    lead.page.keyboard.press("PageDown")
    says(lead, "Sluit de stemming")
    lead.page.locator("#hands summary").click()
    lead.page.locator("#hand-A-inwoner").press("PageDown")
    lead.page.locator("#hand-A-inwoner").press("ArrowRight")
    says(lead, "Sluit de stemming")
    lead.page.locator("#hands summary").focus()
    hold(lead.page, "ArrowRight", 8)
    says(lead, "Toon de uitslag")


def test_what_was_typed_and_chosen_and_not_sent_is_still_there_after_a_break(room, lead, code):
    phone = room.phone("Inwoner", code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.choose("B")
    take_a_break(lead, phone)
    expect(phone.page.locator("[data-letter=B] input")).to_be_checked()
    phone.page.locator(".button--vote").click()
    phone.sees_own_vote("B")

    for step in STEPS[2:]:
        lead.press(step)
    lead.page.locator("label:has(#decide-A)").click()
    lead.page.get_by_label("In gesprek", exact=True).check()
    lead.page.locator("#why").fill(WHY)
    take_a_break(lead, phone)
    expect(lead.page.locator("#decide-A")).to_be_checked()
    expect(lead.page.locator("#how-talk")).to_be_checked()
    expect(lead.page.locator("#why")).to_have_value(WHY)
    lead.press("Leg het besluit vast")
    # The words are of this round: the next one starts empty.
    lead.press("Volgende vraag")
    for step in STEPS[1:]:
        lead.press(step)
    expect(lead.page.locator("#why")).to_have_value("")
    expect(lead.page.locator("[name=answer]:checked, [name=how]:checked")).to_have_count(0)


def take_a_break(lead: Facilitator, phone: Phone) -> None:
    lead.open_more()
    lead.press_small("Pauze")
    phone.sees("Even pauze")
    lead.press("Ga verder")
    expect(phone.page.get_by_role("heading", name="Even pauze")).to_have_count(0)


@pytest.mark.slow
def test_what_is_left_open_is_asked_for_in_our_own_words_at_its_field(room, lead, code):
    phone = room.phone("Inwoner", code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.page.locator(".button--vote").click()
    expect(phone.page.locator("#banner")).to_have_text("Kies eerst een antwoord. Stem daarna.")
    expect(phone.page.locator("#banner")).to_be_in_viewport()
    expect(phone.page.locator("[data-letter=A] input")).to_be_focused()
    phone.check_access()
    phone.vote("A")
    expect(phone.page.locator("#banner")).to_be_hidden()

    for step in STEPS[2:]:
        lead.press(step)
    decide, banner = lead.page.locator("#next"), lead.page.locator("#banner")
    lead.page.wait_for_timeout(REST)
    decide.click()
    expect(banner).to_have_text("Kies eerst wat de groep kiest.")
    expect(lead.page.locator("#decide-A")).to_be_focused()
    lead.page.keyboard.press("Space")
    # Enter in a choice is the big button, not the first button on the page.
    lead.page.keyboard.press("Enter")
    expect(banner).to_have_text("Kies hoe dit is besloten.")
    expect(lead.page.locator("#how-vote")).to_be_focused()
    lead.page.keyboard.press("Space")
    decide.click()
    expect(banner).to_have_text("Vul een zin in bij Waarom.")
    expect(lead.page.locator("#why")).to_be_focused()
    lead.page.keyboard.type(WHY)
    decide.click()
    expect(decide).to_have_text("Volgende vraag")
    expect(banner).to_be_hidden()


@pytest.mark.slow
def test_a_phone_is_told_what_its_question_needs_and_only_as_long_as_that_question_is_there(room, lead, code):
    early = room.phone("Inwoner", code)
    lead.press("Begin met vraag 1")
    lead.play_question("A", WHY, [(early, "A")])
    lead.press("Volgende vraag")
    late = room.phone("Inwoner", code)
    banner = late.page.locator("#banner")
    expect(banner).to_have_text("Je kwam later binnen. Dit is de vraag van nu.")
    take_back_an_open_vote(lead, early, late)
    expect(banner).to_be_visible()
    change_role(early)
    lead.press("Sluit de stemming")
    expect(banner).to_be_visible()
    lead.press("Toon de uitslag")
    for phone in (early, late):
        expect(phone.page.locator(".phone-main")).to_contain_text("De uitslag")
        expect(phone.page.locator("#banner")).to_be_hidden()
    come_after_the_end(room, lead, code)


def take_back_an_open_vote(lead: Facilitator, early: Phone, late: Phone) -> None:
    """The question can be read again, and who voted hears that it stays."""
    lead.press("Open de stemming")
    early.vote("A")
    lead.undo()
    expect(early.page.locator(".note:visible")).to_have_text("Je stem blijft staan. We lezen eerst nog even samen.")
    expect(early.page.locator(".vote-in")).to_be_hidden()
    expect(late.page.locator(".note:visible")).to_have_text("Eerst lezen we samen. Daarna stemmen we.")
    lead.press("Open de stemming")
    early.sees_own_vote("A")


def change_role(phone: Phone) -> None:
    """What another role means for the vote is said before and after."""
    phone.page.get_by_role("link", name="Wissel van rol").click()
    expect(phone.page.locator(".note")).to_have_text("Wissel je van rol? Dan stem je bij deze vraag opnieuw.")
    phone.check_access()
    phone.choose_role("Wijkprofessional")
    expect(phone.page.locator("#banner")).to_have_text("Je hebt nu een andere rol. Stem bij deze vraag opnieuw.")
    phone.check_access()


def come_after_the_end(room: Room, lead: Facilitator, code: str) -> None:
    """After the end a new phone is told so, and the wall invites nobody."""
    wall = room.beamer(lead, code)
    expect(wall.page.locator(".stage-foot .qr")).to_be_visible()
    lead.open_more()
    lead.press_small("Stop hier")
    wall.sees("Bedankt voor het meedoen")
    expect(wall.page.locator(".stage .qr")).to_have_count(0)
    wall.check_access()
    stranger = room.phone_at_the_door("Inwoner", code)
    stranger.sees("Bedankt voor het meedoen")
    expect(stranger.page.get_by_role("button", name=re.compile("Inwoner"))).to_have_count(0)
    stranger.check_access()
