"""The plan as its facilitator meets it on a laptop: what a line held before, and the way back."""

import re

from playwright.sync_api import expect

from tests.e2e.room import Facilitator, Room


def add_action(lead: Facilitator, words: str) -> None:
    lead.page.get_by_role("button", name=re.compile("Actie", re.I)).first.click()
    lead.page.locator("form.plan-edit--now input[type=text], form.plan-edit--now input:not([type])").first.fill(words)
    lead.page.locator("form.plan-edit--now").get_by_role("button", name=re.compile("^Bewaar")).click()
    expect(lead.page.locator(".plan-line").filter(has_text=words)).to_be_visible()


def test_when_we_meet_again_is_kept_without_leaving_the_place_and_stands_on_the_wall(
    room: Room, lead: Facilitator, code: str
):
    lead.order("plan")
    wall = room.beamer(lead, code)
    lead.page.goto(f"{room.app.url}/b/{code}/plan")
    lead.page.get_by_label("Welke dag?").fill("2027-06-01")
    lead.page.get_by_label("Hoe laat?").fill("19:30")
    lead.page.get_by_label("Waar?").fill("Buurthuis De Merel")
    lead.page.locator(".plan-next").get_by_role("button", name=re.compile("^Bewaar")).click()
    expect(lead.page.locator(".plan-next-said")).to_have_text("dinsdag 1 juni 2027, 19.30 uur, Buurthuis De Merel")
    expect(wall.page.locator(".stage-next")).to_contain_text("dinsdag 1 juni 2027, 19.30 uur, Buurthuis De Merel")
    lead.check_access()
    wall.check_access()


def test_what_a_line_held_before_is_a_page_away_and_its_last_step_is_undone(room: Room, lead: Facilitator, code: str):
    lead.page.goto(f"{room.app.url}/b/{code}/plan")
    add_action(lead, "auto's tellen bij de school")
    lead.page.locator(".plan-line").get_by_role("link", name=re.compile("^Wijzig")).click()
    lead.page.locator("form.plan-edit--now").get_by_role("button", name=re.compile("^Streep door")).click()
    expect(lead.page.locator(".plan-line--struck")).to_contain_text("auto's tellen")
    lead.page.get_by_role("link", name="Wat stond hier eerder?").click()
    lead.check_access()
    steps = lead.page.locator(".plan-steps li")
    expect(steps).to_have_count(2)
    expect(steps.first).to_contain_text("Doorgestreept:")
    lead.page.get_by_role("button", name="Maak deze laatste stap ongedaan").click()
    expect(lead.page.get_by_role("heading", name="Ons plan")).to_be_visible()
    expect(lead.page.locator(".plan-line--struck")).to_have_count(0)
    expect(lead.page.locator(".plan-line")).to_contain_text("auto's tellen bij de school")
    lead.check_access()
