"""The story of a trajectory, as its facilitator reads it before the next meeting."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.room import LAPTOP, PHONE, Facilitator


@pytest.fixture
def story(lead: Facilitator) -> str:
    """The address of a trajectory of four meetings."""
    key = lead.room.app.manage("sample_trajectory", "--facilitator", lead.user).split()[-1]
    return f"{lead.room.app.url}/t/{key}"


def check_on_a_phone(lead: Facilitator, story: str) -> None:
    """Nothing of it sticks out."""
    lead.page.set_viewport_size(PHONE)
    for address in (story, f"{story}/plan"):
        lead.page.goto(address)
        assert lead.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        lead.check_access()
    lead.page.set_viewport_size(LAPTOP)


def test_a_facilitator_reads_how_it_stands_and_readies_the_next_meeting(lead, story):
    check_on_a_phone(lead, story)
    lead.page.goto(story)
    lead.check_access()
    expect(lead.page.locator(".story-street li")).to_have_count(5)
    expect(lead.page.locator(".story-waits li")).to_have_count(4)
    lead.page.get_by_role("link", name="borden aanvragen bij de gemeente").click()
    expect(lead.page.locator("tr.step", has_text="borden aanvragen")).to_be_in_viewport()
    lead.page.go_back()
    lead.page.get_by_label("Waar gaat het over?").fill("Hoe verder?")
    lead.page.get_by_role("button", name="Zet klaar").click()
    lead.page.wait_for_url("**/console")
    lead.page.goto(story)
    expect(lead.page.locator(".story-street li")).to_have_count(6)
    expect(lead.page.get_by_role("link", name=re.compile("^Ga verder met Hoe verder"))).to_be_visible()
