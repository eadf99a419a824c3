"""Neem het plan mee: from the console at the end, over the wall, to a phone that never was in the room."""

from playwright.sync_api import expect

from tests.e2e.meter import Meter
from tests.e2e.pixels import photograph, read_qr
from tests.e2e.planning import add_line, open_plan
from tests.e2e.room import SMALL_PHONE, Facilitator, Room
from tests.papers import count_pages, read_text

SHARED_BYTES = 40 * 1024


def test_the_plan_goes_home_in_the_pockets_of_the_room(room: Room, lead: Facilitator) -> None:
    code = lead.order_session("Veilig oversteken", "Deelbuurt", "richtfase")
    open_plan(lead, code)
    add_line(lead, "doel", "kinderen lopen veilig naar school")
    add_line(lead, "actie", "auto's tellen bij het zebrapad")
    wall = room.beamer(lead, code)
    lead.open_console(code)
    lead.order("stop")
    wall.sees("Bedankt voor het meedoen")
    lead.page.reload()
    lead.page.get_by_role("link", name="Deel het plan").click()
    expect(lead.page.locator(".share-look")).to_contain_text("auto's tellen bij het zebrapad")
    lead.check_access()
    lead.page.get_by_role("button", name="Deel het plan").click()
    expect(lead.page.locator(".share-links > li")).to_have_count(1)
    lead.check_access()
    expect(wall.page.locator(".stage-take")).to_contain_text("Neem het plan mee.")
    wall.check_access()
    (address,) = read_qr(photograph(wall.page.locator(".stage-share .qr"), around=8))

    phone = room.phone_in_pocket("Inwoner", viewport=SMALL_PHONE)
    meter = Meter(phone)
    phone.page.goto(address)
    phone.sees("kinderen lopen veilig naar school")
    phone.page.wait_for_load_state("networkidle")
    phone.check_access()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    print(meter.weights.total())
    assert meter.weights.total() < SHARED_BYTES, meter.weights
    assert count_pages(phone.page.pdf(format="A4")) == 1
    with phone.page.expect_download() as kept:
        phone.page.get_by_role("link", name="Bewaar op je telefoon").click()
    assert "auto's tellen bij het zebrapad" in read_text(kept.value.path().read_bytes())

    lead.page.get_by_role("button", name="Trek deze link in").click()
    expect(lead.page.locator(".share-links")).to_have_count(0)
    phone.page.reload()
    phone.sees("Dit plan is hier niet meer")
    phone.check_access()
    expect(wall.page.locator(".stage-share")).to_have_count(0)
