"""Every question, result, decision and end of the whole library, laid on the beamer and on a small phone.

Nobody walks there: the states come from `states.py`, and a real page of a real session shows one after the other.
"""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.room import SMALL_PHONE, Beamer, Phone, Room
from tests.servers import ROOT, App
from tests.sizes import name_ways, pick

pytestmark = pytest.mark.long  # there are thousands of states

WALLS = {
    "1024x768": {"width": 1024, "height": 768},
    "1280x720": {"width": 1280, "height": 720},
    "1280x800": {"width": 1280, "height": 800},
    "1920x1080": {"width": 1920, "height": 1080},
}
ROLES = {"inwoner": "Inwoner", "wijkprofessional": "Wijkprofessional", "beleidsambtenaar": "Beleidsambtenaar"}
# A hall's own address, as `make run` prints it, is longer than most names.
ADDRESS = "http://192.168.178.115:8000"
# What seldom happens may need smaller letters than the rest: step 3 of fit() in beamer.js.
SELDOM = ("long why", "as long as can be", "three times before", "tie of all", "two hundred voters")
# Full lists, with a name and a day at each step and the next meeting above: on a narrow wall they are smaller before
# they turn to another page. Above the floor of what is read from the last row all the same, or it is a fault.
LISTS = ("plan, ", "stock, ")
# What is not meant to be read from the last row, as long as nothing is cut.
TOO_MUCH = ("klopt dit, as long as can be", "wide", "plan, six", "stock, six of two lines")
MOST_SMALLER, MOST_SMALLER_OF_THE_REST, MOST_SMALLEST = 70, 10, 0

MEASURE = (Path(__file__).parent / "measure.js").read_text()


@pytest.fixture(scope="module")
def practice(app: App) -> str:
    options = ["--title", "Samen de Vogelbuurt in", "--buurt", "Vogelbuurt", "--phase", "startfase", "--practice"]
    return app.manage("open_session", *options).split()[1]


@pytest.fixture(scope="module")
def states(app: App, practice: str) -> dict[str, dict[str, str]]:
    """Screen -> name of a state -> its HTML, with the marks and the address of the served app."""
    env = {**app.env, "PUBLIC_URL": ADDRESS}
    # One of each six of the thousands there are.
    command = [sys.executable, "-m", "tests.e2e.states", practice, str(pick(6, 1))]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def measure(page: Page, states: dict[str, str]) -> list[dict[str, Any]]:
    page.evaluate("document.fonts.ready")
    return page.evaluate(MEASURE, states)


def list_faults(found: list[dict[str, Any]]) -> str:
    return "\n".join(f"{state['name']} (step {state['step']}): {state['faults']}" for state in found if state["faults"])


@pytest.mark.parametrize("size", name_ways({size: size for size in WALLS}, usual=("1024x768",)))
def test_everything_in_the_library_fits_on_a_beamer_of(
    room: Room, practice: str, states: dict[str, dict[str, str]], size: str
) -> None:
    wall: Beamer = room.beamer(room.leader(), practice, WALLS[size])
    found = measure(wall.page, states["beamer"])
    assert list_faults(found) == ""
    found = [state for state in found if not any(words in state["name"] for words in TOO_MUCH)]
    steps = Counter(state["step"] for state in found)
    print(f"{size}: {len(found)} states, steps of fit(): {dict(sorted(steps.items()))}")
    smaller = [state["name"] for state in found if state["step"] >= 3]
    assert len(smaller) <= pick(MOST_SMALLER // 2, MOST_SMALLER)
    rest = [name for name in smaller if not any(words in name for words in SELDOM + LISTS)]
    assert len(rest) <= MOST_SMALLER_OF_THE_REST, rest
    assert steps[4] <= MOST_SMALLEST, [state["name"] for state in found if state["step"] == 4]


# As `live.js` says it to whoever looks, whatever happens to the connection of this test.
SAY = """async text => {
    const first = document.querySelector("script[type=module]").src, source = await (await fetch(first)).text();
    const live = await import(new URL(source.match(/from "(\\.\\/live.+?)"/)[1], first));
    live.say(text);
    await new Promise(requestAnimationFrame);
}"""


@pytest.mark.slow
def test_a_message_about_the_connection_pushes_nothing_off_the_wall(
    room: Room, practice: str, states: dict[str, dict[str, str]]
) -> None:
    wall = room.beamer(room.leader(), practice, WALLS["1024x768"])
    wall.hears("counts")
    some = {name: states["beamer"][name] for name in list(states["beamer"])[:: pick(3, 5)]}
    usual = [state["step"] for state in measure(wall.page, some)]
    wall.page.evaluate(SAY, "Verbinding weg. We proberen het opnieuw.")
    assert wall.page.locator("#banner").is_visible()
    found = measure(wall.page, some)  # a message over other words is a fault as well
    assert list_faults(found) == ""
    wall.page.evaluate(SAY, "")
    wall.page.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    assert [state["step"] for state in measure(wall.page, some)] == usual


READ_SIZES = """states => Object.values(states).map(html => {
    document.querySelector("[data-live=state]").innerHTML = html;
    dispatchEvent(new Event("resize"));
    const parts = ["html", "h1", ".stage-foot"].map(name => document.querySelector(name));
    return parts.map(part => parseFloat(getComputedStyle(part).fontSize));
})"""


@pytest.mark.slow
@pytest.mark.parametrize("size", ["1024x768", "1920x1080"])
def test_the_plus_key_makes_nothing_smaller_and_the_minus_key_nothing_larger(
    room: Room, practice: str, states: dict[str, dict[str, str]], size: str
) -> None:
    wall = room.beamer(room.leader(), practice, WALLS[size])
    wall.hears("counts")
    some = {name: html for name, html in list(states["beamer"].items())[:: pick(4, 9)] if "stage-foot" in html}

    def press(key: str) -> list[list[float]]:
        wall.page.keyboard.press(key)
        assert list_faults(measure(wall.page, some)) == ""
        return wall.page.evaluate(READ_SIZES, some)

    def find_smaller(sizes: list[list[float]], than: list[list[float]]) -> list[str]:
        pairs = zip(some, sizes, than, strict=True)
        return [f"{name}: {was} {now}" for name, now, was in pairs if any(map(float.__lt__, now, was))]

    measure(wall.page, some)
    usual = wall.page.evaluate(READ_SIZES, some)
    larger = [press("+") for _ in range(2)]
    for was, now in pairwise([usual, *larger]):
        assert find_smaller(now, was) == []
    assert len(find_smaller(usual, larger[-1])) > len(some) // 5  # it is no key that does nothing
    smaller = [press("-") for _ in range(3)]
    for was, now in pairwise([larger[-1], *smaller]):
        assert find_smaller(was, now) == []
    assert len(find_smaller(smaller[-1], usual)) > len(some) // 2


def test_a_leaf_of_the_plan_without_room_shows_what_fits_and_says_what_is_left_out(
    room: Room, practice: str, states: dict[str, dict[str, str]]
) -> None:
    wall = room.beamer(room.leader(), practice, WALLS["1280x720"])
    wall.hears("counts")  # the state of the session itself comes first; what we put there stays
    page = wall.page

    def read(name: str) -> tuple[int, list[str]]:
        measure(page, {name: states["beamer"][name]})
        return page.locator("[data-line]:visible").count(), page.locator("[data-more]:visible").all_text_contents()

    assert read("plan, nothing filled in, 1") == (7, [])
    assert read("plan, usual, 1") == (5, [])
    assert read("plan, twenty steps, 1") == (6, [])
    lines, said = read("plan, six wide words, 1")
    assert (lines, len(said)) == (0, 1)


@pytest.mark.parametrize("role", ROLES)
def test_every_question_result_and_decision_fits_on_the_small_phone_of(
    room: Room, practice: str, states: dict[str, dict[str, str]], role: str
) -> None:
    phone: Phone = room.phone(ROLES[role], practice, viewport=SMALL_PHONE)
    found = measure(phone.page, states[role])
    assert found
    assert list_faults(found) == ""


FIRST_ANSWER = """states => {
  const region = document.querySelector("[data-live=state]");
  return Object.entries(states).filter(([, html]) => {
    region.innerHTML = html;
    region.querySelectorAll("[data-voted=no] .choose").forEach(part => { part.open = true; });
    scrollTo(0, 0);
    const answer = region.querySelector(".answer--choice");
    return answer && answer.querySelector(".bubble").getBoundingClientRect().bottom > innerHeight;
  }).map(([name]) => name);
}"""


@pytest.mark.parametrize("role", ROLES)
def test_on_a_phone_on_its_side_the_first_answer_of_every_question_is_in_sight_of(
    room: Room, practice: str, states: dict[str, dict[str, str]], role: str
) -> None:
    phone: Phone = room.phone(ROLES[role], practice, viewport={"width": 740, "height": 360})
    assert phone.page.evaluate(FIRST_ANSWER, states[role]) == []
    assert list_faults(measure(phone.page, states[role])) == ""
