"""The people of a room, as page objects: each does what a person does, by role and label."""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import axe_playwright_python
from playwright.sync_api import (
    APIResponse,
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Route,
    WebSocketRoute,
    expect,
)

from facilitation.simulator import join
from tests.servers import ACCOUNT, App

expect.set_options(timeout=20_000)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what is well it need not make a list
    "preload": False,
}
PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}
WALL = {"width": 1280, "height": 720}
WATCHING = "Ik kijk mee, zonder te stemmen"
REST = 650  # milliseconds in which the big button, just changed, hears nothing
PATIENCE = 30_000  # of a busy machine; what comes at once costs none of it
STILL = 450  # and in which answers that just came or moved hear nothing


def find_violations(page: Page) -> list[str]:
    """What axe finds on a page: rule and first place, one line each."""
    page.wait_for_load_state()  # a click leads to a page that may still be coming in
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found["violations"]]


def agree(read: Callable[[], Any], expected: Any, *, seconds: float = 60) -> None:
    """What is read is this, now or soon: a slow machine gets its time, and a failure shows what differs at last."""
    end = time.monotonic() + seconds
    while (found := read()) != expected and time.monotonic() < end:
        time.sleep(0.05)
    assert found == expected, f"{found}\n  instead of {expected}"


def only(words: str) -> re.Pattern[str]:
    """These words and no others."""
    return re.compile(rf"^\s*{re.escape(words)}\s*$")


class Screen:
    """One browser window in the room."""

    def __init__(self, room: "Room", name: str, **options: Any) -> None:
        self.room, self.name = room, name
        # Without motion: nobody looks, and each frame of it costs the machine.
        options = {"locale": "nl-NL", "reduced_motion": "reduce", **options}
        self.context: BrowserContext = room.browser.new_context(**options)
        if not room.rests and options.get("java_script_enabled", True):
            for script, rest in (("console", "REST = 600"), ("phone", "STILL = 400")):
                self.context.route(re.compile(rf"/static/js/{script}\.[^/]*js$"), partial(room.hurry, rest))
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.frames: list[dict[str, Any]] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: room.faults.append(f"{name}: {error}"))
        self.page.on("request", self._watch_host)
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._keep_frame))
        self.page.on("requestfailed", lambda _: None)

    def _hear(self, message: Any) -> None:
        # A refusal is an answer, not a fault of the page; a blocked style or script is one.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            if self.may_lose_connection and re.search(r"WebSocket|ERR_|Failed to load", message.text):
                return
            self.room.faults.append(f"{self.name}: {message.text}")

    may_lose_connection = False
    hosts: tuple[str, ...] = ()  # of ours, beside that of the app

    def _watch_host(self, request: Any) -> None:
        if not request.url.startswith((self.room.app.url, "data:", *self.hosts)):
            self.room.faults.append(f"{self.name} asked another host: {request.url}")

    def _keep_frame(self, text: str | bytes) -> None:
        self.frames.append(json.loads(text))

    def ask(self, address: str, **fields: str) -> APIResponse:
        """Ask for a page, or post a form, with the cookies of this window and without showing anything."""
        headers = {"Accept": "application/json", "Origin": self.room.app.url}
        if not fields:
            return self.context.request.get(address, headers=headers)
        token = next(cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "csrftoken")
        return self.context.request.post(address, form={"csrfmiddlewaretoken": token, **fields}, headers=headers)

    def hears(self, kind: str = "state", seconds: float = 15) -> None:
        """The socket brings a frame of this kind, now or soon."""
        for _ in range(int(seconds * 20)):
            if any(frame["type"] == kind for frame in self.frames):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.name} hears no {kind} over its socket")

    def check_access(self) -> None:
        """Axe finds nothing here."""
        found = find_violations(self.page)
        assert found == [], "\n".join([f"{self.name} at {self.page.url}", *found])

    def shoot(self, path: Path) -> None:
        self.page.screenshot(path=str(path))


class Facilitator(Screen):
    """Who leads, at a laptop."""

    def __init__(self, room: "Room", user: str = ACCOUNT, **options: Any) -> None:
        super().__init__(room, user, viewport=LAPTOP, **options)
        self.user = user

    def come_in(self) -> None:
        """To the overview: with the login of before, if that still holds."""
        self.page.goto(f"{self.room.app.url}/bijeenkomsten")
        if "/inloggen" in self.page.url:
            self.log_in()
            self.room.app.logins[self.user] = self.context.storage_state()

    def log_in(self) -> None:
        self.page.goto(f"{self.room.app.url}/inloggen")
        self.page.get_by_label("Gebruikersnaam", exact=True).fill(self.user)
        self.page.get_by_label("Wachtwoord", exact=True).fill(self.room.password_of(self.user))
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("heading", name="Jouw bijeenkomsten")).to_be_visible()

    def make_session(self, title: str, buurt: str, phase: str) -> str:
        """Fill in the form; returns the code."""
        form = self.page.locator("form", has=self.page.get_by_label("Fase"))
        form.locator("[name=title]").fill(title)
        known = form.locator("[name=trajectory] option").filter(has_text=only(buurt))
        if known.count():
            form.locator("[name=trajectory]").select_option(known.get_attribute("value"))
        else:
            form.locator("[name=buurt]").fill(buurt)
        form.locator("[name=phase]").select_option(phase)
        form.get_by_role("button", name=re.compile("klaar", re.I)).click()
        self.page.wait_for_url("**/console")
        return self.page.url.split("/")[-2]

    def order_session(self, title: str, buurt: str, phase: str) -> str:
        """The same over the same route, and straight to the console."""
        made = self.ask(f"{self.room.app.url}/bijeenkomsten", title=title, buurt=buurt, phase=phase)
        code = made.url.split("/")[-2]
        self.open_console(code)
        return code

    def open_console(self, code: str) -> None:
        self.page.goto(f"{self.room.app.url}/b/{code}/console")

    def press(self, words: str) -> None:
        """Press the big button, which must say these words."""
        # One press, which has to be heard: not while the last one is under way, nor before the button takes one again.
        # (`wait_for` looks more often than `expect`, and this is what a room does most.)
        button = self.page.locator("#next")
        self.page.locator("body:not(:has([aria-busy=true])) #next").filter(has_text=only(words)).wait_for()
        if self.room.rests:
            self.page.wait_for_timeout(REST)
        button.click()
        button.filter(has_not_text=only(words)).wait_for(timeout=60_000)
        self.room.round = self.page.locator("#act").get_attribute("data-round") or ""

    def press_small(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def undo(self) -> None:
        """Take back the last step, whatever it was."""
        self.open_more()
        self.page.get_by_role("button", name=re.compile("^Maak ongedaan")).first.click()

    def open_more(self) -> None:
        more = self.page.locator("#more")
        if more.get_attribute("open") is None:
            more.locator("summary").first.click()

    def decide(self, letter: str, why: str, how: str = "In gesprek", other: str = "") -> None:
        self.page.locator(f"label:has(#decide-{letter})").click()
        self.page.get_by_label(how, exact=True).check()
        self.page.get_by_label("Waarom, in één zin").fill(why)
        if other:
            self.page.locator("#other").fill(other)
        self.press("Leg het besluit vast")

    def play_question(self, letter: str, why: str, voters: "list[tuple[Phone, str]]", **how: str) -> None:
        """A whole question: read, vote, close, reveal, per role, decide."""
        self.press("Open de stemming")
        for phone, choice in voters:
            phone.vote(choice)
        self.press("Sluit de stemming")
        self.press("Toon de uitslag")
        self.press("Per rol")
        self.decide(letter, why, **how)

    def order(self, command: str, **fields: str) -> dict[str, Any]:
        """Give a command without its button: the way to a point in the evening. Returns the state after it."""
        console = self.page.url.partition("?")[0].partition("#")[0]
        version = str(self.ask(f"{console}/stand").json()["version"])
        address = console.replace("/console", "/opdracht")
        state = self.ask(address, command=command, version=version, **fields).json()
        assert state["type"] == "state", state
        self.room.round = str(state.get("round", ""))
        # Everybody in the hall sees it; this screen first, for its buttons come next.
        self.page.locator(f"#live[data-version='{state['version']}']").wait_for()
        return state

    def play_quickly(self, letter: str, why: str, voters: "list[Phone]") -> None:
        """The same as `play_question`, over the same routes and without the screens; all give one answer."""
        self.order("open")
        slug = self.page.locator(f".answers .answer[data-letter={letter}]").first.get_attribute("data-answer")
        for phone in voters:
            phone.post_vote(slug)
        for command in ("close", "reveal", "split"):
            self.order(command)
        self.order("decide", answer=slug, how="talk", why=why)


class Phone(Screen):
    """A participant."""

    def __init__(self, room: "Room", role: str, **options: Any) -> None:
        super().__init__(room, role, **{"viewport": PHONE, "has_touch": True, "is_mobile": True, **options})
        self.role = role

    @property
    def has_script(self) -> bool:
        return True

    def join(self, code: str) -> None:
        """Come in over the routes of the door, and straight to the page of the phone."""
        address = f"{self.room.app.url}/m/{code}"
        self.ask(address)  # which gives a seat
        self.ask(f"{address}/rol", role="" if self.role == WATCHING else self.role.lower())
        self.page.goto(address)

    def choose_role(self, role: str) -> None:
        self.page.get_by_role("button", name=re.compile(role)).click()
        self.page.wait_for_url(re.compile(r"/m/[A-Z0-9]+(\?opnieuw=\d+)?$"))

    def field(self, letter: str) -> Locator:
        return self.page.locator(f"[data-letter={letter}] .answer-input")

    def unfold(self) -> None:
        details = self.page.locator(".choose")
        if details.get_attribute("open") is None:
            details.locator("summary").click()

    def choose(self, letter: str) -> None:
        """Choose with a key, and send nothing yet."""
        self.unfold()
        self.field(letter).press("Space")

    def tap(self, letter: str) -> None:
        """Tap on an answer, whether or not that arrives."""
        self.page.locator("form[data-status=open]").wait_for()
        self.unfold()
        if self.room.rests:
            self.page.wait_for_timeout(STILL)
        self.page.locator(f"label[data-letter={letter}]").tap()

    def vote(self, letter: str) -> None:
        # A slow phone may still show the question before.
        self.page.locator(f"form[data-status=open][data-round='{self.room.round}']").wait_for()
        self.tap(letter)
        self.sees_own_vote(letter)

    def post_vote(self, answer: str) -> None:
        """Vote as a phone without sockets does, and without its screen."""
        address = self.page.url.partition("?")[0] + "/stem"
        answered = self.ask(address, round=self.room.round, answer=answer)
        assert answered.json()["type"] == "ack", answered.text()

    def sees_own_vote(self, letter: str) -> None:
        self.page.locator(".vote-in h1").filter(has_text=only(f"Je stem is binnen: {letter}")).wait_for()

    def sees(self, words: str) -> None:
        expect(self.page.locator("h1:visible").first).to_have_text(words)


class PlainPhone(Phone):
    """A phone without script: every step is a page."""

    def __init__(self, room: "Room", role: str, **options: Any) -> None:
        super().__init__(room, role, java_script_enabled=False, **options)

    def reload(self) -> None:
        """Ask for the page again. It may just be doing so by itself."""
        try:
            self.page.reload()
        except Error as error:
            if "ERR_ABORTED" not in error.message:
                raise
            self.page.wait_for_load_state()
            self.page.reload()

    def vote(self, letter: str) -> None:
        self.reload()
        super().vote(letter)

    def tap(self, letter: str) -> None:
        """Without script a tap only chooses."""
        super().tap(letter)
        self.page.locator(".button--vote").click()

    def sees(self, words: str) -> None:
        self.reload()
        super().sees(words)


class SocketlessPhone(Phone):
    """A phone behind a proxy that blocks websockets: it votes by POST and polls."""

    may_lose_connection = True

    def __init__(self, room: "Room", role: str, **options: Any) -> None:
        super().__init__(room, role, **options)
        self.page.route_web_socket(re.compile(".*"), lambda socket: socket.close())


class HandyPhone(Phone):
    """A phone that walks in and out of reach."""

    may_lose_connection = True

    def go_out_of_reach(self) -> None:
        self.context.set_offline(True)

    def come_back(self) -> None:
        self.context.set_offline(False)

    @property
    def banner(self) -> Locator:
        return self.page.locator("#banner")


class DeafPhone(HandyPhone):
    """A phone whose socket can be cut, or can swallow everything: a wifi that is there and lets nothing through."""

    def __init__(self, room: "Room", role: str, **options: object) -> None:
        super().__init__(room, role, **options)
        self.is_deaf = False
        self.sent: list[str] = []
        self.page.route_web_socket(re.compile(r"/ws\b"), self._pass_on)

    def _pass_on(self, here: WebSocketRoute) -> None:
        there = here.connect_to_server()

        def to_server(text: str | bytes) -> None:
            self.sent.append(str(text))
            if not self.is_deaf:
                there.send(text)

        here.on_message(to_server)
        there.on_message(lambda text: None if self.is_deaf else here.send(text))

    def go_out_of_reach(self) -> None:
        """Out of reach, and somebody looks at it: it asks for a sign of life that does not come."""
        self.is_deaf = True
        super().go_out_of_reach()
        self.page.evaluate("dispatchEvent(new Event('pageshow'))")

    def come_back(self) -> None:
        self.is_deaf = False
        super().come_back()


class Crowd:
    """People whose screens nobody looks at: they join and vote over the same doors, without a browser."""

    def __init__(self, room: "Room", code: str, roles: dict[str, int]) -> None:
        self.room, self.code = room, code
        self.people = [
            (role, join(room.app.url, code, role.lower())) for role, number in roles.items() for _ in range(number)
        ]

    def vote(self, answers: dict[str, list[str]]) -> None:
        """Vote with the slugs of answers, role by role, in the order in which people came in."""
        left = {role: list(slugs) for role, slugs in answers.items()}
        for role, cookies in self.people:
            if left.get(role):
                self._post(cookies, left[role].pop(0))

    def _post(self, cookies: str, answer: str) -> None:
        token = re.search(r"csrftoken=([^;]+)", cookies)[1]
        body = urlencode({"round": self.room.round, "answer": answer, "csrfmiddlewaretoken": token}).encode()
        headers = {"Cookie": cookies, "Accept": "application/json", "Origin": self.room.app.url}
        with urlopen(Request(f"{self.room.app.url}/m/{self.code}/stem", body, headers), timeout=20) as answer_:
            assert json.load(answer_)["type"] == "ack"


class Beamer(Screen):
    """The wall."""

    def __init__(self, room: "Room", leader: Facilitator, size: dict[str, int] | None = None) -> None:
        super().__init__(room, "beamer", viewport=size or WALL, storage_state=leader.context.storage_state())

    def show(self, code: str) -> None:
        self.page.goto(f"{self.room.app.url}/b/{code}/beamer")

    def sees(self, words: str) -> None:
        expect(self.page.locator("h1")).to_have_text(words)


class Room:
    """A hall: one app, one browser, any number of screens."""

    scripts: dict[str, str] = {}  # of all rooms: address -> a script of ours whose buttons hear everything

    def __init__(self, app: App, browser: Browser, *, rests: bool = True) -> None:
        self.app, self.browser, self.rests = app, browser, rests
        self.faults: list[str] = []
        self.round = ""  # the one that the facilitator opened last
        self.screens: list[Screen] = []

    def password_of(self, user: str) -> str:
        passwords = self.app.passwords
        if user not in passwords:
            passwords[user] = self.app.make_facilitator(user)
        return passwords[user]

    def hurry(self, rest: str, route: Route) -> None:
        """Serve a script of ours without its rest after a change: that is for people, and has tests of its own."""
        address = route.request.url
        if address not in self.scripts:
            text = route.fetch().text()
            assert rest in text
            self.scripts[address] = text.replace(rest, f"{rest.split()[0]} = 0")
        route.fulfill(body=self.scripts[address], content_type="text/javascript")

    def leader(self, user: str = ACCOUNT, *, looks: bool = True, **options: Any) -> Facilitator:
        """Who logged in, and `looks` at the overview."""
        login = self.app.logins.get(user)
        leader = self._enter(Facilitator(self, user, storage_state=login, **options))
        if looks or not (login and leader.ask(f"{self.app.url}/bijeenkomsten").url.endswith("/bijeenkomsten")):
            leader.come_in()
        return leader

    def phone_in_pocket(self, role: str, kind: type[Phone] = Phone, **options: Any) -> Any:
        """A phone that has not been anywhere yet."""
        return self._enter(kind(self, role, **options))

    def phone(self, role: str, code: str, kind: type[Phone] = Phone, **options: Any) -> Any:
        phone = self.phone_in_pocket(role, kind, **options)
        phone.join(code)
        return phone

    def phone_at_the_door(self, role: str, code: str) -> Phone:
        """A phone that opened the address, and took no role yet."""
        phone = self.phone_in_pocket(role)
        phone.page.goto(f"{self.app.url}/m/{code}")
        return phone

    def late_phone(self, role: str, code: str, **options: Any) -> Phone:
        """Somebody who types the code from the wall, as people say it: in two groups, in small letters."""
        phone = self.phone_in_pocket(role, **options)
        phone.page.goto(self.app.url)
        phone.check_access()
        phone.page.get_by_label("De code op het scherm").fill(f"{code[:3]} {code[3:]}".lower())
        phone.page.get_by_role("button", name="Doe mee").click()
        phone.choose_role(role)
        return phone

    def beamer(self, leader: Facilitator, code: str, size: dict[str, int] | None = None) -> Beamer:
        beamer = self._enter(Beamer(self, leader, size))
        beamer.show(code)
        return beamer

    def votes(self, code: str) -> list[tuple[str, str]]:
        """What is on disk: role and answer of every vote in this session."""
        query = """
            SELECT vote.role, vote.answer FROM live_sessions_vote vote
            JOIN live_sessions_round round ON round.id = vote.round_id
            JOIN live_sessions_groupsession session ON session.id = round.session_id
            WHERE session.code = ? ORDER BY 1, 2
        """
        with closing(sqlite3.connect(self.app.folder / "buurtboom.sqlite3")) as database:
            return database.execute(query, [code]).fetchall()

    def _enter(self, screen: Any) -> Any:
        self.screens.append(screen)
        return screen

    def close(self) -> None:
        for screen in self.screens:
            screen.context.close()
