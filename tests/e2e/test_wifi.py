"""The wifi of the hall: typed on the console, read from the wall by the camera of a phone."""

import pytest
from playwright.sync_api import expect

from tests.e2e.pixels import photograph, read_qr
from tests.e2e.room import Facilitator, Room


@pytest.mark.parametrize(
    "size",
    [{"width": 1280, "height": 720}, pytest.param({"width": 1024, "height": 768}, marks=pytest.mark.slow)],
    ids=str,
)
def test_a_phone_reads_the_wifi_and_the_way_in_from_the_wall(
    room: Room, lead: Facilitator, code: str, size: dict[str, int]
) -> None:
    wall = room.beamer(lead, code, size)
    page, to_join = lead.page, f"{room.app.url}/m/{code}"
    page.locator("#wifi-address").evaluate("part => { part.open = true; }")  # folded where last time's is known
    page.get_by_label("Hoe heet de wifi in deze zaal?").fill("Buurthuis; De Linde")
    page.get_by_label("Wachtwoord van de wifi").fill("kort")
    page.get_by_role("button", name="Toon de wifi op de beamer").click()
    expect(page.locator("#banner")).to_contain_text("Een wachtwoord van wifi heeft 8 tot 63 letters")
    page.get_by_label("Wachtwoord van de wifi").fill('gezellig,"2026"')
    page.get_by_role("button", name="Toon de wifi op de beamer").click()
    expect(wall.page.locator(".lobby-how")).to_contain_text("Buurthuis; De Linde")
    expect(page.locator("#banner")).to_be_hidden()
    codes = wall.page.locator(".lobby-codes > .qr"), wall.page.locator(".lobby-wifi .qr")
    assert [read_qr(photograph(part, around=8)) for part in codes] == [
        [to_join],
        ['WIFI:T:WPA;S:Buurthuis\\; De Linde;P:gezellig\\,\\"2026\\";;'],
    ]
    lead.check_access()
    wall.check_access()
    wall.page.keyboard.press("q")  # the big one is the way in, not the wifi
    assert read_qr(photograph(wall.page.locator("#big-qr"))) == [to_join]
    wall.page.keyboard.press("q")
    page.get_by_label("Hoe heet de wifi in deze zaal?").fill("")
    page.get_by_role("button", name="Toon de wifi op de beamer").click()
    expect(wall.page.locator(".lobby-wifi")).to_have_count(0)
