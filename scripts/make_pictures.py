"""Plays a meeting in a real browser and takes docs/pictures: every page, at the sizes it is meant for.

Run: python scripts/make_pictures.py   (with requirements/dev.txt and Chromium; a minute or two)
"""

import base64
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from content.files import LIBRARY_FOLDER, read_library  # noqa: E402
from content.graph import Place  # noqa: E402
from tests.browser import CHROMIUM_OPTIONS  # noqa: E402
from tests.e2e.planning import add_line, fill, find_step, keep  # noqa: E402
from tests.e2e.room import PHONE, SMALL_PHONE, Crowd, Facilitator, Phone, Room, Screen  # noqa: E402
from tests.servers import App, find_chromium, serve_app  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 6_000_000
TALLEST = 2600  # a long page is shown from its beginning
WALLS = {"1024": {"width": 1024, "height": 768}, "1920": {"width": 1920, "height": 1080}}
WHY = "Veel mensen noemen het hard rijden. De buren die al begonnen zijn, doen mee."

# Counts the colours of a picture and keeps the 256 that matter: a page of text needs no more.
PICK_COLOURS = """async address => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const pixels = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
  const parts = pixel => [pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255], places = new Map();
  // The most frequent first, and none that looks like one we have: a small blue roof counts as much as a large page.
  const far = ([r, g, b], [x, y, z]) => (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2, colours = [];
  for (const [pixel] of [...counts].sort((one, other) => other[1] - one[1])) {
    if (colours.length < 256 && colours.every(colour => far(parts(pixel), parts(colour)) > 40)) colours.push(pixel);
  }
  for (const pixel of counts.keys()) {
    let nearest = 0, least = Infinity;
    colours.forEach((colour, place) => {
      const away = far(parts(pixel), parts(colour));
      if (away < least) { least = away; nearest = place; }
    });
    places.set(pixel, nearest);
  }
  const drawn = Uint8Array.from(pixels, pixel => places.get(pixel));
  let text = "";
  for (let at = 0; at < drawn.length; at += 32768) text += String.fromCharCode(...drawn.subarray(at, at + 32768));
  return { width: image.width, height: image.height, colours: colours.flatMap(parts), drawn: btoa(text) };
}"""

# Phone, console and beamer on one ground line, for the README.
TOGETHER = """<style>
  body {{ margin: 0; width: 1680px; background: #fbf7ef; }}
  div {{ display: flex; align-items: flex-end; justify-content: space-between; padding: 48px 48px 0; }}
  img {{ display: block; border: 6px solid #17252c; border-bottom-width: 14px; border-radius: 14px; background: #fff; }}
  img:first-child {{ border-width: 8px; border-radius: 28px; }}
  p {{ margin: 0 48px 40px; border-top: 6px solid #17252c; }}
</style>
<div><img src="{phone}" width="222"><img src="{console}" width="560"><img src="{beamer}" width="720"></div>
<p></p>"""


# Run with the settings of an app: the papers of a plan, each page a picture.
DRAW_PAPERS = """
import sys
from datetime import date
from pathlib import Path
import django
django.setup()
from django.utils.translation import override
from sessions.exports.agenda import make_agenda
from sessions.exports.formats import prepare_plan
from sessions.exports.note import make_note
from sessions.exports.poster import make_poster
from sessions.exports.way import WayToPlan
from sessions.models import Trajectory
from sessions.reading import read_begun, read_story
from tests.papers import draw_pages
trajectory, folder = Trajectory.objects.get(pk=sys.argv[1]), Path(sys.argv[2])
way = WayToPlan("https://buurtboom.example/p/AbCdEfGhIjKlMnOpQrStUv", date.today().replace(year=date.today().year + 1))
with override("nl"):
    plan = prepare_plan(trajectory, language="nl", names=True)
    papers = {
        "plan": plan.sheet,
        "praatplaat": make_poster(plan.sheet, read_story(trajectory, "nl").meetings, way),
        "briefje": make_note(plan.sheet, way),
        "buurtagenda": make_agenda(plan.sheet, plan.page, read_begun(trajectory, "nl"), decisions=True),
    }
    for name, paper in papers.items():
        for number, page in enumerate(draw_pages(paper, ppi=80), 1):
            (folder / f"paper-{name}-{number}.png").write_bytes(page)
"""


class Album:
    """Takes pictures of screens and keeps them small."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.folder = folder
        self.darkroom: Page = browser.new_page()
        self.taken: dict[str, int] = {}

    def take(self, screen: Screen | Page, name: str, *, whole: bool = False) -> None:
        page = screen.page if isinstance(screen, Screen) else screen
        page.mouse.move(0, 0)
        page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
        page.wait_for_timeout(120)
        size = page.viewport_size
        if whole:
            # A taller window, not a longer picture: what floats at the bottom belongs at the bottom.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST)})
        self.keep(page.screenshot(), name)
        page.set_viewport_size(size)

    def keep(self, picture: bytes, name: str) -> None:
        small = self.darkroom.evaluate(PICK_COLOURS, address_of(picture))
        data = write_png(**small)
        (self.folder / f"{name}.png").write_bytes(data)
        self.taken[name] = len(data)

    def put_together(self) -> None:
        """The picture of the README."""
        names = {"phone": "phone-chosen", "console": "console-open", "beamer": "beamer-question-1920"}
        addresses = {part: address_of((self.folder / f"{name}.png").read_bytes()) for part, name in names.items()}
        self.darkroom.set_viewport_size({"width": 1680, "height": 200})
        self.darkroom.set_content(TOGETHER.format(**addresses))
        self.keep(self.darkroom.screenshot(full_page=True), "readme")
        self.darkroom.set_content("")


def address_of(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def write_png(width: int, height: int, colours: list[int], drawn: str) -> bytes:
    """A PNG of eight bits a pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    pixels = base64.b64decode(drawn)
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"PLTE", bytes(colours)) + chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


class Meeting:
    """One meeting with everybody's screens, so that each moment is taken on all of them."""

    def __init__(self, room: Room, album: Album, lead: Facilitator, title: str, buurt: str) -> None:
        self.room, self.album, self.lead = room, album, lead
        self.code = lead.make_session(title, buurt, "startfase")
        self.walls = {name: room.beamer(lead, self.code, size) for name, size in WALLS.items()}
        for wall in self.walls.values():
            wall.page.emulate_media(reduced_motion="reduce")
        signed_in = lead.context.storage_state()
        self.pocket = Screen(room, "console on a phone", viewport=PHONE, storage_state=signed_in)
        room.screens.append(self.pocket)
        self.pocket.page.goto(f"{room.app.url}/b/{self.code}/console")

    def on_walls(self, name: str, heading: str = "", seen: str = "") -> None:
        for size, wall in self.walls.items():
            if heading:
                expect(wall.page.locator("h1")).to_have_text(heading)
            if seen:
                expect(wall.page.locator(seen).first).to_be_visible()
            self.album.take(wall, f"beamer-{name}-{size}")

    def on_consoles(self, name: str) -> None:
        words = self.lead.page.locator("#next").inner_text()
        expect(self.pocket.page.locator("#next")).to_have_text(words)
        self.album.take(self.lead, f"console-{name}")
        self.album.take(self.pocket, f"console-{name}-phone", whole=True)

    def walk(self, letter: str, why: str) -> None:
        """A question without votes, on to the next."""
        self.lead.play_question(letter, why, [])
        self.lead.press("Volgende vraag")


class ShakyPhone(Phone):
    """A phone that loses its connection while somebody is choosing."""

    may_lose_connection = True

    def __init__(self, room: Room, role: str, **options: Any) -> None:
        super().__init__(room, role, **options)
        self.is_away, self.sockets = False, []
        self.page.route_web_socket("**/ws/**", self._connect)

    def _connect(self, socket: Any) -> None:
        if self.is_away:
            socket.close()
        else:
            socket.connect_to_server()
            self.sockets.append(socket)

    def lose_connection(self) -> None:
        self.is_away = True
        self.context.set_offline(True)
        self.sockets[-1].close()
        expect(self.page.locator("#banner")).to_contain_text("Verbinding weg", timeout=20_000)

    def find_connection(self) -> None:
        self.is_away = False
        self.context.set_offline(False)
        self.page.reload()


def take_pages(room: Room, album: Album) -> None:
    """The pages that need no meeting."""
    visitor = Screen(room, "visitor", viewport={"width": 1280, "height": 800})
    pocket = Screen(room, "visitor on a phone", viewport=PHONE, is_mobile=True, has_touch=True)
    room.screens += [visitor, pocket]
    pages = {
        "home": "/",
        "login": "/inloggen",
        "alone": "/alleen",
        "alone-question": "/alleen/startfase/aanleiding",
        "library": "/bibliotheek",
        "handbook": "/handleiding",
    }
    for name, path in pages.items():
        for screen, suffix in ((visitor, ""), (pocket, "-phone")):
            screen.page.goto(room.app.url + path)
            album.take(screen, name + suffix, whole=True)


def take_practice(room: Room, album: Album, lead: Facilitator) -> None:
    """The mark that says: this is an exercise."""
    options = ["--title", "Even oefenen", "--buurt", "Vogelbuurt", "--phase", "startfase", "--practice"]
    code = room.app.manage("open_session", *options).split()[1]
    lead.open_console(code)
    album.take(lead, "console-practice")
    wall = room.beamer(lead, code, WALLS["1024"])
    phone = room.phone("Inwoner", code, viewport=SMALL_PHONE)
    album.take(wall, "beamer-lobby-practice-1024")
    lead.press("Begin met vraag 1")
    wall.sees("Waarom beginnen we?")
    album.take(wall, "beamer-reading-practice-1024")
    phone.sees("Waarom beginnen we?")
    album.take(phone, "phone-practice-360")


class Hall(NamedTuple):
    """Who came to the meeting."""

    newcomer: Phone
    ans: Phone
    dia: ShakyPhone
    crowd: Crowd


def take_trajectory(room: Room, album: Album, lead: Facilitator) -> None:
    """A year of a neighbourhood: its story, its plan, what it counted, how it is shared, and its papers."""
    key = room.app.manage("sample_trajectory", "--facilitator", lead.user).split()[-1]
    names = {"": "story", "/plan": "trajectory-plan", "/evaluatie": "evaluation", "/deel": "share"}
    for path, name in names.items():
        lead.page.goto(f"{room.app.url}/t/{key}{path}")
        album.take(lead, name, whole=True)
    with tempfile.TemporaryDirectory() as folder:
        room.app.run_python(DRAW_PAPERS, key, folder)
        for page in sorted(Path(folder).glob("*.png")):
            album.keep(page.read_bytes(), page.stem)


def take_meeting(room: Room, album: Album, lead: Facilitator) -> None:
    """A whole evening."""
    meeting = Meeting(room, album, lead, "Veilig oversteken", "Vogelbuurt")
    hall = take_coming_in(room, meeting)
    take_vote(meeting, hall)
    everybody = take_result(meeting, hall)
    take_decision(meeting, hall)
    show_cards(meeting)
    hall.crowd.people = everybody + Crowd(room, meeting.code, {"Beleidsambtenaar": 2}).people
    take_second_question(meeting, hall)
    take_end(meeting, hall.ans)
    take_papers(room, meeting)


def take_coming_in(room: Room, meeting: Meeting) -> Hall:
    """Everybody comes in."""
    album, lead, code = meeting.album, meeting.lead, meeting.code
    newcomer = Phone(room, "Inwoner", viewport=SMALL_PHONE)
    room.screens.append(newcomer)
    newcomer.page.goto(f"{room.app.url}/m/{code}")
    album.take(newcomer, "phone-role-360")
    newcomer.choose_role("Inwoner")
    ans = room.phone("Inwoner", code)
    dia = room.phone("Wijkprofessional", code, ShakyPhone)
    crowd = Crowd(room, code, {"Inwoner": 10, "Wijkprofessional": 3, "Beleidsambtenaar": 2})
    expect(lead.page.locator(".turnout-big")).to_have_text("18", timeout=30_000)
    album.take(ans, "phone-lobby")
    meeting.on_walls("lobby")
    meeting.on_consoles("lobby")
    return Hall(newcomer, ans, dia, crowd)


def take_vote(meeting: Meeting, hall: Hall) -> None:
    """Question 1: read, open, vote."""
    album, lead, (newcomer, ans, dia, crowd) = meeting.album, meeting.lead, hall
    lead.press("Begin met vraag 1")
    meeting.on_walls("reading", "Waarom beginnen we?")
    meeting.on_consoles("reading")
    ans.sees("Waarom beginnen we?")
    album.take(ans, "phone-reading")
    lead.press("Open de stemming")
    expect(ans.page.locator("form[data-status=open]")).to_be_visible()
    expect(newcomer.page.locator("form[data-status=open]")).to_be_visible()
    album.take(ans, "phone-question", whole=True)
    album.take(newcomer, "phone-question-360")
    album.take(dia, "phone-question-professional", whole=True)
    slug = slugs("startfase", "aanleiding")
    crowd.vote({"Inwoner": [slug[letter] for letter in "AAAABBBD"], "Wijkprofessional": [slug["A"], slug["E"]]})
    ans.choose("A")
    album.take(ans, "phone-chosen")
    ans.page.locator(".button--vote").click()
    ans.sees_own_vote("A")
    album.take(ans, "phone-voted")
    expect(lead.page.locator(".turnout-big")).to_have_text("11 van 18", timeout=10_000)
    for wall in meeting.walls.values():
        expect(wall.page.locator(".stage-progress")).to_contain_text("11 van 18")
    meeting.on_walls("question")
    meeting.on_consoles("open")
    dia.choose("C")
    dia.lose_connection()
    album.take(dia, "phone-offline")
    dia.find_connection()
    dia.vote("C")
    newcomer.vote("D")


def take_result(meeting: Meeting, hall: Hall) -> list[Any]:
    """The result: some roles are too small to show alone, so they are counted together. Returns the whole crowd."""
    lead, crowd, slug = meeting.lead, hall.crowd, slugs("startfase", "aanleiding")
    everybody, crowd.people = crowd.people, crowd.people[8:10] + crowd.people[12:]
    crowd.vote({
        "Inwoner": [slug["E"], slug["E"]],
        "Wijkprofessional": [slug["C"]],
        "Beleidsambtenaar": [slug["A"], slug["E"]],
    })  # fmt: skip
    count_hands(lead, {"A": 1, "B": 1, "D": 1, "E": 1})
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    meeting.on_walls("reveal-total", seen=".result")
    lead.press("Per rol")
    meeting.on_walls("reveal-pooled", seen=".who")
    expect(hall.ans.page.locator(".split")).to_be_visible()
    meeting.album.take(hall.ans, "phone-result", whole=True)
    return everybody


def take_decision(meeting: Meeting, hall: Hall) -> None:
    """What the group takes from it."""
    album, lead, newcomer, ans = meeting.album, meeting.lead, hall.newcomer, hall.ans
    for page in (meeting.pocket.page, lead.page):
        page.locator("label:has(#decide-A)").click()
        page.get_by_label("In gesprek", exact=True).check()
        page.get_by_label("Waarom, in één zin").fill(WHY)
    meeting.on_consoles("decide")
    lead.press("Leg het besluit vast")
    meeting.on_walls("decided", "Er is een probleem dat we willen aanpakken.")
    meeting.on_consoles("decided")
    ans.sees("We kiezen A")
    album.take(ans, "phone-decided", whole=True)
    newcomer.sees("We kiezen A")
    album.take(newcomer, "phone-decided-360")


def take_second_question(meeting: Meeting, hall: Hall) -> None:
    """Question 2: a tie, and the vote again with three roles that are each large enough."""
    album, lead, crowd, ans = meeting.album, meeting.lead, hall.crowd, hall.ans
    lead.press("Volgende vraag")
    slug = slugs("startfase", "probleem-onderzoeken")

    def vote(inwoners: str, professionals: str, officials: str) -> None:
        letters = {"Inwoner": inwoners, "Wijkprofessional": professionals, "Beleidsambtenaar": officials}
        lead.press("Open de stemming")
        crowd.vote({role: [slug[letter] for letter in chosen] for role, chosen in letters.items()})
        ans.vote("B")
        lead.press("Sluit de stemming")
        lead.press("Toon de uitslag")
        lead.press("Per rol")

    vote("AAABBBCCDD", "ABB", "AAEC")
    meeting.on_walls("reveal-tie", seen=".verdict--tie")
    lead.press_small("Stem nog een keer")
    vote("AAABBBBBCD", "ABB", "ABBE")
    meeting.on_walls("reveal-roles", seen=".who")
    lead.decide("B", "Zo horen we ook de jongeren.", other="Twee straten willen liever meteen beginnen.")
    lead.press("Volgende vraag")
    lead.open_more()
    lead.page.get_by_label("Stap terug, met de reden erbij").fill("We willen toch eerst met de school praten.")
    album.take(lead, "console-more", whole=True)
    lead.page.get_by_role("button", name="Ga een stap terug").click()
    meeting.on_walls("back-here", seen=".earlier")
    lead.play_question("A", "De school wil meedoen.", [])
    lead.press("Volgende vraag")


def show_cards(meeting: Meeting) -> None:
    """An answer, a diamond and a shovel, opened on the beamer from the console."""
    lead = meeting.lead.page
    for kind, seen in {
        "answer": ".stage-card .answer",
        "element": ".stage-card .card-how",
        "intervention": ".stage-card .card-part",
    }.items():
        button = lead.locator(f".openings [id*='{kind}']").last
        button.evaluate("b => { for (let part = b; part; part = part.parentElement) part.open = true; }")
        button.click()
        meeting.on_walls(f"card-{kind}", seen=seen)
    expect(lead.locator(".on-wall")).to_contain_text("deel 1 van 3")
    meeting.album.take(meeting.lead, "console-card", whole=True)
    for part, seen in {2: ".stage-card ol", 3: ".stage-card .card-last"}.items():
        lead.get_by_role("button", name=f"Toon deel {part}").click()
        meeting.on_walls(f"card-intervention-{part}", seen=seen)
    lead.get_by_role("button", name="Toon de vraag weer").click()
    expect(lead.locator(".on-wall")).to_have_count(0)


def take_end(meeting: Meeting, phone: Phone) -> None:
    """The rest of the walk: the end of a phase, the plan, a pause, and the end."""
    album, lead, code = meeting.album, meeting.lead, meeting.code
    meeting.walk("B", "We kennen genoeg mensen om te beginnen.")
    meeting.walk("D", "De cijfers en de verhalen kloppen met elkaar.")
    meeting.walk("A", "We laten het op het buurtfeest zien.")
    meeting.on_walls("end", seen=".ways")
    meeting.on_consoles("end")
    album.take(phone, "phone-end")
    lead.page.get_by_role("button", name="Door naar het plan").click()
    meeting.walk("B", "Iedereen kent het zebrapad bij de school.")
    lead.play_question("A", "Zo zien we snel of het helpt.", [])
    lead.page.get_by_role("link", name="Vul het plan in").click()
    fill_plan(lead)
    album.take(lead, "plan", whole=True)
    lead.page.get_by_role("button", name="Toon op de beamer").click()
    meeting.on_walls("plan", "kinderen lopen veilig naar school")
    phone.sees("Ons plan")
    lead.open_console(code)
    lead.open_more()
    lead.press_small("Pauze")
    meeting.on_walls("pause", "Even pauze")
    lead.press("Ga verder")
    lead.open_more()
    lead.press_small("Stop hier")
    expect(lead.page.get_by_role("heading", name="Deze bijeenkomst is afgelopen")).to_be_visible()
    meeting.on_consoles("ended")
    meeting.on_walls("ended", "Bedankt voor het meedoen")
    phone.sees("Bedankt voor het meedoen")
    album.take(phone, "phone-ended")


def take_papers(room: Room, meeting: Meeting) -> None:
    """What stays: the summary, on paper and on a phone, and the list of meetings."""
    album, lead, code = meeting.album, meeting.lead, meeting.code
    lead.page.get_by_role("link", name="Lees het verslag").click()
    album.take(lead, "summary", whole=True)
    take_print(album, lead.page)
    for name, path in {
        "plan": f"/b/{code}/plan",
        "summary": f"/b/{code}/verslag",
        "overview": "/bijeenkomsten",
    }.items():
        meeting.pocket.page.goto(room.app.url + path)
        album.take(meeting.pocket, f"{name}-phone", whole=True)
    lead.page.goto(f"{room.app.url}/bijeenkomsten")
    album.take(lead, "overview", whole=True)


def slugs(phase: str, node: str) -> dict[str, str]:
    """Letter -> slug of the answers of a question."""
    question = read_library(LIBRARY_FOLDER).node(Place(phase, node))
    return {question.letter(answer.slug): answer.slug for answer in question.answers}


def count_hands(lead: Facilitator, hands: dict[str, int]) -> None:
    lead.page.get_by_text("Handen of kaarten tellen").click()
    for letter, number in hands.items():
        lead.page.locator(f"#hand-{letter}-inwoner").fill(str(number))
    lead.page.get_by_role("button", name="Bewaar de handen").click()
    expect(lead.page.get_by_text("18 telefoon, 4 hand")).to_be_visible()


def fill_plan(lead: Facilitator) -> None:
    """Words in the lines of the plan, as a group says them."""
    fill(lead, "Dit is straks anders", "kinderen lopen veilig naar school")
    for text, who, due in (
        ("een week lang auto's tellen bij het zebrapad", "Fatma", "2027-02-12"),
        ("een klaar-over vragen voor de ochtend", "", ""),
        ("borden ophangen met de wijkagent", "Joost", "2027-03-01"),
    ):
        add_line(lead, "actie", text)
        find_step(lead, text).locator("[name=who]").fill(who)
        find_step(lead, text).locator("[name=due]").fill(due)
    add_line(lead, "voorwaarde", "de gemeente levert twee borden")
    add_line(lead, "voortgang", "ouders hun kind weer laten lopen")
    lead.page.get_by_label("Welke dag?").fill("2027-06-02")
    lead.page.get_by_label("Hoe laat?").fill("19:30")
    lead.page.get_by_label("Waar?").fill("Buurthuis De Merel")
    keep(lead)


def take_print(album: Album, page: Page) -> None:
    """The first page of the summary as it comes out of a printer."""
    program = shutil.which("pdftoppm")
    if program is None:
        print("pdftoppm is missing (apt-get install poppler-utils): no picture of the print")
        return
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "summary.pdf"
        page.pdf(path=str(paper), prefer_css_page_size=True)
        command = [
            program,
            "-png",
            "-gray",
            "-r",
            "90",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            str(paper),
            f"{folder}/page",
        ]
        subprocess.run(command, check=True)  # noqa: S603
        album.keep((Path(folder) / "page.png").read_bytes(), "summary-print")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        App(folder, folder / "static").manage("collectstatic", "--noinput", "--verbosity", "0")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        settings = {"PUBLIC_URL": "http://buurtboom.example", "ALLOWED_HOSTS": "127.0.0.1"}
        with serve_app(folder, folder / "static", **settings) as app:
            album, room = Album(browser, PICTURES), Room(app, browser)
            take_pages(room, album)
            lead = room.leader()
            take_practice(room, album, lead)
            take_trajectory(room, album, lead)
            lead.page.goto(f"{app.url}/bijeenkomsten")
            take_meeting(room, album, lead)
            album.put_together()
            if room.faults:
                raise SystemExit("\n".join(room.faults))
        browser.close()
    total = sum(album.taken.values())
    print(f"{len(album.taken)} pictures, {total / 1e6:.1f} MB")
    if total > MOST_BYTES:
        raise SystemExit("Together the pictures are too large.")


if __name__ == "__main__":
    main()
