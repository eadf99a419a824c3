"""The plan as facilitators meet it: typed in place, by two hands at once, with a wall that shows it."""

import re
import time
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.planning import add_line, find_step, keep, open_plan
from tests.e2e.room import PHONE, Facilitator
from tests.papers import read_text


@pytest.fixture(autouse=True)
def code(lead: Facilitator) -> str:
    """Of a meeting that just began, whose plan the facilitator has in sight."""
    made = lead.order_session("Veilig oversteken", f"Buurt {uuid4()}", "richtfase")
    open_plan(lead, made)
    return made


def test_a_plan_is_typed_from_its_goal_to_its_last_step_without_a_button(lead):
    lead.check_access()
    add_line(lead, "doel", "kinderen lopen veilig naar school")
    expect(lead.page.locator(".plan-sheet h1").first).to_have_text("Ons plan: kinderen lopen veilig naar school")
    step = lead.page.locator(".step--new textarea")
    step.focus()
    for text in ("auto's tellen", "borden vragen"):
        lead.page.keyboard.type(text)
        lead.page.keyboard.press("Enter")
        expect(find_step(lead, text)).to_have_count(1)
        expect(step).to_be_focused()
        expect(step).to_have_value("")
    find_step(lead, "auto's tellen").locator("[name=who]").fill("Fatma")
    find_step(lead, "auto's tellen").locator("[name=due]").fill("2027-06-01")
    keep(lead)
    lead.page.reload()
    row = find_step(lead, "auto's tellen")
    expect(row.locator("[name=who]")).to_have_value("Fatma")
    expect(row.locator(".cell-said")).to_have_text("1 juni 2027")
    expect(lead.page.locator(".nameless")).to_contain_text("1 stap heeft nog geen naam.")
    lead.check_access()


def test_what_is_typed_is_kept_a_second_after_the_last_key_and_the_cursor_stays(lead):
    add_line(lead, "actie", "tellen")
    words = find_step(lead, "tellen").locator("[name=text-0]")
    words.focus()
    lead.page.keyboard.press("Home")
    lead.page.keyboard.type("samen ")
    expect(lead.page.locator(".row-kept:visible")).to_have_text("Bewaard")
    lead.page.keyboard.type("alle auto's ")
    lead.page.wait_for_function("() => document.activeElement.defaultValue.startsWith('samen alle')")
    expect(words).to_be_focused()
    expect(words).to_have_value("samen alle auto's tellen")
    expect(lead.page.locator(".clash")).to_have_count(0)


def test_a_line_that_just_began_goes_on_where_the_cursor_is(lead):
    """The empty place becomes a line after a second; what is typed on is of that line."""
    lead.page.locator(".step--new textarea").focus()
    with lead.page.expect_response("**/nieuw"):
        lead.page.keyboard.type("auto's")
    lead.page.keyboard.type(" tellen")
    keep(lead)
    expect(lead.page.locator("tr.step:not(.step--new)")).to_have_count(1)
    expect(find_step(lead, "auto's tellen")).to_have_count(1)
    expect(lead.page.locator(".step--new textarea")).to_have_value("")


def test_who_types_on_at_once_after_enter_loses_no_letter(lead):
    """Also where each answer takes its time."""
    lead.page.route("**/nieuw", lambda route: (time.sleep(0.8), route.continue_()))
    lead.page.locator(".step--new textarea").focus()
    for text in ("auto's tellen", "borden vragen", "vieren"):
        lead.page.keyboard.type(text)
        lead.page.keyboard.press("Enter")
    for text in ("auto's tellen", "borden vragen", "vieren"):
        expect(find_step(lead, text)).to_have_count(1)
    assert sorted(read_order(lead)) == ["auto's tellen", "borden vragen", "vieren"]


def test_a_new_line_whose_answer_got_lost_is_made_once(lead):
    lost = []

    def lose(route: Route) -> None:
        route.fetch()  # it arrives
        lost.append(route.request.url)
        route.abort()

    lead.page.route("**/nieuw", lose, times=1)
    lead.may_lose_connection = True
    lead.page.locator(".step--new textarea").focus()
    lead.page.keyboard.type("auto's tellen")
    lead.page.keyboard.press("Enter")
    expect(lead.page.locator("#banner")).to_contain_text("nog niet bewaard")
    expect(lead.page.locator("#banner")).to_be_hidden()  # the next try
    expect(find_step(lead, "auto's tellen")).to_have_count(1)
    lead.page.reload()
    assert (read_order(lead), len(lost)) == (["auto's tellen"], 1)


def test_an_answer_that_got_lost_is_no_clash_with_oneself(lead):
    add_line(lead, "actie", "tellen")
    line = re.compile(r"/plan/\d+$")
    lead.may_lose_connection = True

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    lead.page.route(line, lose, times=1)
    field = find_step(lead, "tellen").locator("[name=text-0]")
    field.fill("tellen en")
    expect(lead.page.locator("#banner")).to_contain_text("nog niet bewaard")
    field.fill("tellen en praten")
    keep(lead)
    lead.page.reload()
    assert read_order(lead) == ["tellen en praten"]
    expect(lead.page.locator(".clash")).to_have_count(0)


def test_what_one_writes_comes_in_beside_what_the_other_types_and_says_that_somebody_writes(lead, code, room):
    for text in ("tellen", "praten"):
        add_line(lead, "actie", text)
    other = room.leader()
    open_plan(other, code)
    mine = find_step(lead, "tellen").locator("[name=text-0]")
    theirs = find_step(other, "praten").locator("[name=text-0]")
    mine.focus()
    lead.page.keyboard.press("End")
    lead.page.keyboard.type("!")
    expect(find_step(other, "tellen").locator(".row-hand")).to_be_visible()
    other.check_access()
    theirs.fill("praten met de wethouder")
    keep(other)
    expect(find_step(lead, "praten met de wethouder")).to_have_count(1)
    expect(mine).to_be_focused()
    keep(lead)
    expect(find_step(other, "tellen!")).to_have_count(1)
    expect(find_step(other, "tellen!").locator(".row-hand")).to_be_hidden()


def test_who_is_quick_to_another_line_is_seen_writing_there(lead, code, room):
    """The first key may come before the page noticed that the line before was left."""
    for text in ("tellen", "praten"):
        add_line(lead, "actie", text)
    other = room.leader()
    open_plan(other, code)
    find_step(lead, "praten").locator("[name=text-0]").focus()
    lead.page.keyboard.type("!")
    expect(find_step(other, "praten").locator(".row-hand")).to_be_visible()
    find_step(lead, "tellen").locator("[name=text-0]").evaluate("""field => {
      field.focus();
      field.value += "!";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    expect(find_step(other, "praten").locator(".row-hand")).to_be_hidden()
    other.page.wait_for_timeout(1500)  # nothing takes it away again
    expect(find_step(other, "tellen").locator(".row-hand")).to_be_visible()


@pytest.mark.parametrize("first", ["answer", pytest.param("state", marks=pytest.mark.slow)])
def test_of_two_texts_for_one_field_both_stay_until_somebody_picks(lead, code, room, first):
    """Whatever comes first to whoever was late: the answer to the words, or the state that knows them."""
    add_line(lead, "actie", "tellen")
    other = room.leader()
    open_plan(other, code)
    lead.context.set_offline(True)
    lead.may_lose_connection = True
    find_step(lead, "tellen").locator("[name=text-0]").fill("tellen op maandag")
    lead.page.evaluate("document.activeElement.blur()")
    expect(lead.page.locator("#banner")).to_be_visible()
    find_step(other, "tellen").locator("[name=text-0]").fill("tellen op dinsdag")
    keep(other)
    if first == "state":
        lead.page.route(re.compile(r"/plan/\d+$"), answer_late)
    lead.context.set_offline(False)
    for screen in (lead, other):
        expect(screen.page.locator(".clash")).to_contain_text("tellen op maandag")
        expect(find_step(screen, "tellen").locator("[name=text-0]")).to_have_value("tellen op dinsdag")
    other.check_access()
    other.page.get_by_role("button", name="Neem deze tekst").click()
    for screen in (lead, other):
        expect(screen.page.locator(".clash")).to_have_count(0)
        expect(find_step(screen, "tellen").locator("[name=text-0]")).to_have_value("tellen op maandag")


def answer_late(route: Route) -> None:
    answer = route.fetch()
    time.sleep(0.8)
    route.fulfill(response=answer)


def read_order(lead: Facilitator) -> list[str]:
    return [field.input_value() for field in lead.page.locator("tr.step:not(.step--new) [name=text-0]").all()]


def test_steps_are_put_in_order_by_button_by_key_and_by_dragging(lead):
    first, second, third = "meten", "bellen", "vieren"
    for text in (first, second, third):
        add_line(lead, "actie", text)
    page, rows = lead.page, lead.page.locator("tr.step")

    def wait_for(*order: str) -> None:
        page.wait_for_function(
            "order => [...document.querySelectorAll('tr.step:not(.step--new) [name=text-0]')]"
            ".map(field => field.value).join() === order",
            arg=",".join(order),
        )

    wait_for(first, second, third)
    rows.nth(0).hover()
    rows.nth(0).get_by_role("button", name="Omlaag").click()
    wait_for(second, first, third)
    rows.nth(2).locator("[name=text-0]").focus()
    page.keyboard.press("Alt+ArrowUp")
    wait_for(second, third, first)
    rows.nth(2).locator("[data-drag]").drag_to(rows.nth(0).locator(".step-what"))
    wait_for(first, second, third)
    page.reload()
    assert read_order(lead) == [first, second, third]


def test_the_wall_shows_the_line_that_is_written_and_then_the_plan_again(lead, code, room):
    add_line(lead, "doel", "veilig oversteken")
    for text in ("tellen", "praten"):
        add_line(lead, "actie", text)
    lead.page.get_by_role("button", name="Toon op de beamer").click()
    wall = room.beamer(lead, code)
    wall.sees("veilig oversteken")
    expect(wall.page.locator(".deeds li")).to_have_count(2)
    wall.check_access()
    find_step(lead, "tellen").locator("[name=text-0]").focus()
    lead.page.keyboard.press("End")
    lead.page.keyboard.type(" bij de school")
    expect(wall.page.locator(".stage-written")).to_contain_text("tellen bij de school")
    wall.check_access()
    keep(lead)
    expect(wall.page.locator(".deeds li")).to_have_count(2)
    lead.page.get_by_role("button", name="Toon de vraag weer").click()
    expect(wall.page.locator(".stage-plan")).to_have_count(0)


def test_when_we_meet_again_is_kept_without_leaving_the_place_and_stands_on_the_wall(lead, code, room):
    lead.page.get_by_role("button", name="Toon op de beamer").click()
    wall = room.beamer(lead, code)
    lead.page.get_by_label("Welke dag?").fill("2027-06-01")
    lead.page.get_by_label("Hoe laat?").fill("19:30")
    lead.page.get_by_label("Waar?").fill("Buurthuis De Merel")
    keep(lead)
    expect(lead.page.locator(".plan-next-said")).to_have_text("dinsdag 1 juni 2027, 19.30 uur, Buurthuis De Merel")
    expect(wall.page.locator(".stage-next")).to_contain_text("dinsdag 1 juni 2027, 19.30 uur, Buurthuis De Merel")


def test_all_that_a_line_knows_is_a_page_away_and_so_is_what_it_held_before(lead):
    add_line(lead, "actie", "auto's tellen bij de school")
    find_step(lead, "auto's tellen").get_by_role("link", name=re.compile("^Alles over")).click()
    lead.check_access()
    lead.page.get_by_label("Wie zorgt hiervoor?").fill("Fatma")
    lead.page.get_by_label("Hoeveel geld?").fill("€ 1.250")
    lead.page.get_by_label("Hoe staat het?").select_option("Bezig")
    lead.page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(find_step(lead, "auto's tellen").locator(".step-state")).to_have_text("Bezig")
    find_step(lead, "auto's tellen").get_by_role("link", name=re.compile("^Alles over")).click()
    lead.page.get_by_role("button", name="Streep door").click()
    expect(lead.page.locator("#doorgestreept")).to_contain_text("auto's tellen bij de school")
    lead.page.goto(lead.page.url.partition("#")[0] + lead.page.locator("#doorgestreept .item").get_attribute("id")
                   .replace("regel-", "/"))  # fmt: skip
    lead.page.get_by_role("link", name="Wat stond hier eerder?").click()
    lead.check_access()
    expect(lead.page.locator(".plan-steps li").first).to_contain_text("Doorgestreept:")
    lead.page.get_by_role("button", name="Maak deze laatste stap ongedaan").click()
    expect(find_step(lead, "auto's tellen bij de school")).to_have_count(1)


def test_who_was_logged_out_while_typing_loses_nothing_and_goes_on_after_a_login_elsewhere(lead, room):
    add_line(lead, "actie", "tellen")
    lead.ask(f"{room.app.url}/uitloggen", sure="1")
    field = find_step(lead, "tellen").locator("[name=text-0]")
    field.fill("tellen en praten")
    expect(lead.page.locator("#banner")).to_contain_text("Dit is nog niet bewaard. Je bent misschien uitgelogd.")
    lead.page.wait_for_timeout(1500)  # the socket is closed as well, and its page stays
    expect(field).to_have_value("tellen en praten")
    elsewhere = lead.context.new_page()
    elsewhere.goto(f"{room.app.url}/inloggen")
    elsewhere.get_by_label("Gebruikersnaam", exact=True).fill(lead.user)
    elsewhere.get_by_label("Wachtwoord", exact=True).fill(room.password_of(lead.user))
    elsewhere.get_by_role("button", name="Log in").click()
    expect(elsewhere.get_by_role("heading", name="Jouw bijeenkomsten")).to_be_visible()
    room.app.logins[lead.user] = lead.context.storage_state()
    expect(lead.page.locator("#banner")).to_be_hidden()  # kept, and the page is whole again
    expect(find_step(lead, "tellen en praten")).to_have_count(1)


def test_what_cannot_be_kept_is_told_in_its_row_and_stays(lead):
    add_line(lead, "actie", "tellen")
    row = find_step(lead, "tellen")
    row.locator("[name=text-0]").fill("z" * 301)
    expect(row.locator(".row-wrong")).to_have_text("Dat is te lang. Maak er 300 tekens van, of minder.")
    expect(row.locator("[name=text-0]")).to_have_value("z" * 301)
    row.locator("[name=text-0]").fill("toch korter")
    keep(lead)
    expect(lead.page.locator(".row-wrong:visible")).to_have_count(0)


def test_what_was_just_typed_is_on_the_paper_too(lead):
    add_line(lead, "actie", "auto's tellen")
    link = lead.page.get_by_role("link", name="Print")
    paper = lead.context.request.get(lead.room.app.url + link.get_attribute("href"))
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    assert "auto's tellen" in read_text(paper.body())


def test_on_a_phone_the_plan_is_typed_as_well(lead):
    lead.page.set_viewport_size(PHONE)
    add_line(lead, "actie", "auto's tellen")
    assert lead.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lead.check_access()


def test_without_script_every_field_has_its_button(lead, code, room):
    plain = Facilitator(room, java_script_enabled=False, storage_state=lead.context.storage_state())
    plain.page.goto(f"{room.app.url}/b/{code}/plan")
    plain.page.locator(".step--new textarea").fill("auto's tellen")
    plain.page.locator(".step--new").get_by_role("button", name=re.compile("^Bewaar")).click()
    row = find_step(plain, "auto's tellen")
    row.locator("[name=who]").fill("Fatma")
    row.get_by_role("button", name="Bewaar").click()
    expect(find_step(plain, "auto's tellen").locator("[name=who]")).to_have_value("Fatma")
