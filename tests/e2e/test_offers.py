"""*Ik doe mee*: two phones help with a step; the wall counts them, and the team reads the name that was given."""

from playwright.sync_api import expect

from tests.e2e.planning import add_line, open_plan
from tests.e2e.room import SMALL_PHONE, Facilitator, Phone, Room


def test_who_helps_with_a_step_is_counted_on_the_wall_and_named_to_the_team_alone(
    room: Room, lead: Facilitator
) -> None:
    code = lead.order_session("Veilig oversteken", "Handenbuurt", "richtfase")
    ans = room.phone("Inwoner", code, viewport=SMALL_PHONE)
    bas = room.phone("Wijkprofessional", code)
    wall = room.beamer(lead, code)
    open_plan(lead, code)
    add_line(lead, "actie", "auto's tellen bij het zebrapad")
    lead.page.get_by_role("button", name="Toon op de beamer").click()
    ans.sees("Ons plan")
    ans.check_access()
    for phone in (ans, bas):
        phone.page.get_by_role("link", name="Ik doe mee met een stap").click()
        phone.page.locator(".offered summary").click()
    ans.check_access()
    ans.page.get_by_role("button", name="Ik doe mee").click()
    expect(ans.page.get_by_role("alert")).to_have_text("Kies eerst waarmee je helpt.")
    ans.check_access()

    ans.page.get_by_label("Handen: ik help mee").check()
    ans.page.get_by_label("Je voornaam, als je dat wilt").fill("Ans <b>")
    ans.page.get_by_label("De begeleiders mogen mijn voornaam weten").check()
    ans.page.get_by_role("button", name="Ik doe mee").click()
    expect(ans.page.locator(".chosen")).to_contain_text("Handen: ik help mee")
    ans.check_access()
    expect(wall.page.locator(".deed-help")).to_have_text("1 doet mee")
    bas.page.get_by_label("Spullen: ik leen iets uit").check()
    bas.page.get_by_role("button", name="Ik doe mee").click()
    expect(wall.page.locator(".deed-help")).to_have_text("2 doen mee")
    wall.check_access()
    expect(lead.page.locator(".step-helpers")).to_contain_text("2 doen mee (Handen 1, Spullen 1) Namen: Ans <b>")
    lead.check_access()
    expect(wall.page.locator("body")).not_to_contain_text("Ans")
    expect(bas.page.locator("body")).not_to_contain_text("Ans")
    take_back(ans)
    expect(wall.page.locator(".deed-help")).to_have_text("1 doet mee")
    expect(lead.page.locator(".step-helpers")).not_to_contain_text("Ans")


def take_back(phone: Phone) -> None:
    phone.page.get_by_role("link", name="Alles waar ik aan meedoe").click()
    phone.check_access()
    phone.page.get_by_role("button", name="Haal weg").click()
    expect(phone.page.locator("main")).to_contain_text("Je doet met deze telefoon nergens aan mee.")
