"""Screens not as we drew them: darkened by the browser, in colours of the visitor, with letters twice as large."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import CHROMIUM_OPTIONS
from tests.e2e.pixels import contrast, photograph, read_qr
from tests.e2e.planning import add_line, keep
from tests.e2e.room import LAPTOP, PHONE, SMALL_PHONE, Facilitator, Phone, Room, Screen, find_violations
from tests.servers import find_chromium

TEXT, SHAPE = 4.5, 3  # what WCAG asks of words, and of what is drawn


def force_dark(screen: Screen) -> None:
    """As the setting of a phone that makes every page dark."""
    wire = screen.context.new_cdp_session(screen.page)
    wire.send("Emulation.setAutoDarkModeOverride", {"enabled": True})


def check_letter(letter: Locator) -> None:
    """It stands out against its shape, and the shape against what is behind it."""
    name = letter.get_attribute("data-letter")
    assert photograph(letter.locator("b")).contrast >= TEXT, f"{name} in its shape"
    # Under the letter there is only the shape, or its outline, and what is behind it.
    assert photograph(letter, around=3).band(0.8, 1).contrast >= SHAPE, f"the shape of {name}"


def check_letters(screen: Screen) -> None:
    letters = screen.page.locator(".letter:visible")
    expect(letters.first).to_be_visible()
    assert {letter.get_attribute("data-letter") for letter in letters.all()} == set("ABCDE")
    for letter in letters.all():
        check_letter(letter)


def check_qr(screen: Screen, code: str) -> None:
    qr = screen.page.locator(".qr:visible").last
    assert read_qr(photograph(qr, around=4)) == [f"{screen.room.app.url}/m/{code}"]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("asked", ["dark", "light"])
def test_a_browser_that_makes_pages_dark_leaves_letters_and_qr_readable(
    room: Room, lead: Facilitator, code: str, asked: Literal["dark", "light"]
) -> None:
    """Where somebody asked for dark our own colours stay. A browser that darkens all the same leaves them readable."""
    wall, phone = room.beamer(lead, code), room.phone("Inwoner", code)
    for screen in (wall, phone, lead):
        screen.page.emulate_media(color_scheme=asked)
        force_dark(screen)
        paper = photograph(screen.page.locator("h1")).look_at(0, 0)
        assert (contrast(paper, (255, 255, 255)) < 1.2) == (asked == "dark"), screen.name
    check_qr(lead, code)
    check_qr(wall, code)
    lead.press("Begin met vraag 1")
    wall.sees("Waarom beginnen we?")
    check_qr(wall, code)  # the small one at the foot
    wall.page.keyboard.press("q")
    check_qr(wall, code)
    wall.page.keyboard.press("q")
    lead.press("Open de stemming")
    phone.sees("Waarom beginnen we?")
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    for screen in (wall, phone, lead):
        check_letters(screen)
        screen.check_access()


# ---- Letters twice as large, and words without end ----

# What sticks out of the screen, or is cut: nobody scrolls sideways to read.
FIND_CUT = """() => {
    const faults = [], isShown = part => part.checkVisibility() && !part.closest(".hidden-text, .skip, svg");
    const tell = part => `${part.tagName}.${part.className}: ${part.textContent.trim().slice(0, 40)}`;
    for (const part of document.querySelectorAll("body *")) {
        if (!isShown(part)) continue;
        const box = part.getBoundingClientRect();
        if (box.right > innerWidth + 1 || box.left < -1) faults.push(`${Math.round(box.right)} right: ${tell(part)}`);
        const isCut = part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible";
        if (isCut && part.clientWidth && !part.matches("input, select, textarea")) faults.push(`cut: ${tell(part)}`);
    }
    if (document.documentElement.scrollWidth > innerWidth) faults.push(`${document.documentElement.scrollWidth} wide`);
    return faults.slice(0, 4);
}"""
LONG = {"title": "Z" * 120, "buurt": "B" * 80, "why": "W" * 300, "other": "O" * 300, "text": "T" * 300, "who": "F" * 80}


def enlarge(screen: Screen, size: int = 32) -> None:
    """As somebody sets the letters of all pages in their browser."""
    wire = screen.context.new_cdp_session(screen.page)
    wire.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})


def list_cut(screen: Screen) -> list[str]:
    """What sticks out on a phone and on a laptop."""
    faults = []
    screen.page.wait_for_load_state()  # a click leads to a page that may still be coming in
    screen.page.evaluate("() => document.fonts.ready.then(() => true)")
    for view in (SMALL_PHONE, LAPTOP):
        screen.page.set_viewport_size(view)
        found = screen.page.evaluate(FIND_CUT)
        faults += [f"{screen.page.url} at {view['width']}: {fault}" for fault in found]
    return faults


def unfold(screen: Screen) -> None:
    screen.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")


PUBLIC = (
    "/", "/?code=XXXXXX", "/alleen", "/alleen?rol=wijkprofessional", "/alleen/startfase/aanleiding",
    "/alleen/startfase/aanleiding/probleem", "/alleen/pad", "/bibliotheek", "/handleiding", "/inloggen", "/nergens",
)  # fmt: skip


@pytest.mark.slow
def test_letters_twice_as_large_stay_on_every_page_that_anybody_may_read(room: Room) -> None:
    visitor = room.phone_in_pocket("Inwoner", Phone, is_mobile=False)
    enlarge(visitor)
    faults = []
    for path in PUBLIC:
        visitor.page.goto(room.app.url + path)
        unfold(visitor)
        faults += list_cut(visitor)
        visitor.check_access()
    for link in ("element", "aanpak"):
        visitor.page.goto(f"{room.app.url}/bibliotheek")
        visitor.page.locator(f"a[href*='/bibliotheek/{link}/']").first.click()
        faults += list_cut(visitor)
    visitor.page.goto(f"{room.app.url}/alleen/startfase/aanleiding/probleem")
    visitor.page.locator(".walk-act .button").first.click()
    faults += list_cut(visitor)
    visitor.page.get_by_role("link", name="Mijn pad").click()
    faults += list_cut(visitor)
    assert "\n".join(faults) == ""


class Inspector:
    """Looks at two screens wherever a meeting brings them, and keeps what sticks out."""

    def __init__(self, lead: Facilitator, phone: Phone) -> None:
        self.lead, self.phone = lead, phone
        self.faults: list[str] = []

    def look(self, *screens: Screen) -> None:
        """At these screens, or else at both."""
        for screen in screens or (self.lead, self.phone):
            unfold(screen)
            self.faults.extend(list_cut(screen))
            screen.check_access()

    def visit(self, screen: Screen, path: str) -> None:
        screen.page.goto(screen.room.app.url + path)
        self.look(screen)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("size", [16, 32])
def test_a_word_of_a_hundred_letters_stays_on_every_page_of_a_meeting(room: Room, lead: Facilitator, size: int) -> None:
    code = lead.make_session(LONG["title"], f"{LONG['buurt'][:-2]}{size}", "richtfase")  # with a plan of its own
    crowd = [room.phone("Inwoner", code, is_mobile=False) for _ in range(3)]
    phone = crowd[0]
    stranger = room.phone_at_the_door("Inwoner", code)
    for screen in (lead, phone, stranger):
        enlarge(screen, size)
    inspector = Inspector(lead, phone)
    inspector.look(lead, phone, stranger)
    for path in ("/bijeenkomsten", "/wachtwoord", f"/b/{code}/beheer", f"/b/{code}/verslag", f"/b/{code}/plan"):
        inspector.visit(lead, path)
    lead.open_console(code)
    look_at_a_question(inspector, crowd)
    look_at_a_plan_with_long_words(inspector, code)
    inspector.visit(lead, f"/b/{code}/verslag")
    lead.open_console(code)
    lead.open_more()
    lead.press_small("Stop hier")
    phone.sees("Bedankt voor het meedoen")
    inspector.look()
    inspector.visit(lead, "/bijeenkomsten")
    assert "\n".join(inspector.faults) == ""


def look_at_a_question(inspector: Inspector, crowd: list[Phone]) -> None:
    """In each of its steps, up to a decision with long words."""
    lead, phone = inspector.lead, inspector.phone
    lead.press("Begin met vraag 1")
    phone.sees("Wat willen we samen bereiken?")
    inspector.look()
    lead.press("Open de stemming")
    for voter in crowd:
        voter.vote("B")
    inspector.look()
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    lead.press("Per rol")
    expect(phone.page.locator(".split")).to_be_visible()
    inspector.look()
    lead.decide("B", LONG["why"], other=LONG["other"])
    phone.sees("We kiezen B")
    inspector.look()


def look_at_a_plan_with_long_words(inspector: Inspector, code: str) -> None:
    lead = inspector.lead
    inspector.visit(lead, f"/b/{code}/plan")
    lead.page.locator(".goal [name=text-0]").first.fill(LONG["text"])
    keep(lead)
    add_line(lead, "actie", LONG["text"])
    inspector.look(lead)


# ---- The colours of the visitor ----


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_letters_votes_and_qr_stay_in_the_colours_of_the_visitor(
    room: Room, lead: Facilitator, code: str, scheme: Literal["dark", "light"]
) -> None:
    """As Windows does it: all words and planes get two colours, and what is drawn keeps its own."""
    crowd = [room.phone(role, code) for role in ["Inwoner"] * 3 + ["Wijkprofessional"] * 3]
    phone, wall = crowd[0], room.beamer(lead, code)
    for screen in (lead, wall, phone):
        screen.page.emulate_media(forced_colors="active", color_scheme=scheme)
        paper = photograph(screen.page.locator("h1")).look_at(0, 0)
        assert (contrast(paper, (0, 0, 0)) < 1.2) == (scheme == "dark"), screen.name
    check_qr(wall, code)
    check_qr(lead, code)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    for voter in crowd[:5]:
        voter.vote("A")
    expect(wall.page.locator(".stage-progress")).to_contain_text("5 van 6")
    check_marks(wall, ".stage-progress .street > :not(.ground)")
    check_marks(lead, ".turnout .street > :not(.ground)")
    check_letter(phone.page.locator(".own + .answers .letter"))
    assert photograph(lead.page.locator("#next")).contrast >= TEXT
    for screen in (wall, lead):
        check_letters(screen)
    crowd[5].vote("A")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    check_marks(wall, ".voices .street use")
    lead.press("Per rol")
    for screen in (wall, phone):
        expect(screen.page.locator(".who")).to_be_visible()
        check_marks(screen, ".voices .street use, .who .roof")
        check_letters(screen)
    lead.decide("A", "Dat hoorden we vaak.")
    for screen in (wall, phone):
        screen.sees("Er is een probleem dat we willen aanpakken." if screen is wall else "We kiezen A")
        check_letter(screen.page.locator(".letter:visible").first)
        # axe knows our colours, not those of the visitor.
        screen.page.emulate_media(forced_colors="none")
        screen.check_access()


def check_marks(screen: Screen, marks: str) -> None:
    """What is drawn of votes and roles stands out."""
    found = screen.page.locator(marks)
    expect(found.first).to_be_visible()
    for mark in found.all():
        # Without the ground they stand on.
        picture = photograph(mark, around=6).band(0, 0.75)
        assert picture.contrast >= SHAPE, f"{screen.name}: {mark.evaluate('mark => mark.outerHTML')}"


# ---- What is said aloud ----


def hear(screen: Screen, words: str) -> None:
    expect(screen.page.locator("#announce")).to_have_text(words)


def test_a_screen_reader_hears_each_step_once_as_what_it_is(room: Room, lead: Facilitator, code: str) -> None:
    crowd = [room.phone(role, code) for role in ["Inwoner"] * 3 + ["Wijkprofessional"] * 3]
    phone = crowd[0]
    lead.press("Begin met vraag 1")
    hear(phone, "Een nieuwe vraag. Eerst lezen we samen.")
    lead.press("Open de stemming")
    hear(phone, "De stemming is open.")
    lead.open_more()
    lead.page.get_by_role("button", name="Maak ongedaan").first.click()
    hear(phone, "De stemming is nog niet open. Eerst lezen we samen.")
    hear(lead, "Waarom beginnen we?")
    lead.press_small("Pauze")
    hear(phone, "Even pauze.")
    lead.press("Ga verder")
    hear(phone, "De stemming is nog niet open. Eerst lezen we samen.")
    lead.press("Open de stemming")
    for voter in crowd:
        voter.vote("A")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    for screen in (phone, lead):
        hear(screen, "De uitslag is er.")
    lead.press("Per rol")
    for screen in (phone, lead):
        hear(screen, "De uitslag per rol is er.")
        screen.check_access()
    lead.press_small("Stem nog een keer")
    hear(phone, "We stemmen nog een keer over deze vraag. Eerst lezen we samen.")


# ---- No cookies ----


@pytest.mark.slow
def test_a_browser_that_blocks_cookies_is_told_so_and_goes_on_once_it_allows_them(
    room: Room, lead: Facilitator, code: str, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with block_cookies(room, profile) as page:
        for _ in range(2):
            page.goto(f"{room.app.url}/m/{code}")
            page.get_by_role("button", name="Inwoner").click()
            sentence = "Je telefoon bewaart je plek niet. Sta cookies toe en kies je rol opnieuw."
            expect(page.get_by_role("alert")).to_have_text(sentence)
            expect(page.get_by_role("heading", name="Wie ben jij vandaag?")).to_be_visible()
            assert find_violations(page) == []
        page.goto(f"{room.app.url}/inloggen")
        page.get_by_label("Gebruikersnaam", exact=True).fill("begeleider")
        page.get_by_label("Wachtwoord", exact=True).fill(room.password_of("begeleider"))
        page.get_by_role("button", name="Log in").click()
        expect(
            page.get_by_text("Je browser bewaart geen cookies. Sta cookies toe en probeer het opnieuw.")
        ).to_be_visible()
    expect(lead.page.locator(".turnout-big")).to_have_text("0")


@contextmanager
def block_cookies(room: Room, profile: Path) -> Iterator[Page]:
    """A browser of its own, in whose settings all cookies are blocked."""
    (profile / "Default").mkdir(parents=True)
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Default" / "Preferences").write_text(json.dumps(settings))
    context = room.browser.browser_type.launch_persistent_context(
        str(profile), executable_path=find_chromium(), args=CHROMIUM_OPTIONS, viewport=PHONE, locale="nl-NL"
    )
    yield context.pages[0]
    context.close()
