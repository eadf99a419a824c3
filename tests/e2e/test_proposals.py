"""The room writes its own plan: lines from phones, read first, supported by everybody, and then in the plan."""

from playwright.sync_api import expect

from tests.e2e.planning import open_plan
from tests.e2e.room import Beamer, Facilitator, HandyPhone, Phone, Room


def propose(phone: Phone, line: str) -> None:
    phone.page.get_by_label("Jouw voorstel, in één zin").fill(line)
    phone.page.get_by_role("button", name="Stuur mijn voorstel").click()
    expect(phone.page.locator(".own-lines li", has_text=line)).to_be_visible()
    expect(phone.page.locator("#line")).to_have_value("")


def test_lines_of_phones_become_lines_of_the_plan(lead: Facilitator, room: Room) -> None:
    code = lead.order_session("Wat gaan we doen?", "Gierzwaluwbuurt", "richtfase")
    wall = room.beamer(lead, code)
    phones = [room.phone("Inwoner", code), room.phone("Inwoner", code), room.phone("Wijkprofessional", code)]
    lead.order("start")
    open_plan(lead, code)
    lead.page.get_by_text("Laat de groep meeschrijven").click()
    lead.check_access()
    lead.page.get_by_label("Waarvoor vraag je voorstellen?").select_option("Een stap")
    lead.page.get_by_role("button", name="Vraag om voorstellen").click()
    lead.page.wait_for_url("**/console")
    lead.hears()
    room.round = 2
    expect(wall.page.get_by_role("heading", name="Welke stap zetten we?")).to_be_visible()

    gather(lead, wall, phones)
    choose(lead, wall, phones)
    adopt(lead, wall, phones, code)
    sort(lead, wall, phones)


def gather(lead: Facilitator, wall: Beamer, phones: list[Phone]) -> None:
    """Nobody reads a line before the facilitator does."""
    propose(phones[0], "een zebra pad bij de school!!")
    propose(phones[1], "een zebrapad")
    propose(phones[2], "meer licht op het plein")
    propose(phones[2], "weg met de burgemeester")
    expect(lead.page.locator(".idea")).to_have_count(4)
    expect(wall.page.locator("[data-live=counts]")).to_contain_text("4 voorstellen binnen")
    expect(wall.page.locator(".proposed li")).to_have_count(0)  # nobody read one yet
    for screen in (lead, phones[2]):
        screen.check_access()

    first = lead.page.locator(".idea", has_text="zebra pad").first
    first.get_by_label("Zo komt het op het scherm").fill("een zebrapad bij de school")
    first.get_by_role("button", name="Laat door").click()
    expect(wall.page.locator(".proposed li")).to_have_text(["een zebrapad bij de school"])
    same = lead.page.locator(".idea[data-status=waiting]", has=lead.page.get_by_text("een zebrapad", exact=True))
    same.locator("select").select_option("Zelfde als: een zebrapad bij de school")
    same.get_by_role("button", name="Laat door").click()
    expect(lead.page.locator(".idea[data-status=waiting]")).to_have_count(2)
    lead.page.locator(".idea[data-status=waiting]").first.get_by_role("button", name="Laat door").click()
    expect(wall.page.locator(".proposed li")).to_have_count(2)
    lead.page.locator(".idea[data-status=waiting]").get_by_role("button", name="Zet apart").click()
    expect(lead.page.locator(".idea[data-status=waiting]")).to_have_count(0)
    for phone in phones[:2]:
        expect(phone.page.locator(".own-lines li")).to_contain_text("Staat op het scherm.")
    expect(phones[2].page.locator(".own-lines li").last).to_contain_text("Komt nu niet op het scherm.")
    for screen in (lead, wall, phones[0]):
        screen.check_access()


def choose(lead: Facilitator, wall: Beamer, phones: list[Phone]) -> None:
    """Everybody supports up to three of what was let through."""
    lead.press("Laat de groep kiezen")
    for phone in phones:
        phone.page.locator("label", has_text="een zebrapad bij de school").click()
        expect(phone.page.locator("[data-own-line]")).to_have_text("Je keuze is binnen: A")
    phones[2].page.locator("label", has_text="meer licht").click()
    expect(phones[2].page.locator("[data-own-line]")).to_have_text("Je keuze is binnen: A, B")
    phones[2].page.reload()
    expect(phones[2].page.locator(":checked")).to_have_count(2)
    phones[1].page.locator("label", has_text="een zebrapad").click()  # once more takes it away
    expect(phones[1].page.locator("[data-own-line]")).to_be_hidden()
    phones[1].page.locator("label", has_text="een zebrapad").click()
    expect(wall.page.locator("[data-live=counts]")).to_contain_text("3 van 3")
    for screen in (lead, wall, phones[2]):
        screen.check_access()


def adopt(lead: Facilitator, wall: Beamer, phones: list[Phone], code: str) -> None:
    """What the group takes stands in the plan, and the walk goes on."""
    lead.press("Sluit en toon")
    expect(phones[2].page.locator("[data-own-line]")).to_contain_text("Jij koos A, B.")
    expect(lead.page.locator("[name=answers]:checked")).to_have_count(1)
    lead.page.locator("label", has_text="meer licht").click()
    for screen in (lead, wall, phones[0]):
        screen.check_access()
    lead.press("Zet ze in het plan")
    expect(wall.page.locator(".stage-plan")).to_contain_text("meer licht op het plein")
    expect(lead.page.locator("#next")).to_contain_text("Open de stemming")  # the walk stands where it stood
    open_plan(lead, code)
    texts = [field.input_value() for field in lead.page.locator("tr.step [name=text-0]").all()]
    assert texts == ["een zebrapad bij de school", "meer licht op het plein", ""]  # and a place for one more


def sort(lead: Facilitator, wall: Beamer, phones: list[Phone]) -> None:
    """Nu, straks of later; wij, samen of de gemeente: two taps for a step."""
    lead.page.get_by_text("Laat de groep meeschrijven").click()
    lead.page.get_by_role("button", name="Geef de stappen een plek").click()
    lead.page.wait_for_url("**/console")
    lead.hears()
    for asks, letter in (("Wanneer doen we dit?", "B"), ("Wie is aan zet?", "C")):
        for screen in (wall, *phones):
            expect(screen.page.get_by_text(asks)).to_be_visible()
        for phone in phones:
            phone.page.locator(f"label[data-letter={letter}]").click()
            expect(phone.page.get_by_role("heading", name=f"Je stem is binnen: {letter}")).to_be_visible()
        lead.press("Sluit en toon")
        for screen in (lead, wall, phones[0]):
            screen.check_access()
        lead.press("Leg vast")
    lead.page.get_by_role("button", name="Sla over").click()  # the other step
    expect(wall.page.locator(".stage-plan")).to_be_visible()


def test_a_line_that_was_typed_out_of_reach_arrives_by_itself_and_a_tap_too_many_says_so(
    lead: Facilitator, room: Room
) -> None:
    code = lead.order_session("Wat gaan we doen?", "Boerenzwaluwbuurt", "richtfase")
    phone = room.phone("Inwoner", code, HandyPhone)
    lead.order("start")
    lead.order("gather", subject="doel")
    room.round = 2
    field = phone.page.get_by_label("Jouw voorstel, in één zin")
    expect(field).to_be_visible()
    phone.go_out_of_reach()
    field.fill("veilig oversteken")
    field.press("Enter")
    expect(phone.page.locator("#banner")).to_contain_text("Nog niet verstuurd.")
    expect(field).to_have_value("veilig oversteken")
    phone.come_back()
    expect(phone.page.locator(".own-lines li")).to_contain_text("De begeleider leest het zo.")
    phone.page.get_by_role("button", name="Haal weg").click()
    expect(phone.page.locator(".own-lines li")).to_have_count(0)

    for line in "abc":
        propose(phone, f"voorstel {line}")
    field.fill("voorstel d")
    field.press("Enter")
    expect(phone.page.locator("#banner")).to_contain_text("Je stuurde er al drie.")
    other = room.phone("Inwoner", code)
    propose(other, "voorstel d")
    lead.page.goto(lead.page.url)
    for count in range(4):
        lead.page.locator(".idea[data-status=waiting]").first.get_by_role("button", name="Laat door").click()
        expect(lead.page.locator(".idea[data-status=shown]")).to_have_count(count + 1)
    lead.press("Laat de groep kiezen")
    taps = phone.page.locator("label.answer--choice")
    for count in range(3):
        taps.nth(count).click()
        expect(phone.page.locator(":checked")).to_have_count(count + 1)
    expect(phone.page.locator("[data-own-line]")).to_have_text("Je keuze is binnen: A, B, C")
    taps.nth(3).click()
    expect(phone.page.locator("#banner")).to_contain_text("Je kunt er hoogstens drie kiezen.")
    expect(phone.page.locator(":checked")).to_have_count(3)
