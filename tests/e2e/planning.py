"""How a facilitator fills in the plan: typed in place, as somebody does with a hall that looks on."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.room import Facilitator

ALL_KEPT = """() => ![...document.querySelectorAll(".cell-text, .cell-day, .plan-next .input")]
  .some(field => field.value !== field.defaultValue)"""


def open_plan(lead: Facilitator, code: str) -> None:
    lead.page.goto(f"{lead.room.app.url}/b/{code}/plan")
    lead.hears()


def keep(lead: Facilitator) -> None:
    """Leave the field; what was typed is on disk after it."""
    lead.page.evaluate("document.activeElement.blur()")
    lead.page.wait_for_function(ALL_KEPT)


def fill(lead: Facilitator, label: str, *texts: str) -> None:
    """Fill in what was asked, found by the label of its first blank."""
    asked = lead.page.locator("#gevraagd")
    if asked.count() and asked.get_attribute("open") is None:
        asked.locator("summary").click()
    first = lead.page.get_by_label(re.compile(re.escape(label))).first
    line = first.get_attribute("id").removesuffix("-text-0")
    for place, text in enumerate(texts):
        lead.page.locator(f"#{line}-text-{place}").fill(text)
    keep(lead)
    expect(lead.page.locator(f"#{line}-text-0")).to_have_value(texts[0])


def find_step(lead: Facilitator, text: str) -> Locator:
    """The row of a step, by its words."""
    return lead.page.locator("tr.step", has_text=text)


def fill_step(lead: Facilitator, label: str, text: str, who: str, due: str) -> None:
    """Fill in a step that was asked: its words, and in its row of the table who and when."""
    fill(lead, label, text)
    row = find_step(lead, text)
    if who:
        row.locator("[name=who]").fill(who)
    row.locator("[name=due]").fill(due)
    keep(lead)


def add_line(lead: Facilitator, kind: str, text: str) -> None:
    """One more line of a kind, in the empty place behind the others."""
    place = lead.page.locator(f"form[data-new]:has([name=kind][value={kind}]) textarea").last
    place.fill(text)
    place.press("Enter")
    expect(lead.page.locator("[data-line]:not(.item--new, .step--new)", has_text=text)).to_have_count(1)
