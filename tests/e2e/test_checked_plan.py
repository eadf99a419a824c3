"""Klopt dit? The room reads its plan on phone and wall, says whether it is right, and walks on where it stood."""

from playwright.sync_api import expect

from tests.e2e.planning import add_line, open_plan
from tests.e2e.room import Facilitator, Phone, Room


def test_the_room_reads_its_plan_and_what_it_says_stands_there(lead: Facilitator, room: Room) -> None:
    code = lead.order_session("Wat gaan we doen?", "Merelbuurt", "richtfase")
    wall = room.beamer(lead, code)
    phones = [room.phone("Inwoner", code) for _ in range(3)]
    lead.order("start")
    open_plan(lead, code)
    add_line(lead, "actie", "borden vragen bij de gemeente")
    add_line(lead, "nodig", "een ladder en twee sterke mensen")
    lead.check_access()
    lead.page.get_by_role("button", name="Vraag de groep: klopt dit?").click()
    lead.page.wait_for_url("**/console")
    lead.hears()
    room.round = 2  # which the page of the plan asked for
    for screen in (wall, *phones):
        expect(screen.page.locator(".page-lines:visible")).to_contain_text("borden vragen bij de gemeente")
    for screen in (lead, wall, phones[0]):
        screen.check_access()
    send_what_lacks(lead, phones[1])
    for phone, letter in zip(phones, "ABB", strict=True):
        phone.vote(letter)
    lead.press("Sluit en toon")
    expect(lead.page.locator("[name=answer]:checked")).to_have_value("lacks")  # what most said
    for screen in (lead, wall, phones[0]):
        screen.check_access()
    expect(lead.page.get_by_label("Mist er iets? Wat dan?")).to_have_value("wie belt de gemeente")
    lead.page.get_by_label("Mist er iets? Wat dan?").fill("Wie belt de gemeente?")
    lead.press("Leg vast")
    expect(wall.page.locator(".stage-plan")).to_contain_text("borden vragen bij de gemeente")
    expect(lead.page.locator("#next")).to_contain_text("Open de stemming")
    open_plan(lead, code)
    verdict = lead.page.locator(".plan-verdict")
    expect(verdict).to_contain_text("er mist iets: Wie belt de gemeente?")
    lead.page.locator("tr.step [name=who]").first.fill("de school")
    lead.page.evaluate("document.activeElement.blur()")
    expect(verdict).to_contain_text("Daarna is er nog iets gewijzigd.")
    lead.check_access()


def send_what_lacks(lead: Facilitator, phone: Phone) -> None:
    """A phone sends what is missing, and the facilitator takes it along."""
    field = phone.page.get_by_label("Mist er iets? Schrijf het in één zin.")
    field.fill("wie belt de gemeente")
    field.press("Enter")
    expect(phone.page.locator(".own-lines li")).to_contain_text("De begeleider leest het zo.")
    phone.check_access()
    lead.page.locator(".idea").get_by_role("button", name="Neem mee").click()
    expect(lead.page.locator(".idea[data-status=shown]")).to_have_count(1)
    lead.check_access()
