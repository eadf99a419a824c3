"""The facilitator's console without a socket: buttons are forms, and two devices never undo each other's work."""

import re
import threading
import uuid

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.editions import load_library
from content.languages import BASE
from facilitation.views import practice
from sessions.models import Decision, GroupSession, HandCount, Participant, Round, Vote
from sessions.reading.audiences import load_session
from sessions.rows import read_state
from sessions.rules.commands import COMMANDS, Close
from sessions.rules.state import Choice, State
from sessions.shelf import Shelf
from sessions.writing.seats import take_seat
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, refusal, spaced
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, tag, tags, words

INW, PRO, AMB = "inwoner", "wijkprofessional", "beleidsambtenaar"
JSON = {"Accept": "application/json"}

pytestmark = pytest.mark.django_db


class Desk:
    """A facilitator's device."""

    def __init__(self, user, code: str) -> None:
        self.code = code
        self.client = CarefulClient()
        self.client.force_login(user)

    @property
    def version(self) -> int:
        return GroupSession.objects.get(code=self.code).version

    def page(self):
        return self.client.get(f"/b/{self.code}/console")

    def poll(self, **headers: str):
        return self.client.get(f"/b/{self.code}/console/stand", headers=headers)

    def ask(self, command: str, *, seen: object = None, as_json: bool = False, **fields: str):
        """Press a button: the form of a page that shows this version, by default the newest."""
        fields = {"command": command, "version": str(self.version if seen is None else seen), **fields}
        return self.client.post(f"/b/{self.code}/opdracht", fields, headers=JSON if as_json else {})

    def press(self, *names: str) -> None:
        for name in names:
            assert self.ask(name).status_code == 302

    def count(self, round_: object = 1, *, as_json: bool = False, **hands: str):
        fields = {"round": str(round_), **{key.replace("__", ":").replace("_", "-"): n for key, n in hands.items()}}
        return self.client.post(f"/b/{self.code}/handen", fields, headers=JSON if as_json else {})


@pytest.fixture
def desk(session, alice) -> Desk:
    return Desk(alice, session.code)


def record() -> list[object]:
    """Everything that a command can change."""
    models = (GroupSession, Round, Decision, HandCount, Vote, Participant)
    return [list(model.objects.order_by("pk").values()) for model in models]


def state(session) -> State:
    return read_state(GroupSession.objects.get(pk=session.pk))


def decide_fields(**changes: str) -> dict[str, str]:
    return {"answer": "probleem", "how": "talk", "why": "Omdat het moet.", "other": "", **changes}


# ---- The buttons ----


def test_the_big_button_walks_through_a_whole_question(desk, session):
    seen = []
    for step in ("start", "open", "close", "reveal", "split"):
        assert f'value="{step}" id="next"' in desk.page().content.decode()
        response = desk.ask(step)
        assert (response.status_code, response.url) == (302, f"/b/{session.code}/console")
        seen.append(state(session).current.status)
    assert seen == ["reading", "open", "closed", "revealed", "revealed"]
    assert 'value="decide" id="next"' in desk.page().content.decode()
    desk.ask("decide", **decide_fields(other="Er was ook twijfel."))
    assert state(session).current.decision == Choice(
        answer="probleem", how="talk", why="Omdat het moet.", other="Er was ook twijfel."
    )
    assert 'value="next" id="next"' in desk.page().content.decode()


def test_a_script_gets_the_new_state_of_the_console(desk):
    response = desk.ask("start", as_json=True)
    frame = response.json()
    assert (response.status_code, set(frame)) == (
        200,
        {"type", "version", "revision", "scene", "status", "html", "round"},
    )
    assert (frame["type"], frame["version"], frame["scene"], frame["status"], frame["round"]) == (
        "state", 1, "question", "reading", 1,
    )  # fmt: skip
    assert frame == desk.poll().json()


def test_a_reload_shows_the_same_console(desk):
    desk.press("start", "open")
    assert words(desk.page()) == words(desk.page())


def test_the_address_of_a_button_leads_to_the_console(desk, session):
    """A refused form stays at its own address; who reloads that, or logs in there again, comes back."""
    for path in ("opdracht", "handen"):
        response = desk.client.get(f"/b/{session.code}/{path}")
        assert (response.status_code, response.url) == (302, f"/b/{session.code}/console")


# ---- Two devices ----


LATE = "Iemand anders was net eerder. Dit is de stand van nu."


def test_a_second_device_takes_over_the_running_session(desk, session, alice):
    desk.press("start", "open")
    second = Desk(alice, session.code)
    assert 'value="close" id="next"' in second.page().content.decode()
    second.press("close")
    assert state(session).current.status == "closed"


def test_a_colleague_of_the_team_takes_over_as_well(desk, session, team, django_user_model):
    desk.press("start")
    colleague = django_user_model.objects.create_user("carol")
    team.members.add(colleague)
    Desk(colleague, session.code).press("open")
    assert state(session).current.status == "open"


@pytest.mark.parametrize("command", ["open", "close", "undo", "stop", "back", "plan"])
def test_a_button_of_an_older_page_is_refused_and_changes_nothing(desk, session, alice, command):
    desk.press("start")
    old = desk.version
    Desk(alice, session.code).press("open")
    before = record()
    page = desk.ask(command, seen=old)
    assert (page.status_code, LATE in words(page)) == (409, True)
    assert refusal(desk.ask(command, seen=old, as_json=True)) == (409, "late", LATE)
    assert record() == before
    assert 'value="close" id="next"' in page.content.decode()  # and the page is that of now


def test_a_double_click_on_the_big_button_is_one_step(desk, session):
    desk.press("start")
    seen = desk.version
    assert [desk.ask("open", seen=seen).status_code for _ in range(2)] == [302, 409]
    assert state(session).current.status == "open"


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_the_same_moment_are_one_step(session, alice):
    Desk(alice, session.code).press("start")
    desks = [Desk(alice, session.code) for _ in range(4)]
    together, answers = threading.Barrier(4), []

    def click(one: Desk) -> None:
        together.wait(10)
        try:
            answers.append(one.ask("open", seen=1).status_code)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click, args=(one,)) for one in desks]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(30)
    assert sorted(answers) == [302, 409, 409, 409]
    assert (state(session).version, state(session).current.status) == (2, "open")


def test_a_version_of_the_future_is_late_too(desk):
    assert desk.ask("start", seen=7).status_code == 409


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "0x1", "9" * 40, "\x00", " 0", "0 ", NASTY])
def test_a_version_that_is_no_number_is_refused_and_changes_nothing(desk, version):
    before = record()
    response = desk.ask("start", seen=version)
    sentence = "Dat kan nu niet. Kies de grote knop voor de volgende stap."
    assert (response.status_code, sentence in words(response)) == (422, True)
    assert record() == before


# ---- Commands that do not fit ----


SENTENCES = {
    "not-now": "Dat kan nu niet. Kies de grote knop voor de volgende stap.",
    "first-question": "Dit is de eerste vraag. Een stap terug kan hier niet.",
    "nothing-to-undo": "Er is niets om terug te draaien.",
    "paused": "Even pauze. We gaan zo verder.",
    "ended": "Deze bijeenkomst is al afgelopen. Vraag de begeleider om het verslag.",
    "no-such-way": "Die weg is er niet. Kies een van de knoppen.",
    "answer-missing": "Kies eerst wat de groep kiest.",
    "unknown-answer": "Dat antwoord kennen we niet. Kies een antwoord uit de lijst.",
    "how-missing": "Kies hoe dit is besloten.",
    "why-missing": "Vul een zin in bij Waarom.",
    "too-long": "Die zin is te lang. Maak er 300 tekens van, of minder.",
}
REFUSED = {
    "a step that does not fit": (("start",), "close", {}, "not-now"),
    "a step that does not exist": (("start",), "hack", {}, "not-now"),
    "no step": (("start",), "", {}, "not-now"),
    "a step in capitals": ((), "START", {}, "not-now"),
    "back at the first question": (("start",), "back", {}, "first-question"),
    "undo twice": (("start", "undo"), "undo", {}, "nothing-to-undo"),
    "open in a break": (("start", "pause"), "open", {}, "paused"),
    "open after the end": (("start", "stop"), "open", {}, "ended"),
    "a way without a choice": (("start",), "follow", {}, "no-such-way"),
    "a way that is no number": (("start",), "follow", {"choice": "links"}, "no-such-way"),
    "a way where there is none": (("start",), "follow", {"choice": "0"}, "not-now"),
}


@pytest.mark.parametrize(("way", "command", "fields", "code"), REFUSED.values(), ids=REFUSED)
def test_a_command_that_does_not_fit_is_answered_clearly_and_changes_nothing(desk, way, command, fields, code):
    desk.press(*way)
    before = record()
    page = desk.ask(command, **fields)
    assert (page.status_code, SENTENCES[code] in words(page)) == (422, True)
    assert refusal(desk.ask(command, as_json=True, **fields)) == (422, code, SENTENCES[code])
    assert record() == before


WRONG_DECISIONS = {
    "without an answer": ({"answer": None}, "answer-missing"),
    "for an unknown answer": ({"answer": NASTY}, "unknown-answer"),
    "without how": ({"how": None}, "how-missing"),
    "by dice": ({"how": "dobbelsteen"}, "how-missing"),
    "with an empty why": ({"why": ""}, "why-missing"),
    "with a blank why": ({"why": " \t\r\n \x00\x07"}, "why-missing"),
    "without a why": ({"why": None}, "why-missing"),
    "with a why of 301 characters": ({"why": "x" * 301}, "too-long"),
    "with 301 trees": ({"why": "🌳" * 301}, "too-long"),
    "with an endless why": ({"why": "x " * 20_000}, "too-long"),
    "with another sound of 301 characters": ({"other": "x" * 301}, "too-long"),
}


@pytest.mark.parametrize(("changes", "code"), WRONG_DECISIONS.values(), ids=WRONG_DECISIONS)
def test_a_wrong_decision_is_answered_clearly_and_changes_nothing(desk, changes, code):
    desk.press("start", "open", "close", "reveal", "split")
    before = record()
    fields = {name: text for name, text in decide_fields(**changes).items() if text is not None}
    page = desk.ask("decide", **fields)
    assert (page.status_code, SENTENCES[code] in words(page)) == (422, True)
    assert refusal(desk.ask("decide", as_json=True, **fields)) == (422, code, SENTENCES[code])
    assert record() == before


def banner_of(response) -> list[str]:
    """The classes of the banner."""
    return re.search(r'class="([^"]*)"', tag(response, "p", 'id="banner"'))[1].split()


def test_only_what_went_wrong_is_red(desk, session, monkeypatch):
    monkeypatch.setattr(practice, "start_simulator", lambda code: None)
    GroupSession.objects.update(is_practice=True)
    refused = desk.ask("close")
    assert banner_of(refused) == ["banner", "banner--alarm"]
    desk.client.post(f"/b/{session.code}/oefenen")
    good = desk.page()
    assert banner_of(good) == ["banner", "banner--good"]


def test_the_decision_is_judged_by_us_and_enter_in_a_choice_is_the_big_button(desk):
    desk.press("start", "open", "close", "reveal", "split")
    page = desk.page()
    assert " novalidate" in tag(page, "form", 'id="act"')
    # A browser presses the first button of a form, wherever on the page it stands.
    first = next(button for button in tags(page, "button") if "form=" not in button or 'form="act"' in button)
    assert first == '<button hidden name="command" value="decide">'


def test_what_was_typed_stays_on_the_page_of_a_refusal(desk):
    desk.press("start", "open", "close", "reveal", "split")
    page = desk.ask("decide", **decide_fields(why="", how="facilitator", other=NASTY)).content.decode()
    assert page.count(NASTY_IN_HTML) == 1
    assert 'id="how-facilitator" checked' in page
    assert 'id="decide-A" required checked' in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("x" * 300, "x" * 300),
        ("🌳" * 300, "🌳" * 300),
        ("  Het   is\r\n\tdruk.  ", "Het is druk."),
        ("Bel\x07 en\x00 nul\x1b", "Bel en nul"),
        (NASTY, NASTY),
    ],
    ids=["300 characters", "300 trees", "white space", "control characters", "markup"],
)
def test_a_why_is_kept_as_one_clean_line(desk, typed, kept):
    desk.press("start", "open", "close", "reveal", "split")
    assert desk.ask("decide", **decide_fields(why=typed, other=typed)).status_code == 302
    decision = Decision.objects.get()
    assert (decision.why, decision.other) == (kept, kept)


def test_markup_in_a_why_is_only_text_on_the_console(desk):
    desk.press("start", "open", "close", "reveal", "split")
    desk.ask("decide", **decide_fields(why=NASTY))
    page = desk.page().content.decode()
    assert NASTY_IN_HTML in page
    assert "<script>alert" not in page


def test_a_step_back_keeps_its_reason(desk):
    desk.press("start", "open", "close", "reveal", "split")
    desk.ask("decide", **decide_fields())
    desk.press("next")
    desk.ask("back", why=" Er lag\x00 nog een wens. ")
    assert list(Round.objects.order_by("number").values_list("number", "withdrawn", "back_why")) == [
        (1, True, "Er lag nog een wens."), (2, True, ""), (3, False, ""),
    ]  # fmt: skip


def test_a_reason_to_go_back_of_301_characters_changes_nothing(desk):
    desk.press("start", "open", "close", "reveal", "split")
    desk.ask("decide", **decide_fields())
    before = record()
    response = desk.ask("back", why="x" * 301)
    assert (response.status_code, "Die zin is te lang. Maak er 300 tekens van, of minder." in words(response)) == (
        422,
        True,
    )
    assert record() == before


def test_a_way_on_from_an_end_that_is_not_there_changes_nothing(desk, session):
    library = load_library(session.edition_id, BASE)
    end = next(node for tree in library.trees if tree.phase == "startfase" for node in tree.nodes if node.is_end)
    desk.press("start")
    Round.objects.update(node=end.slug)
    before = record()
    sentence = "Die weg is er niet. Kies een van de knoppen."
    for choice in (str(len(end.follow_up)), "-1", "99999999999999999999", "9" * 3000):
        assert refusal(desk.ask("follow", as_json=True, choice=choice)) == (422, "no-such-way", sentence)
    assert record() == before
    desk.press("stop")


# ---- Counted hands ----


def hands() -> dict[tuple[str, str], int]:
    return {(row.answer, row.role): row.count for row in HandCount.objects.all()}


@pytest.mark.parametrize("way", [("start",), ("start", "open"), ("start", "open", "close")], ids=lambda way: way[-1])
def test_hands_are_kept_and_replace_what_was_counted_before(desk, way):
    desk.press(*way)
    assert desk.count(probleem__inwoner="7", wens__wijkprofessional="2").status_code == 302
    assert desk.count(probleem__inwoner=" 9 ", wens__wijkprofessional="").status_code == 302
    assert hands() == {("probleem", INW): 9}
    assert 'name="probleem:inwoner" value="9"' in desk.page().content.decode()


def test_a_script_that_counts_hands_gets_the_new_state(desk):
    desk.press("start", "open")
    frame = desk.count(as_json=True, probleem__inwoner="3").json()
    assert (frame["type"], 'name="probleem:inwoner" value="3"' in frame["html"]) == ("state", True)


@pytest.mark.parametrize("text", ["12", " 12 ", "١٢", "۱۲"])
def test_hands_are_counted_with_the_digits_of_any_keyboard(desk, text):
    desk.press("start", "open")
    assert 'name="probleem:inwoner" value="12"' in desk.count(as_json=True, probleem__inwoner=text).json()["html"]
    desk.ask("chairs", number=text)
    assert 'value="12"' in tag(desk.page(), "input", 'id="chairs"')


@pytest.mark.parametrize("text", ["-1", "1.5", "1000", "drie", "1e2", "²", "\x007", NASTY, "9" * 4000])
def test_hands_that_are_no_small_number_are_refused_and_change_nothing(desk, text):
    desk.press("start", "open")
    desk.count(probleem__inwoner="7")
    before = record()
    sentence = "Vul bij de handen hele getallen in, van 0 tot 999."
    page = desk.count(probleem__inwoner="1", wens__inwoner=text)
    assert (page.status_code, sentence in words(page)) == (422, True)
    assert refusal(desk.count(as_json=True, wens__inwoner=text)) == (422, "hands-number", sentence)
    assert record() == before


@pytest.mark.parametrize("round_", ["", "0", "2", "-1", "een", "1.0", "9" * 4000])
def test_hands_for_another_round_are_refused_and_change_nothing(desk, round_):
    desk.press("start", "open")
    before = record()
    sentence = "We zijn al verder. Kijk naar de vraag van nu."
    assert refusal(desk.count(round_, as_json=True, probleem__inwoner="7")) == (422, "round-old", sentence)
    assert record() == before


def test_hands_in_the_lobby_are_refused(desk):
    assert refusal(desk.count(as_json=True, probleem__inwoner="7"))[:2] == (422, "round-old")


@pytest.mark.parametrize("way", [("reveal",), ("reveal", "split")], ids=len)
def test_hands_after_the_reveal_are_refused_and_change_nothing(desk, way):
    desk.press("start", "open")
    desk.count(probleem__inwoner="7")
    desk.press("close", *way)
    before = record()
    page = desk.count(probleem__inwoner="8")
    assert (page.status_code, "Dat lukte niet. De stemming was al dicht." in words(page)) == (422, True)
    assert record() == before


def test_hands_in_the_fields_travel_with_a_step_or_neither_happens(desk, session):
    desk.press("start", "open")
    typed = {"round": "1", "probleem:inwoner": "7", "probleem:inwoner:seen": "0"}
    page = desk.ask("close", **{**typed, "wens:inwoner": "veel"})
    assert (page.status_code, hands(), state(session).current.status) == (422, {}, "open")
    # What was typed is still there, and so is what is kept.
    assert 'name="probleem:inwoner" value="7"' in page.content.decode()
    assert " hidden" not in tag(page, "span", 'id="kept-A-inwoner"')
    assert "bewaard: 0" in words(page)
    assert desk.ask("close", **typed).status_code == 302
    assert (hands(), state(session).current.status) == ({("probleem", INW): 7}, "closed")
    assert " hidden" in tag(desk.page(), "span", 'id="kept-A-inwoner"')


def test_a_form_that_is_behind_wipes_no_hands_and_is_told_about_its_own_field_alone(desk):
    desk.press("start", "open")
    seen = {"probleem:inwoner:seen": "0", "wens:inwoner:seen": "0"}

    def keep(**hands: str):
        fields = {f"{answer}:inwoner": number for answer, number in hands.items()}
        return desk.client.post(f"/b/{desk.code}/handen", {"round": "1", **seen, **fields})

    keep(probleem="7", wens="0")
    assert keep(probleem="0", wens="2").status_code == 302
    assert hands() == {("probleem", INW): 7, ("wens", INW): 2}
    refused = keep(probleem="5", wens="0")
    sentence = "Iemand anders telde hier net iets anders. Kijk naar de handen en bewaar ze nog een keer."
    assert (refused.status_code, sentence in words(refused)) == (409, True)
    assert 'name="probleem:inwoner" value="5"' in refused.content.decode()
    assert "bewaard: 7" in words(refused)
    assert hands() == {("probleem", INW): 7, ("wens", INW): 2}


def test_enter_among_the_hands_is_no_step_also_without_script(desk, session):
    desk.press("start", "open")
    first = next(button for button in tags(desk.page(), "button") if 'form="act"' in button or "form=" not in button)
    assert first == f'<button hidden formaction="/b/{session.code}/handen">'


def test_an_undo_is_named_after_its_step_and_after_a_colleague(desk, session, team, django_user_model):
    desk.press("start", "open")
    assert "Maak ongedaan: open de stemming" in words(desk.page())
    assert "(van alice)" not in words(desk.page())
    carol = django_user_model.objects.create_user("carol")
    team.members.add(carol)
    colleague = Desk(carol, session.code)
    assert "Maak ongedaan: open de stemming (van alice)" in words(colleague.page())
    colleague.count(probleem__inwoner="7")
    assert "Maak ongedaan: bewaar de handen (van carol)" in words(desk.page())
    desk.press("undo")
    assert (hands(), state(session).current.status) == ({}, "open")


def test_every_step_has_a_name_to_undo_it_by(desk, session):
    desk.press("start")
    for step in {*COMMANDS, "hands"} - {"undo"}:
        kept = msgspec.json.encode(State(phase="startfase", step=step))
        GroupSession.objects.update(previous_state=kept, version=desk.version + 1)
        (label,) = re.findall(r"Maak ongedaan(.*?)</button>", desk.page().content.decode(), re.S)
        assert re.fullmatch(r": [a-zA-Z1 ]+", " ".join(label.split())), step


def test_a_vote_that_was_closed_too_early_is_opened_again_by_a_button_that_is_not_the_big_one(desk, session):
    desk.press("start", "open", "close")
    page = desk.page().content.decode()
    assert ("Open de stemming weer" in page, 'value="reveal" id="next"' in page) == (True, True)
    desk.press("continue")
    assert state(session).current.status == "open"
    desk.press("close", "reveal", "undo")
    assert "Open de stemming weer" not in desk.page().content.decode()


def test_hands_for_an_answer_of_other_roles_are_not_counted(desk):
    """The form has no such field; who sends one all the same is not heard."""
    desk.press("start", "open")
    assert desk.count(opdracht__inwoner="7", geen__inwoner="3", probleem__burgemeester="4").status_code == 302
    assert hands() == {}


# ---- What the console shows ----


def test_who_voted_is_shown_per_role_and_without_names(desk, session):
    desk.press("start", "open")
    voters = [Phone(session.code, role) for role in (INW, INW, PRO)]
    Phone(session.code, AMB)
    voters[0].vote("wens")
    voters[2].vote("wens")
    shown = "Gestemd 2 van 4 Inwoners 1 van 2 Wijkprofessionals 1 van 1 Beleidsambtenaren 0 van 1"
    assert shown in spaced(desk.page())


def test_who_watches_is_counted_apart(desk, session):
    Phone(session.code, "")
    Phone(session.code, INW)
    assert "Binnen 1 " in words(desk.page())
    assert "1 kijkt mee" in words(desk.page())


def test_a_tie_is_told(desk, session):
    desk.press("start", "open")
    for answer in ("probleem", "wens", "probleem", "wens"):
        Phone(session.code, INW).vote(answer)
    desk.press("close", "reveal", "split")
    assert "A en B zijn gelijk. We praten verder en kiezen samen." in words(desk.page())


def test_a_poll_says_nothing_twice_and_speaks_again_when_somebody_votes(desk, session):
    desk.press("start", "open")
    phone = Phone(session.code, INW)
    fresh = desk.poll()
    again = desk.poll(**{"If-None-Match": fresh.headers["ETag"]})
    assert (fresh.status_code, again.status_code, again.content) == (200, 304, b"")
    phone.vote("wens")
    assert desk.poll(**{"If-None-Match": fresh.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("way", [(), ("start", "open"), ("start", "open", "close", "reveal", "split")], ids=len)
def test_thirty_participants_cost_no_more_queries_than_one(desk, session, way):
    desk.press(*way)
    round_ = Round.objects.filter(session=session).first()

    def join(role: str, seat) -> None:
        person = take_seat(session.code, seat, role)
        if round_:
            Vote.objects.create(round=round_, participant=person, role=role, answer="wens", cast_at=timezone.now())

    def count(ask) -> int:
        Shelf.clear_all()
        with CaptureQueriesContext(connection) as queries:
            ask()
        return len(queries)

    asks = (lambda: load_session(session.code, BASE), desk.page, desk.poll)
    join(INW, SEATS[0])
    alone = [count(ask) for ask in asks]
    for place, seat in enumerate(SEATS[1:]):
        join((INW, PRO, AMB)[place % 3], seat)
    assert [count(ask) for ask in asks] == alone
    assert alone[0] <= 6


SEATS = [uuid.UUID(int=number) for number in range(1, 31)]


def test_a_command_costs_the_same_with_thirty_votes_as_with_one(desk, session):
    desk.press("start", "open")
    run_command(session.code, Close(), seen=desk.version, actor=LEADER)
    round_ = Round.objects.get()

    def reveal_and_undo() -> int:
        Shelf.clear_all()
        with CaptureQueriesContext(connection) as queries:
            desk.press("reveal", "undo")
        return len(queries)

    alone = reveal_and_undo()
    for seat in SEATS:
        person = take_seat(session.code, seat, INW)
        Vote.objects.create(round=round_, participant=person, role=INW, answer="wens", cast_at=timezone.now())
    assert reveal_and_undo() == alone


# ---- What was decided ----


def test_a_decision_that_was_undone_is_filled_in_again(desk):
    desk.press("start", "open", "close", "reveal", "split")
    desk.ask("decide", **decide_fields(answer="wens", why="Een <hele> zin.", other="Er was twijfel."))
    desk.press("undo")
    page = desk.page()
    assert [field for field in tags(page, "input") if " checked" in field] == [
        tag(page, "input", 'value="wens"'), tag(page, "input", 'value="talk"'),
    ]  # fmt: skip
    written = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.content.decode())
    assert written == ["Een &lt;hele&gt; zin.", "Er was twijfel."]


def test_what_was_just_typed_comes_before_what_was_undone(desk):
    desk.press("start", "open", "close", "reveal", "split")
    desk.ask("decide", **decide_fields(why="De eerste zin."))
    desk.press("undo")
    page = desk.ask("decide", **decide_fields(why="", other="Nu anders."))
    assert re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.content.decode()) == ["", "Nu anders."]


def test_the_card_of_a_decision_tells_of_another_voice(desk):
    desk.press("start", "open", "close", "reveal", "split")
    desk.ask("decide", **decide_fields(other="Er was twijfel."))
    assert "Een ander geluid: Er was twijfel." in words(desk.page())


def test_what_each_role_chose_can_be_opened_while_deciding(desk, session):
    for _ in range(3):
        Phone(session.code, INW)
    desk.press("start", "open")
    people = Participant.objects.all()
    round_ = Round.objects.get()
    Vote.objects.bulk_create(
        Vote(round=round_, participant=person, role=INW, answer="wens", cast_at=timezone.now()) for person in people
    )
    desk.press("close", "reveal")
    assert 'id="per-role"' not in desk.page().content.decode()
    desk.press("split")
    assert "Wat elke rol koos" in words(desk.page())
    assert tag(desk.page(), "details", 'id="per-role"') == '<details class="more" id="per-role">'


# ---- The plan on the beamer ----


@pytest.mark.parametrize("way", [(), ("start",), ("start", "open", "close", "reveal")], ids=len)
def test_the_console_says_that_the_plan_stands_on_the_beamer_and_takes_it_away(desk, session, way):
    desk.press(*way)
    before = tags(desk.page(), "h1")
    assert "Op de beamer staat nu" not in words(desk.page())
    desk.press("plan")
    page = desk.page()
    assert "Op de beamer staat nu: ons plan" in words(page)
    assert tags(page, "h1") == before
    assert len([button for button in tags(page, "button") if 'value="walk"' in button]) == 1
    desk.press("walk")
    assert "Op de beamer staat nu" not in words(desk.page())


# ---- Cards on the beamer ----


def test_every_opened_answer_diamond_and_shovel_can_be_put_on_the_beamer(desk, library, session):
    desk.press("start", "open", "close", "reveal")
    shown = desk.page().content.decode()
    node = library.node(library.start("startfase"))
    cards = {f"answer/{answer.slug}" for answer in node.answers}
    cards |= {f"element/{library.element(use.number).slug}" for answer in node.answers for use in answer.elements}
    cards |= {f"intervention/{use.slug}/1" for answer in node.answers for use in answer.interventions}
    assert set(re.findall(r'name="card" value="([^"]+)"', shown)) == cards
    for card in sorted(cards):
        assert desk.ask("show", card=card).status_code == 302
        assert state(session).screen == card


def test_the_console_says_which_card_stands_on_the_beamer_and_takes_it_away(desk, session):
    desk.press("start")
    assert desk.ask("show", card="intervention/abcd/2").status_code == 302
    assert "Op de beamer staat nu: ABCD (deel 2 van 3)" in spaced(desk.page())
    desk.press("walk")
    assert "Op de beamer staat nu" not in spaced(desk.page())
    assert state(session).screen == "walk"


@pytest.mark.parametrize("card", [None, "", "plan", "element/bestaat-niet", "answer/probleem", "<script>", "a" * 5000])
def test_a_card_that_is_not_there_is_refused_and_nothing_changes(desk, session, card):
    desk.press("start")
    before = record()
    answer = desk.ask("show", as_json=True, **({} if card is None else {"card": card}))
    assert refusal(answer)[1] == "unknown-card"
    assert record() == before
