"""Proposals without a script: a form on the phone, forms on the console, and the plan at the end."""

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from facilitation.forms import read_settled
from sessions.models import PlanLine, Proposal, Round, Vote
from sessions.rules.refusals import Refused
from tests.facilitation.screens import Phone, refusal, spaced
from tests.facilitation.views.test_console import Desk
from tests.plans import make_line

pytestmark = pytest.mark.django_db
EMOJI = "👩‍🌾 een <b>moestuin</b>"


@pytest.fixture
def desk(begun: Desk) -> Desk:
    return begun


@pytest.fixture
def phones(desk, session) -> list[Phone]:
    desk.ask("gather", subject="actie")
    return [Phone(session.code, role) for role in ("inwoner", "inwoner", "wijkprofessional")]


def send(phone: Phone, line: str, **more: str):
    return phone.client.post(f"/m/{phone.code}/voorstel", {"round": "2", "line": line, **more})


def settle(desk: Desk, words: str, fate: str, **more: str):
    key = Proposal.objects.filter(words=words).values_list("pk", flat=True).get()
    return desk.client.post(f"/b/{desk.code}/voorstellen", {"key": key, "fate": fate, **more})


def ticked(page) -> list[str]:
    return re.findall(r'value="(p\d+)"\s+(?:id="\S+"\s+)?checked', page.content.decode())


def test_the_plan_page_asks_for_a_step_a_goal_or_a_line_that_waits(desk, session):
    line = make_line(session, kind="mensen", prompt="Deze mensen vragen we: …", texts=[])
    plan = f"/t/{session.trajectory_id}/plan"
    page = desk.client.get(plan).content.decode()
    assert f'<option value="{line.pk}">Deze mensen vragen we:</option>' in page
    answer = desk.client.post(f"{plan}/beamer", {"command": "gather", "subject": str(line.pk)})
    assert (answer.status_code, answer["Location"]) == (302, f"/b/{session.code}/console")
    assert Round.objects.get(kind="support").asked == "Deze mensen vragen we:"


@pytest.mark.parametrize("wrong", ["", "mensen", "999999", "-1", "\u0663", "\0", "9" * 30])
def test_what_is_no_line_is_refused_and_nothing_is_asked(desk, session, wrong):
    answer = desk.client.post(f"/t/{session.trajectory_id}/plan/beamer", {"command": "gather", "subject": wrong})
    assert answer.status_code == 422
    assert not Round.objects.filter(kind="support").exists()


def test_a_decision_offers_to_ask_for_each_line_it_leaves_open(desk, session):
    for name in ("open", "close", "reveal", "split"):
        desk.press(name)
    desk.ask("decide", answer="probleem", how="talk", why="Daarom.")
    page = desk.page().content.decode()
    line = PlanLine.objects.get(round__number=1)
    assert "Vraag de groep om voorstellen" in page
    assert f'name="subject" value="{line.pk}"' in page
    PlanLine.objects.update(texts=["te hard rijden"])
    desk.ask("plan")
    desk.ask("walk")
    assert "Vraag de groep om voorstellen" not in spaced(desk.page())


def test_a_phone_sends_a_line_reads_what_became_of_it_and_takes_it_back(desk, phones):
    page = spaced(phones[0].page())
    assert "Jouw voorstel, in één zin" in page
    assert 'http-equiv="refresh"' not in page  # who writes is not interrupted
    assert send(phones[0], f"  {EMOJI} ").status_code == 302
    assert send(phones[0], EMOJI).status_code == 302  # the same again
    own = spaced(phones[0].page())
    assert "👩‍🌾 een &lt;b&gt;moestuin&lt;/b&gt;" in own
    assert "De begeleider leest het zo." in own
    assert "moestuin" not in spaced(phones[1].page())
    handle = Proposal.objects.get().handle
    assert phones[1].client.post(f"/m/{phones[1].code}/voorstel", {"take-back": handle}).status_code == 302
    assert Proposal.objects.count() == 1  # of another phone
    assert phones[0].client.post(f"/m/{phones[0].code}/voorstel", {"take-back": handle}).status_code == 302
    assert not Proposal.objects.exists()


def test_the_console_lets_through_rewords_gathers_and_parks(desk, phones):
    send(phones[0], "zebra pad!!")
    send(phones[1], "een zebra")
    send(phones[2], "weg met hem")
    page = spaced(desk.page())
    assert "3 voorstellen wachten op jou" in page
    assert settle(desk, "zebra pad!!", "shown", text="een zebrapad").status_code == 302
    first = Proposal.objects.get(words="zebra pad!!").pk
    assert settle(desk, "een zebra", "shown", to=str(first)).status_code == 302
    assert settle(desk, "weg met hem", "parked").status_code == 302
    page = spaced(desk.page())
    for words in ("Gestuurd als: zebra pad!!", "Ook gestuurd: een zebra", "Apart gezet (1)"):
        assert words in page
    for phone in phones:
        assert "een zebrapad" in spaced(phone.page())
    assert "Staat op het scherm." in spaced(phones[1].page())
    assert "Komt nu niet op het scherm." in spaced(phones[2].page())


def test_each_chooses_several_and_what_is_taken_stands_in_the_plan(desk, phones):
    for phone, line in zip(phones, ("een zebrapad", "meer licht", "een drempel"), strict=True):
        send(phone, line)
        settle(desk, line, "shown")
    desk.press("open")
    slugs = [f"p{key}" for key in Proposal.objects.order_by("pk").values_list("pk", flat=True)]
    for phone in phones:
        answer = phone.client.post(f"/m/{phone.code}/stem", {"round": "2", "answer": slugs[:2]})
        assert answer.status_code == 302
    assert Vote.objects.count() == 6
    assert ticked(phones[0].page()) == slugs[:2]
    assert "Je keuze is binnen : A, B" in spaced(phones[0].page())
    assert "3 van 3 gestemd" in spaced(desk.client.get(f"/b/{desk.code}/beamer"))
    desk.press("reveal")
    assert "Jij koos A, B ." in spaced(phones[0].page())
    assert ticked(desk.page()) == slugs[:2]  # what most chose
    desk.client.post(
        f"/b/{desk.code}/opdracht", {"command": "adopt", "version": desk.version, "answers": [slugs[0], slugs[2]]}
    )
    assert [line.texts for line in PlanLine.objects.order_by("pk")] == [["een zebrapad"], ["een drempel"]]
    summary = spaced(desk.client.get(f"/b/{desk.code}/verslag"))
    assert "De groep nam over: een zebrapad; een drempel." in summary
    text = desk.client.get(f"/b/{desk.code}/verslag.txt").content.decode()
    assert "Welke stap zetten we? De groep nam over: een zebrapad; een drempel." in text


def test_none_taken_says_what_to_do(desk, phones):
    send(phones[0], "een zebrapad")
    settle(desk, "een zebrapad", "shown")
    desk.press("open")
    desk.press("reveal")
    assert "Kies eerst wat de groep kiest." in spaced(desk.ask("adopt"))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "Schrijf eerst je voorstel op."),
        ("   \n ", "Schrijf eerst je voorstel op."),
        ("a" * 121, "Dit voorstel is te lang. Maak er 120 tekens van, of minder."),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_what_to_do(phones, line, sentence):
    answer = send(phones[0], line)
    assert answer.status_code == 422
    assert sentence in spaced(answer)
    assert not Proposal.objects.exists()


def test_a_script_gets_its_own_lines_with_the_state_and_a_refusal_as_a_frame(phones):
    phone = phones[0]
    answer = phone.client.post(
        f"/m/{phone.code}/voorstel", {"round": "2", "line": "een zebrapad"}, HTTP_ACCEPT="application/json"
    )
    (line,) = json.loads(answer.content)["own"]["lines"]
    assert line == {"handle": Proposal.objects.get().handle, "words": "een zebrapad", "status": "waiting"}
    assert "lines" not in phones[1].poll().json()["own"]
    answer = phone.client.post(
        f"/m/{phone.code}/voorstel", {"round": "1", "line": "te laat"}, HTTP_ACCEPT="application/json"
    )
    assert refusal(answer)[:2] == (422, "round-old")


def test_without_a_seat_nothing_is_kept_and_who_watches_hears_why(desk, phones, client, session):
    answer = client.post(f"/m/{session.code}/voorstel", {"round": "2", "line": "een zebrapad"})
    assert answer.status_code == 403
    watcher = Phone(session.code, "")
    assert "Kies eerst een rol." in spaced(watcher.page())
    assert send(watcher, "een zebrapad").status_code == 422
    assert not Proposal.objects.exists()


def test_more_than_three_are_refused_whole(desk, phones):
    for phone, lines in ((phones[0], "abc"), (phones[1], "d")):
        for line in lines:
            send(phone, line)
            settle(desk, line, "shown")
    desk.press("open")
    slugs = [f"p{key}" for key in Proposal.objects.order_by("pk").values_list("pk", flat=True)]
    answer = phones[0].client.post(f"/m/{phones[0].code}/stem", {"round": "2", "answer": slugs})
    assert answer.status_code == 422
    assert "Je kunt er hoogstens drie kiezen." in spaced(answer)
    assert not Vote.objects.exists()


@tried(deadline=None)
@given(st.dictionaries(st.sampled_from(["key", "fate", "text", "to"]), st.text(max_size=12)))
def test_any_form_of_a_proposal_is_read_or_refused(data):
    with suppress(Refused):
        key, fate, _, to = read_settled(data)  # type: ignore[arg-type]
        assert (0 <= key < 10**9, fate in ("shown", "parked"), to is None or 0 <= to < 10**9) == (True, True, True)
