"""The facilitator's desk: what was counted or typed there travels, stays or comes back; a clicker on any window."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.room import REST, Facilitator

WHY = "Veel mensen noemen het hard rijden."


def count(lead: Facilitator, cell: str, number: str) -> None:
    field = lead.page.locator(f"#hand-{cell}")
    if not field.is_visible():
        lead.page.locator("#hands summary").click()
    field.click()
    lead.page.keyboard.type(number)


def another_desk(room, code: str) -> Facilitator:
    second = room.leader()
    second.open_console(code)
    return second


# ---- Hands ----


def test_hands_that_were_typed_travel_with_the_big_button(room, lead, code):
    wall = room.beamer(lead, code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    count(lead, "A-inwoner", "7")
    count(lead, "B-wijkprofessional", "2")
    lead.press("Sluit de stemming")
    expect(wall.page.locator(".stage-progress")).to_contain_text("9 handen geteld")
    lead.press("Toon de uitslag")
    expect(wall.page.locator(".result-total")).to_have_text([re.compile(f"^{n}") for n in (7, 2, 0, 0, 0)])


def test_a_click_beside_the_nought_and_a_seven_is_seven(room, lead, code):
    lead.press("Begin met vraag 1")
    lead.page.locator("#hands summary").click()
    field = lead.page.locator("#hand-A-inwoner")
    for place in (4, 60):  # left of the number, and right of it
        lead.page.locator("#hand-B-inwoner").click()
        field.click(position={"x": place, "y": 20})
        lead.page.keyboard.type("7")
        expect(field).to_have_value("7")


def test_enter_among_the_hands_keeps_them_and_is_no_step(room, lead, code):
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    count(lead, "A-inwoner", "7")
    lead.page.keyboard.press("Enter")
    expect(lead.page.locator(".turnout-big")).to_have_text(re.compile(r"^7\s+handen"))
    expect(lead.page.locator("#next")).to_have_text("Sluit de stemming")


def test_two_devices_that_count_lose_nothing_of_each_other(room, lead, code):
    lead.press("Begin met vraag 1")
    second = another_desk(room, code)
    count(lead, "A-inwoner", "7")
    count(second, "B-inwoner", "2")
    lead.page.get_by_role("button", name="Bewaar de handen").click()
    expect(second.page.locator("#hand-A-inwoner")).to_have_value("7")
    second.page.get_by_role("button", name="Bewaar de handen").click()
    expect(lead.page.locator("#hand-B-inwoner")).to_have_value("2")
    # The same field: both numbers in sight, and whoever keeps it has seen the other's.
    count(second, "A-inwoner", "5")
    count(lead, "A-inwoner", "8")
    lead.page.get_by_role("button", name="Bewaar de handen").click()
    kept = second.page.locator("#kept-A-inwoner")
    expect(kept).to_have_text("bewaard: 8")
    expect(second.page.locator("#hand-A-inwoner")).to_have_value("5")
    second.check_access()
    second.page.get_by_role("button", name="Bewaar de handen").click()
    expect(kept).to_be_hidden()
    expect(lead.page.locator("#hand-A-inwoner")).to_have_value("5")


# ---- Undo ----


def test_undo_says_what_it_takes_back_and_whose_step_that_was(room, lead, code):
    colleague = room.leader("collega")
    colleague.open_console(code)

    def offers(desk: Facilitator, words: str) -> None:
        desk.open_more()
        expect(desk.page.get_by_role("button", name=f"Maak ongedaan: {words}", exact=True)).to_be_visible()

    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    offers(lead, "open de stemming")
    offers(colleague, "open de stemming (van begeleider)")
    colleague.page.reload()
    offers(colleague, "open de stemming (van begeleider)")
    count(lead, "A-inwoner", "7")
    lead.page.get_by_role("button", name="Bewaar de handen").click()
    offers(lead, "bewaar de handen")
    lead.undo()
    expect(lead.page.locator("#hand-A-inwoner")).to_have_value("0")
    expect(lead.page.locator("#next")).to_have_text("Sluit de stemming")
    expect(lead.page.get_by_role("button", name=re.compile("^Maak ongedaan"))).to_have_count(0)


# ---- What was typed ----


def test_what_was_typed_for_a_decision_survives_a_link_and_back_and_a_reload(room, lead, code):
    lead.press("Begin met vraag 1")
    for step in ("Open de stemming", "Sluit de stemming", "Toon de uitslag", "Per rol"):
        lead.press(step)
    lead.page.locator("label:has(#decide-A)").click()
    lead.page.get_by_label("In gesprek", exact=True).check()
    lead.page.locator("#why").fill(WHY)
    lead.page.locator("#other").fill("Er was twijfel.")

    def is_all_there() -> None:
        expect(lead.page.locator("#decide-A")).to_be_checked()
        expect(lead.page.locator("#how-talk")).to_be_checked()
        expect(lead.page.locator("#why")).to_have_value(WHY)
        expect(lead.page.locator("#other")).to_have_value("Er was twijfel.")

    lead.page.reload()
    is_all_there()
    lead.page.get_by_role("link", name="Plan", exact=True).click()
    lead.page.get_by_role("link", name="Console").click()
    is_all_there()
    lead.press("Leg het besluit vast")
    # Decided: those words are kept now, and no other ones come back for them.
    lead.undo()
    is_all_there()
    lead.page.locator("#why").fill("Toch anders.")
    lead.press("Leg het besluit vast")
    lead.page.reload()
    lead.undo()
    expect(lead.page.locator("#why")).to_have_value("Toch anders.")


def test_hands_that_were_typed_survive_a_reload_in_sight(room, lead, code):
    lead.press("Begin met vraag 1")
    count(lead, "A-inwoner", "7")
    lead.page.reload()
    expect(lead.page.locator("#hand-A-inwoner")).to_have_value("7")
    expect(lead.page.locator("#hand-A-inwoner")).to_be_visible()
    lead.press("Open de stemming")
    expect(lead.page.locator(".turnout-big")).to_have_text(re.compile(r"^7\s+handen"))


# ---- A clicker ----


def click_on(page: Page, key: str) -> None:
    page.wait_for_timeout(REST)
    page.bring_to_front()
    page.keyboard.press(key)


@pytest.mark.slow
def test_a_clicker_works_whichever_window_has_the_focus(room, lead, code):
    wall = lead.context.new_page()
    wall.goto(f"{room.app.url}/b/{code}/beamer")
    lead.press("Begin met vraag 1")
    expect(wall.locator("h1")).to_have_text("Waarom beginnen we?")
    click_on(wall, "PageDown")
    wall.wait_for_timeout(REST)
    expect(lead.page.locator("#next")).to_have_text("Open de stemming")
    lead.open_more()
    lead.page.get_by_label("Ik gebruik een klikker").check()
    lead.check_access()
    lead.page.reload()  # remembered on this device
    click_on(wall, "PageDown")
    expect(lead.page.locator("#next")).to_have_text("Sluit de stemming")
    expect(wall.locator("#live")).to_have_attribute("data-status", "open")
    click_on(lead.page, "ArrowRight")
    expect(lead.page.locator("#next")).to_have_text("Toon de uitslag")
    lead.open_more()
    expect(lead.page.get_by_label("Ik gebruik een klikker")).to_be_checked()
    lead.page.get_by_label("Ik gebruik een klikker").uncheck()
    click_on(wall, "PageDown")
    wall.wait_for_timeout(REST)
    expect(lead.page.locator("#next")).to_have_text("Toon de uitslag")


# ---- The beamer ----


def test_what_goes_on_the_beamer_is_said_and_taken_off_where_one_looks(room, lead, code):
    wall = room.beamer(lead, code)
    lead.press("Begin met vraag 1")
    for step in ("Open de stemming", "Sluit de stemming", "Toon de uitslag"):
        lead.press(step)
    lead.page.locator("#open-E summary").click()
    show = lead.page.locator("#open-E > .stack > .show-card button")
    show.click()
    wall.sees("We weten het nog niet. We willen eerst luisteren.")
    expect(lead.page.locator("#open-E .on-beamer").first).to_be_in_viewport()
    expect(show).to_have_text("Toon de vraag weer")
    expect(show).to_be_focused()
    lead.check_access()
    lead.page.wait_for_timeout(REST)
    show.click()
    wall.sees("Waarom beginnen we?")
    expect(show).to_contain_text("Toon op de beamer")


def test_the_qr_is_put_on_the_wall_large_from_the_console(room, lead, code):
    wall, phone = room.beamer(lead, code), room.phone("Inwoner", code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    lead.open_more()
    lead.press_small("Toon de QR groot op de beamer")
    wall.sees("Doe mee met je telefoon")
    height = wall.page.locator(".stage-invite .qr").bounding_box()["height"]
    assert height > 0.5 * wall.page.viewport_size["height"]
    wall.check_access()
    expect(lead.page.locator(".on-wall")).to_contain_text("de QR, groot")
    phone.vote("B")  # phones stay where they are
    lead.page.locator(".on-wall").get_by_role("button", name="Toon de vraag weer").click()
    wall.sees("Waarom beginnen we?")
