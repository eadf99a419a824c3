"""Every question, result, decision and end of the whole library, laid on the beamer and on a small phone.

Nobody walks there: the states come from `states.py`, and a real page of a real session shows one after the other.
"""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.room import SMALL_PHONE, Beamer, Phone, Room
from tests.servers import ROOT, App

WALLS = {
    "1024x768": {"width": 1024, "height": 768},
    "1280x720": {"width": 1280, "height": 720},
    "1280x800": {"width": 1280, "height": 800},
    "1920x1080": {"width": 1920, "height": 1080},
}
ROLES = {"inwoner": "Inwoner", "wijkprofessional": "Wijkprofessional", "beleidsambtenaar": "Beleidsambtenaar"}
# A hall's own address, as `make run` prints it, is longer than most names.
ADDRESS = "http://192.168.178.115:8000"
# What seldom happens may need smaller letters than the rest: step 3 of fit() in beamer.js, and step 4 for a full plan.
SELDOM = ("long why", "three times before", "tie of all", "two hundred voters", "plan, full")
MOST_SMALLER, MOST_SMALLER_OF_THE_REST, MOST_SMALLEST = 70, 10, 1

# Puts one state after the other in place of the live one and measures what a person in the room would see.
MEASURE = """states => {
  const page = document.getElementById("live"), region = page.querySelector("[data-live=state]"), root = document.documentElement;
  const isWall = root.classList.contains("beamer"), found = [];
  const near = 1.5;

  // Letters are lower than their line; without this, two lines that merely stand close would count as one.
  const core = box => ({ left: box.left, right: box.right, top: box.top + box.height * 0.2, bottom: box.bottom - box.height * 0.2 });
  const hasSize = box => box.width > 0 && box.height > 0;
  const short = text => text.trim().replace(/\\s+/g, " ").slice(0, 40);

  function wordsOf() {
    const words = [], walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    for (let node; node = walker.nextNode();) {
      const parent = node.parentElement;
      if (!node.data.trim() || !parent.checkVisibility() || parent.closest(".hidden-text")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter(hasSize);
      let block = parent;
      while (getComputedStyle(block).display === "inline") block = block.parentElement;
      if (boxes.length) words.push({ name: short(node.data), boxes, block, parent });
    }
    return words;
  }

  function faultsOf() {
    const faults = [], words = wordsOf();
    if (root.scrollWidth > innerWidth) faults.push(`${root.scrollWidth} wide`);
    if (isWall && root.scrollHeight > innerHeight) faults.push(`${root.scrollHeight} high`);
    const things = words.flatMap(word => word.boxes.map(box => ({ name: word.name, of: word.block, box: core(box) })));
    page.querySelectorAll("svg:not(.letter svg)").forEach(drawing => {
      const box = drawing.getBoundingClientRect();
      if (hasSize(box) && drawing.checkVisibility()) things.push({ name: drawing.getAttribute("class") || "svg", of: drawing, box });
    });
    page.querySelectorAll(".letter").forEach(letter => {
      const box = letter.getBoundingClientRect();
      if (hasSize(box) && letter.checkVisibility()) things.push({ name: "letter " + letter.textContent, of: letter, box });
    });
    for (const { name, box } of things) {
      if (box.left < -near || box.right > innerWidth + near) faults.push(`outside the screen: ${name}`);
      if (isWall && (box.top < -near || box.bottom > innerHeight + near)) faults.push(`outside the screen: ${name}`);
    }
    for (const { name, boxes, block } of words) {
      const around = block.getBoundingClientRect(), style = getComputedStyle(block);
      if (boxes.map(core).some(box => box.left < around.left - near || box.right > around.right + near || box.top < around.top - near || box.bottom > around.bottom + near)) faults.push(`outside its box: ${name}`);
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") faults.push(`shortened: ${name}`);
    }
    page.querySelectorAll("*:not(svg, svg *)").forEach(part => {
      const isOver = part.clientWidth && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1);
      if (isOver && getComputedStyle(part).overflow !== "visible" && !part.closest(".hidden-text")) faults.push(`cut: ${short(part.textContent)}`);
    });
    for (let one = 0; one < things.length; one++) for (let other = one + 1; other < things.length; other++) {
      const a = things[one], b = things[other];
      const inLetter = a.of.closest(".letter");
      if (a.of === b.of || inLetter && inLetter === b.of.closest(".letter")) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (wide > near && high > near) faults.push(`${a.name} over ${b.name}`);
    }
    if (![...page.querySelectorAll("h1")].some(heading => heading.checkVisibility())) faults.push("no heading");
    return faults;
  }

  for (const [name, html] of Object.entries(states)) {
    region.innerHTML = html;
    if (isWall) dispatchEvent(new Event("resize")); // the page's own fit()
    else {
      region.querySelectorAll("[data-voted=no] .choose").forEach(part => { part.open = true; });
      scrollTo(0, root.scrollHeight); // what floats at the bottom may cover an answer on the way, never at the end
    }
    found.push({ name, step: +root.dataset.fit || 0, faults: faultsOf().slice(0, 4) });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def practice(app: App) -> str:
    options = ["--title", "Samen de Vogelbuurt in", "--buurt", "Vogelbuurt", "--phase", "startfase", "--practice"]
    return app.manage("open_session", *options).split()[1]


@pytest.fixture(scope="module")
def states(app: App, practice: str) -> dict[str, dict[str, str]]:
    """Screen -> name of a state -> its HTML, with the marks and the address of the served app."""
    env = {**app.env, "PUBLIC_URL": ADDRESS}
    command = [sys.executable, "-m", "tests.e2e.states", practice]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def measure(page: Page, states: dict[str, str]) -> list[dict[str, Any]]:
    page.evaluate("document.fonts.ready")
    return page.evaluate(MEASURE, states)


def list_faults(found: list[dict[str, Any]]) -> str:
    return "\n".join(f"{state['name']} (step {state['step']}): {state['faults']}" for state in found if state["faults"])


@pytest.mark.parametrize("size", WALLS)
def test_everything_in_the_library_fits_on_a_beamer_of(
    room: Room, practice: str, states: dict[str, dict[str, str]], size: str
) -> None:
    wall: Beamer = room.beamer(room.leader(), practice, WALLS[size])
    found = measure(wall.page, states["beamer"])
    assert list_faults(found) == ""
    steps = Counter(state["step"] for state in found)
    print(f"{size}: {len(found)} states, steps of fit(): {dict(sorted(steps.items()))}")
    smaller = [state["name"] for state in found if state["step"] >= 3]
    assert len(smaller) <= MOST_SMALLER
    rest = [name for name in smaller if not any(words in name for words in SELDOM)]
    assert len(rest) <= MOST_SMALLER_OF_THE_REST, rest
    assert steps[4] <= MOST_SMALLEST


@pytest.mark.parametrize("role", ROLES)
def test_every_question_result_and_decision_fits_on_a_small_phone_of_an(
    room: Room, practice: str, states: dict[str, dict[str, str]], role: str
) -> None:
    phone: Phone = room.phone(ROLES[role], practice, viewport=SMALL_PHONE)
    found = measure(phone.page, states[role])
    assert found
    assert list_faults(found) == ""
