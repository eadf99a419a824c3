"""How a phone keeps its line to the room: unseen, asleep, behind bad proxies, and over plain http in a hall."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, WebSocketRoute, expect

from tests.browser import CHROMIUM_OPTIONS
from tests.e2e.room import STILL, DeafPhone, HandyPhone, Room, agree
from tests.e2e.wire import Wire
from tests.servers import find_chromium, serve_app
from tests.sizes import pick

TEN_MINUTES = 600_000
LOOK = """isSeen => {
  Object.defineProperty(document, "hidden", { value: !isSeen, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# A lamp that keeps a record. With `isSlow` a lock only comes when it is given.
LAMP = """
window.lamp = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: () => new Promise(resolve => {
  const lock = { state: "asked", give() { lock.state = "on"; resolve({ release() { lock.state = "off"; } }); } };
  lamp.push(lock);
  if (!window.isSlow) lock.give();
}) } });
"""


class ProxiedPhone(HandyPhone):
    """Its sockets are answered by `answer`, and it counts what it tries. Its clock can run ahead."""

    def __init__(self, room: Room, role: str, answer: object = WebSocketRoute.close) -> None:
        super().__init__(room, role)
        self.tries = self.polls = self.answered = 0
        self.answer = answer
        self.page.clock.install()
        self.page.route_web_socket(re.compile(r"/ws\b"), self._count_socket)
        self.page.on("request", self._count_poll)
        self.page.on("requestfinished", self._count_answer)
        self.page.on("requestfailed", self._count_answer)

    def _count_socket(self, socket: WebSocketRoute) -> None:
        self.tries += 1
        self.answer(socket)

    def _count_poll(self, request: object) -> None:
        self.polls += request.url.endswith("/stand")

    def _count_answer(self, request: object) -> None:
        self.answered += request.url.endswith("/stand")

    def look(self, is_seen: bool) -> None:
        self.page.evaluate(LOOK, is_seen)

    def wait(self, milliseconds: int) -> None:
        """Let its own clock run, in steps in which answers can come."""
        for _ in range(0, milliseconds, 1000):
            self.page.clock.run_for(1000)
            self.page.wait_for_timeout(5)
            self._await_polls()

    def _await_polls(self) -> None:
        """A busy machine answers later than in a thousandth of its own clock; one out of reach never does."""
        for _ in range(200):
            if self.answered >= self.polls:
                return
            self.page.wait_for_timeout(5)
        self.answered = self.polls


# ---- Proxies ----


def test_a_phone_whose_sockets_open_and_stay_silent_follows_by_polling(room, lead, code):
    phone = room.phone("Inwoner", code, ProxiedPhone, answer=lambda socket: None)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone.wait(20_000)
    phone.tap("B")
    phone.wait(6000)
    phone.sees_own_vote("B")
    lead.press("Sluit de stemming")
    phone.wait(10_000)
    expect(phone.page.locator("form[data-status=closed]")).to_be_visible()
    assert room.votes(code) == [("inwoner", "wens")]


def test_a_state_that_was_read_before_a_vote_and_comes_after_it_takes_nothing_back(room, lead, code):
    """The greeting lay in a slow line while the vote went by POST."""
    slow: list[WebSocketRoute] = []
    greetings: list[str | bytes] = []
    asked: list[str | bytes] = []

    def hold(here: WebSocketRoute) -> None:
        slow.append(here)
        here.connect_to_server().on_message(lambda text: greetings.append(text))
        here.on_message(lambda text: asked.append(text))

    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone = room.phone("Inwoner", code, ProxiedPhone, answer=hold)
    phone.wait(STILL + 500)
    phone.tap("B")
    phone.wait(3000)
    phone.sees_own_vote("B")
    assert '"answer":null' in str(greetings[0])
    asked.clear()
    slow[0].send(greetings[0])
    phone.wait(1000)
    phone.sees_own_vote("B")
    assert asked == ['{"type":"state"}']


def test_a_poll_that_is_swallowed_does_not_stop_the_polling(room, lead, code):
    phone = room.phone("Inwoner", code, ProxiedPhone)
    phone.page.route("**/stand", lambda route: None, times=1)
    lead.press("Begin met vraag 1")
    phone.wait(20_000)
    expect(phone.page.locator("form[data-status=reading]")).to_be_visible()


def test_a_page_that_breaks_off_on_its_way_is_asked_for_again(room, lead, code):
    phone = room.phone("Inwoner", code, ProxiedPhone)
    lead.press("Begin met vraag 1")

    def break_off(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(status=200, headers={"ETag": answer.headers["etag"]}, body=answer.text()[:99])

    phone.page.route("**/stand", break_off, times=1)
    phone.wait(20_000)
    expect(phone.page.locator("form[data-status=reading]")).to_be_visible()


def test_who_was_cut_off_for_flooding_does_not_hammer(room, lead, code):
    """Even when each new socket brings a state before it is cut."""

    def cut(here: WebSocketRoute) -> None:
        there = here.connect_to_server()

        def show_and_close(text: str | bytes) -> None:
            here.send(text)
            here.close(code=4429)
            there.close()

        there.on_message(show_and_close)

    phone = room.phone("Inwoner", code, ProxiedPhone, answer=cut)
    phone.wait(60_000)
    assert (phone.tries > 3, phone.tries <= 13) == (True, True), phone.tries


def test_a_window_that_made_room_for_newer_ones_polls_and_comes_back_when_somebody_looks(room, lead, code):
    """If each came back by itself, five windows of one phone would push each other out for ever."""
    phone = room.phone("Inwoner", code, ProxiedPhone, answer=lambda here: here.close(code=4408))
    phone.wait(60_000)
    assert (phone.tries, phone.polls > 10) == (1, True)
    expect(phone.page.locator("#banner")).to_be_hidden()
    phone.look(False)
    phone.wait(60_000)
    assert phone.tries == 1
    phone.answer = WebSocketRoute.connect_to_server
    phone.look(True)
    lead.press("Begin met vraag 1")
    expect(phone.page.locator("form[data-status=reading]")).to_be_visible()
    assert phone.tries == 2


@pytest.mark.slow
def test_a_refusal_is_not_wiped_away_by_the_news_that_the_connection_is_back(room, lead, code):
    phone = room.phone("Inwoner", code, DeafPhone)
    phone.page.clock.install()
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.go_out_of_reach()
    expect(phone.banner).to_contain_text("Verbinding weg.", timeout=30_000)
    phone.tap("B")
    lead.press("Sluit de stemming")
    phone.come_back()
    expect(phone.banner).to_have_text("Dat lukte niet. De stemming was al dicht.", timeout=30_000)
    phone.page.clock.run_for(10_000)
    expect(phone.banner).to_have_text("Dat lukte niet. De stemming was al dicht.")


# ---- Unseen and asleep ----


def test_a_page_that_nobody_looks_at_rests_and_is_there_at_once_when_somebody_does(room, lead, code):
    phone = room.phone("Inwoner", code, ProxiedPhone)
    phone.wait(10_000)
    phone.look(False)
    phone.wait(20_000)  # what was under way ends
    phone.tries = phone.polls = phone.answered = 0
    phone.wait(TEN_MINUTES)
    # Once in half a minute to one and a half, and no polls.
    assert (phone.polls, phone.tries > 5, phone.tries <= 20) == (0, True, True), phone.tries
    lead.press("Begin met vraag 1")
    phone.look(True)
    expect(phone.page.locator("form[data-status=reading]")).to_be_visible()


@pytest.mark.parametrize("death", pick(["a silent wire"], ["a silent wire", "a server that was killed"]))
def test_a_phone_that_slept_for_ten_minutes_shows_how_it_is_now_with_its_own_vote(room, lead, code, death):
    """Frozen as behind a lock screen, while its socket died."""
    lead.may_lose_connection = True
    wire = Wire(room.app.port)
    phone = room.phone_in_pocket("Inwoner", HandyPhone)
    phone.hosts = (f"http://127.0.0.1:{wire.port}",)
    phone.page.clock.install()
    phone.page.goto(f"http://127.0.0.1:{wire.port}/m/{code}")
    phone.choose_role("Inwoner")
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone.vote("B")
    phone.hears()
    power = phone.context.new_cdp_session(phone.page)
    phone.page.evaluate(LOOK, False)
    power.send("Page.setWebLifecycleState", {"state": "frozen"})
    if death == "a silent wire":
        wire.go_dead()
    else:
        room.app.process.kill()
        room.app.start()
        expect(lead.page.locator("#banner")).to_be_hidden(timeout=30_000)
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    power.send("Page.setWebLifecycleState", {"state": "active"})
    phone.page.clock.fast_forward(TEN_MINUTES)
    phone.page.evaluate(LOOK, True)
    expect(phone.page.locator(".phone-main [data-own-line]")).to_have_text("Jij koos B.", timeout=30_000)
    # And it is in the room again.
    lead.press("Per rol")
    lead.decide("B", "Daar zijn we het over eens.")
    expect(phone.page.get_by_role("heading", name="We kiezen B")).to_be_visible(timeout=30_000)
    wire.close()


# ---- The screen stays awake ----


def test_the_screen_is_kept_awake_only_while_a_vote_is_open_and_somebody_looks(room, lead, code):
    phone = room.phone_in_pocket("Inwoner")
    phone.page.add_init_script(LAMP)
    phone.join(code)

    def lamp_is(*states: str) -> None:
        agree(lambda: phone.page.evaluate("lamp.map(lock => lock.state)"), list(states))

    lead.press("Begin met vraag 1")
    expect(phone.page.locator("form[data-status=reading]")).to_be_visible()
    lamp_is()
    lead.press("Open de stemming")
    lamp_is("on")
    phone.vote("B")
    lamp_is("on")
    phone.page.evaluate(LOOK, False)
    lamp_is("off")
    phone.page.evaluate(LOOK, True)
    lamp_is("off", "on")
    lead.press("Sluit de stemming")
    lamp_is("off", "off")
    # A lock that comes after the vote was closed goes out at once.
    phone.page.evaluate("isSlow = true")
    lead.press_small("Stem nog een keer")
    lead.press("Open de stemming")
    lamp_is("off", "off", "asked")
    lead.press("Sluit de stemming")
    expect(phone.page.locator("form[data-status=closed]")).to_be_visible()
    phone.page.evaluate("lamp[2].give()")
    lamp_is("off", "off", "off")


# ---- Plain http in a hall ----


@pytest.fixture
def hall(browser: Browser, static_root: Path, tmp_path: Path) -> Iterator[Room]:
    """A laptop that serves a hall under a name of its own, without TLS: no secure context for any browser."""
    with serve_app(tmp_path, static_root, ALLOWED_HOSTS="zaal.test") as app:
        app.url = f"http://zaal.test:{app.port}"
        options = [*CHROMIUM_OPTIONS, "--host-resolver-rules=MAP zaal.test 127.0.0.1"]
        visitor = browser.browser_type.launch(executable_path=find_chromium(), args=options)
        room = Room(app, visitor)
        yield room
        room.close()
        visitor.close()
        assert room.faults == [], "pages reported faults"


@pytest.mark.slow
def test_everything_works_over_plain_http_in_a_hall(hall):
    lead = hall.leader()
    code = lead.make_session("Veilig oversteken", "Zaalbuurt", "startfase")
    wall = hall.beamer(lead, code)
    phone = hall.phone_at_the_door("Inwoner", code)
    phone.choose_role("Inwoner")
    known = phone.page.evaluate("[isSecureContext, typeof navigator.wakeLock, location.hostname]")
    assert known == [False, "undefined", "zaal.test"]
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone.vote("B")
    expect(wall.page.locator(".stage-progress")).to_contain_text("1 van 1 gestemd")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    expect(phone.page.locator(".phone-main [data-own-line]")).to_have_text("Jij koos B.")
    for screen in (lead, wall, phone):
        screen.hears()
