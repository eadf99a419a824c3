"""*Ik doe mee* without a script: a form at each step of the plan, and what everybody else reads of it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.models import Offer, PlanLine
from sessions.writing.offers import forget_old_names
from tests.facilitation.screens import Phone, spaced
from tests.facilitation.views.test_console import Desk
from tests.plans import fill_line, make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(begun: Desk) -> Desk:
    return begun


@pytest.fixture
def step(session) -> PlanLine:
    row = make_line(session, kind="actie", prompt="")
    fill_line(row, "meten")
    return row


@pytest.fixture
def phone(desk, session, step) -> Phone:
    return Phone(session.code, "inwoner")


def offer(phone: Phone, step: PlanLine, *helps: str, **more: str):
    return phone.client.post(f"/m/{phone.code}/doe-mee", {"line": step.pk, "help": helps, **more})


def read(phone: Phone) -> str:
    return spaced(phone.client.get(f"/m/{phone.code}/doe-mee"))


def kept() -> list[tuple[list[str], str]]:
    return list(Offer.objects.values_list("helps", "name"))


def test_a_phone_offers_and_reads_how_many_help(phone, step, session):
    assert "Nog niemand doet mee." in read(phone)
    assert offer(phone, step, "hands", "tools")["Location"] == f"/m/{session.code}/doe-mee#stap-{step.pk}"
    assert kept() == [(["hands", "tools"], "")]
    other = Phone(session.code, "wijkprofessional")
    assert "1 doet mee" in read(other)
    assert "Jij doet mee:" not in read(other)
    assert "Jij doet mee: Handen: ik help mee; Spullen: ik leen iets uit. Niemand leest je naam." in read(phone)


def test_the_last_offer_of_a_phone_counts_and_it_is_taken_back_with_one_press(phone, step):
    offer(phone, step, "hands")
    offer(phone, step, "place")
    assert kept() == [(["place"], "")]
    phone.client.post(f"/m/{phone.code}/doe-mee", {"line": step.pk, "take-back": "1"})
    assert kept() == []


def test_who_only_takes_back_gets_no_cookie_and_a_cookie_that_is_not_ours_counts_as_none(phone, step):
    phone.client.post(f"/m/{phone.code}/doe-mee", {"line": step.pk, "take-back": "1"})
    assert "aanbod" not in phone.client.cookies
    phone.client.cookies["aanbod"] = "kort; of vreemd"
    offer(phone, step, "hands")
    assert len(phone.client.cookies["aanbod"].value) == 22


@pytest.mark.parametrize(
    ("helps", "more", "words"),
    [
        ((), {}, "Kies eerst waarmee je helpt."),
        (("goud",), {}, "Kies eerst waarmee je helpt."),
        (("hands",), {"name": "Ans"}, "Mogen de begeleiders je voornaam weten? Zet het vinkje, of haal de naam weg."),
        (("hands",), {"name": "A" * 41, "may-name": "1"}, "Die naam is te lang. Alleen je voornaam is genoeg."),
    ],
    ids=["nothing", "something else", "a name without its tick", "a long name"],
)
def test_what_cannot_be_kept_is_told_at_its_step_and_nothing_is(phone, step, helps, more, words):
    answer = offer(phone, step, *helps, **more)
    assert answer.status_code == 422
    assert words in spaced(answer)
    assert f'value="{more.get("name", "")}"' in answer.content.decode()
    assert kept() == []


@pytest.mark.parametrize("line", ["", "0", "x", "99999999999999"])
def test_a_step_that_is_not_there_is_told(phone, step, line):
    answer = phone.client.post(f"/m/{phone.code}/doe-mee", {"line": line, "help": "hands"})
    assert answer.status_code == 422
    assert kept() == []


def test_a_step_of_another_plan_or_one_that_is_done_takes_no_offer(phone, step):
    PlanLine.objects.update(state="done")
    assert offer(phone, step, "hands").status_code == 422
    assert "Er staat nog geen stap in het plan." in read(phone)
    assert kept() == []


def test_a_first_name_is_on_the_plan_of_the_team_and_nowhere_else(phone, step, desk, session):
    offer(phone, step, "hours", name="Ans <b>", **{"may-name": "1"})
    plan = spaced(desk.client.get(f"/t/{session.trajectory_id}/plan"))
    assert "1 doet mee (Uren 1) Namen: Ans &lt;b&gt;" in plan
    desk.ask("plan")
    other = Phone(session.code, "wijkprofessional")
    for answer in (
        other.page(),
        other.client.get(f"/m/{session.code}/doe-mee"),
        desk.client.get(f"/b/{session.code}/beamer"),
        desk.client.get(f"/b/{session.code}/console"),
        desk.client.get(f"/b/{session.code}/verslag"),
        *(desk.client.get(f"/t/{session.trajectory_id}/plan.{kind}") for kind in ("md", "txt", "json", "csv")),
    ):
        assert answer.status_code == 200
        assert "Ans" not in answer.content.decode()
    assert "1 doet mee" in desk.client.get(f"/b/{session.code}/beamer").content.decode()


@pytest.mark.parametrize(
    "end",
    [{"state": "done"}, {"state": "dropped"}, {"state": "failed", "follow_up": "anders"}, {"struck": True}],
    ids=["done", "not needed any more", "not worked out, with what comes instead", "struck"],
)
def test_a_name_goes_when_its_step_ends_and_the_count_stays(phone, step, desk, session, end):
    offer(phone, step, "hours", name="Ans", **{"may-name": "1"})
    PlanLine.objects.update(state="failed")  # what comes instead is not said yet, so who helps is still needed
    assert forget_old_names() == 0
    PlanLine.objects.update(**end)
    assert "Ans" not in spaced(desk.client.get(f"/t/{session.trajectory_id}/plan"))  # at once, before it is gone
    assert forget_old_names() == 1
    assert kept() == [(["hours"], "")]


def test_a_name_goes_after_a_year(phone, step):
    offer(phone, step, "hours", name="Ans", **{"may-name": "1"})
    Offer.objects.update(made_on=timezone.localdate() - timedelta(days=366))
    assert forget_old_names() == 1
    assert kept() == [(["hours"], "")]


def test_it_is_taken_back_without_a_seat_by_the_phone_that_gave_it_alone(phone, step, session):
    offer(phone, step, "hands")
    session.participants.all().delete()
    stranger = Phone(session.code, None)
    stranger.client.post("/m/aanbod", {"line": step.pk})
    assert "Je doet met deze telefoon nergens aan mee." in spaced(stranger.client.get("/m/aanbod"))
    assert kept() == [(["hands"], "")]
    assert "meten" in spaced(phone.client.get("/m/aanbod"))
    phone.client.post("/m/aanbod", {"line": "x"})
    assert kept() == [(["hands"], "")]
    assert phone.client.post("/m/aanbod")["Location"] == "/m/aanbod"
    assert kept() == []


def test_a_phone_that_wipes_what_is_of_it_helps_nowhere_any_more(phone, step, session):
    offer(phone, step, "hands", name="Ans", **{"may-name": "1"})
    phone.client.post(f"/m/{session.code}/wis")
    assert kept() == []
    assert phone.client.cookies["aanbod"].value == ""


def test_we_keep_nothing_with_which_an_offer_is_taken_back_and_no_seat_beside_it(phone, step):
    assert "aanbod" not in phone.client.cookies
    offer(phone, step, "hands")
    cookie = phone.client.cookies["aanbod"]
    row = Offer.objects.values().get()
    assert cookie.value not in json.dumps(row, default=str)
    assert set(row) == {"id", "line_id", "owner", "helps", "name", "made_on"}
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == ("/m", True, "Lax", 31536000)


def test_who_has_no_seat_offers_nothing(session, step):
    stranger = Phone(session.code, None)
    assert offer(stranger, step, "hands").status_code == 403
    assert kept() == []


def test_the_link_is_there_with_the_plan_and_after_the_end_and_not_while_people_vote(phone, desk):
    assert "Ik doe mee met een stap" not in spaced(phone.page())
    desk.ask("plan")
    assert "Ik doe mee met een stap" in spaced(phone.page())
    desk.ask("stop")
    assert "Ik doe mee met een stap" in spaced(phone.page())
