"""The wall, without a socket: one thing at a time, and nothing that is not for the whole room."""

import re
import uuid
from datetime import date
from hashlib import sha256
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.languages import BASE
from sessions.models import GroupSession, PlanLine
from sessions.reading import count_beamer, recount
from sessions.rules.asking import Ballot
from sessions.rules.commands import COMMANDS
from sessions.shelf import Shelf
from sessions.writing.hands import Count, count_hands
from sessions.writing.meetings import open_session
from sessions.writing.plan import note_plan_hand
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_votes
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, spaced
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, words
from tests.plans import fill_line, make_line

INW, PRO, AMB = "inwoner", "wijkprofessional", "beleidsambtenaar"

pytestmark = pytest.mark.django_db


@pytest.fixture
def wall(session, alice):
    return Wall(session, alice)


class Wall:
    def __init__(self, session, user) -> None:
        self.session = session
        self.client = CarefulClient()
        self.client.force_login(user)

    def page(self):
        return self.client.get(f"/b/{self.session.code}/beamer")

    def poll(self, **headers: str):
        return self.client.get(f"/b/{self.session.code}/beamer/stand", headers=headers)

    def do(self, *names: str, **fields: str | int) -> None:
        for name in names:
            seen = GroupSession.objects.get(pk=self.session.pk).version
            run_command(self.session.code, COMMANDS[name](**fields), seen=seen, actor=LEADER)


def find_announced(page) -> str:
    """What a screen reader says when this state comes."""
    return unescape(re.search(r'data-announce="([^"]*)"', page.content.decode())[1]).strip()


def test_the_lobby_shows_the_code_and_who_is_in_per_role(wall, session, settings):
    settings.PUBLIC_URL = "http://192.168.1.7:8000"
    for role in (INW, INW, PRO, ""):
        Phone(session.code, role)
    shown = spaced(wall.page())
    assert f"{session.code[:3]} {session.code[3:]}" in shown
    assert "192.168.1.7:8000" in shown
    assert "3 binnen 2 inwoners 1 wijkprofessional 0 ambtenaren" in shown


def test_the_qr_never_leads_to_this_machine_itself(wall, settings):
    settings.PUBLIC_URL = ""
    assert "Er is geen netwerk. Telefoons kunnen nu niet meedoen." in words(wall.page())
    assert '<svg role="img"' not in wall.page().content.decode()


def test_an_open_vote_shows_only_how_many_voted(wall, session):
    phones = [Phone(session.code, role) for role in (INW, INW, PRO)]
    wall.do("start", "open")
    phones[0].vote("wens")
    assert "1 van 3 gestemd" in words(wall.page())
    phones[0].vote("probleem")
    assert "1 van 3 gestemd" in words(wall.page())


def test_votes_that_come_in_while_the_wall_counts_are_missing_nowhere(wall, session):
    """A phone votes after each statement. Whoever voted or can still vote is ten people at any moment."""
    people = [take_seat(session.code, uuid.uuid4(), INW) for _ in range(10)]
    wall.do("start", "open")
    left = list(people)

    def vote_after(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if left and sql.startswith("SELECT"):
            person, waiting = left[0], left[1:]
            left.clear()  # what the vote itself asks is no moment for another one
            assert cast_votes([Ballot(person.pk, 1, "probleem")]) == [None]
            left.extend(waiting)
        return result

    Shelf.clear_all()
    for _ in range(3):
        with connection.execute_wrapper(vote_after):
            turnout = count_beamer(recount.read_session(session.code, BASE)).turnout
        assert turnout.entitled == 10


def test_the_wall_of_a_hall_that_votes_by_hand_counts_no_phones_that_are_not_there(wall, session):
    wall.do("start", "open")
    assert ("Stem met je hand of een kaart." in words(wall.page()), "van 0" in words(wall.page())) == (True, False)
    count_hands(session.code, Count(1, {(INW, "probleem"): 11}), actor=LEADER)
    assert "11 handen geteld" in words(wall.page())
    count_hands(session.code, Count(1, {(INW, "probleem"): 1}), actor=LEADER)
    assert "1 hand geteld" in words(wall.page())
    wall.do("close")
    assert "1 hand geteld De stemming is dicht." in spaced(wall.page())
    wall.do("reveal")
    shown = spaced(wall.page())
    assert ("1 hand geteld" in shown, "gestemd" in shown, "1 stem" in shown, "0 stemmen" in shown) == (
        True,
        False,
        True,
        True,
    )


def test_phones_and_hands_together_are_counted_in_words(wall, session):
    for phone in [Phone(session.code, INW) for _ in range(3)]:
        wall.do(*(["start", "open"] if GroupSession.objects.get(pk=session.pk).version == 0 else []))
        phone.vote("probleem")
    count_hands(session.code, Count(1, {(INW, "wens"): 11}), actor=LEADER)
    wall.do("close", "reveal")
    assert "14 van 14 gestemd 3 telefoons, 11 handen" in spaced(wall.page())


TOGETHER = "Eerst samen. Daarna zie je het per rol."


@pytest.mark.parametrize(("roles", "comes"), [((INW, INW, INW, PRO, PRO, PRO), True), ((INW, INW, PRO), False)])
def test_the_wall_promises_a_result_per_role_only_where_it_comes(wall, session, roles, comes):
    phones = [Phone(session.code, role) for role in roles]
    wall.do("start", "open")
    for phone in phones:
        phone.vote("probleem")
    wall.do("close", "reveal")
    everywhere = [words(wall.page()), words(phones[0].page()), words(wall.client.get(f"/b/{session.code}/console"))]
    assert [TOGETHER in page for page in everywhere] == [comes] * 3
    assert ("Hierna zien jullie wat elke rol koos." in everywhere[2]) is comes
    assert find_announced(phones[0].page()) == "De uitslag is er."
    wall.do("split")
    after = "De uitslag per rol is er." if comes else "Alleen het totaal. De groepen zijn te klein om per rol te tonen."
    assert find_announced(phones[0].page()) == after
    assert find_announced(wall.client.get(f"/b/{session.code}/console")) == after
    assert [TOGETHER in page for page in (words(wall.page()), words(phones[0].page()))] == [False] * 2


def test_each_step_is_announced_as_what_it_is(wall, session):
    phone = Phone(session.code, INW)

    def hear() -> tuple[str, str]:
        return find_announced(phone.page()), find_announced(wall.client.get(f"/b/{session.code}/console"))

    wall.do("start")
    assert hear() == ("Een nieuwe vraag. Eerst lezen we samen.", "Waarom beginnen we?")
    wall.do("open")
    assert hear() == ("De stemming is open.", "De stemming is open.")
    wall.do("close", "again")
    assert hear() == ("We stemmen nog een keer over deze vraag. Eerst lezen we samen.", "Waarom beginnen we?")
    wall.do("open", "close", "reveal")
    wall.do("decide", answer="probleem", how="talk", why="Dat is zo.")
    wall.do("next")
    wall.do("back", why="")
    assert hear()[0] == "Jullie waren hier al. Eerst lezen we samen."


def test_a_plan_without_lines_says_so(wall):
    wall.do("start", "plan")
    said = "Vogelbuurt · Ons plan Ons plan We vullen het samen in. Zeg hardop wat erin moet. Hier staat nog niets."
    assert said in spaced(wall.page())


def test_the_plan_stands_on_the_wall_a_leaf_at_a_time(wall, session):
    wall.do("start", "open", "close", "reveal")
    wall.do("decide", answer="probleem", how="talk", why="Omdat.")
    line = session.plan_lines.get()
    make_line(session, kind="doel", prompt="Ons doel is: …", texts=["een veilige straat"])
    make_line(session, kind="voortgang", prompt="", texts=["kinderen fietsen weer"])
    for number in range(7):
        make_line(session, kind="actie", prompt="", texts=[f"meten {number}"])
    PlanLine.objects.filter(texts=["meten 0"]).update(who="Fatma", due=date(2020, 2, 12))
    make_line(session, kind="actie", prompt="", texts=["weg"], struck=True)
    wall.do("plan")
    goal = "Vogelbuurt · Ons plan een veilige straat We merken het als kinderen fietsen weer. Blad {} van 3"
    steps = " ".join(f"{number + 1} meten {number}. Wie?" for number in range(1, 6))
    assert f"{goal.format(1)} 1 meten 0. Fatma 12 feb 2020 {steps} Code" in spaced(wall.page())
    wall.do("plan", leaf=2)
    assert f"{goal.format(2)} 7 meten 6. Wie? Code" in spaced(wall.page())
    wall.do("plan", leaf=3)
    asked = "Wat schrijven we op? We vullen het samen in. Zeg hardop wat erin moet. Blad 3 van 3"
    assert f"{asked} Ons probleem in één zin is: … Code" in spaced(wall.page())
    wall.do("plan", leaf=4)
    assert goal.format(1) in spaced(wall.page())  # round again
    fill_line(line, "auto's rijden te hard")
    wall.do("plan", leaf=3)
    assert "Verhalen Ons probleem in één zin is: auto&#x27;s rijden te hard." in spaced(wall.page())
    wall.do("back")
    wall.do("plan")
    assert "Blad 1 van 2" in spaced(wall.page())


def test_while_somebody_writes_the_wall_shows_that_line_alone(wall, session):
    line = make_line(session, kind="actie", prompt="", texts=["meten"], who="Fatma")
    make_line(session, kind="actie", prompt="", texts=["tellen"])
    wall.do("start", "plan")
    note_plan_hand(session.trajectory_id, line.pk, "a", actor=LEADER)
    said = "Dit schrijven we nu op Klopt het zo? Zeg het hardop. meten. Fatma Code"
    assert said in spaced(wall.page())
    note_plan_hand(session.trajectory_id, None, "a", actor=LEADER)
    assert "1 meten. Fatma 2 tellen. Wie?" in spaced(wall.page())


def test_each_scene_says_what_it_is(wall):
    said = []
    for step in ((), ("start",), ("open",), ("close",), ("reveal",), ("pause",), ("resume", "plan"), ("walk", "stop")):
        wall.do(*step)
        frame = wall.poll().json()
        said.append((frame["scene"], frame["status"], frame.get("round")))
    assert said == [
        ("lobby", "lobby", None), ("question", "reading", 1), ("question", "open", 1), ("question", "closed", 1),
        ("result", "revealed", 1), ("paused", "revealed", 1), ("plan", "revealed", 1), ("ended", "revealed", 1),
    ]  # fmt: skip


def test_coming_back_to_a_question_is_told(wall):
    wall.do("start", "open", "close", "reveal")
    wall.do("decide", answer="probleem", how="talk", why="Omdat.")
    wall.do("back")
    assert "Jullie waren hier al. Toen kozen jullie A en gingen jullie terug." in words(wall.page())


def without_indent(html: str) -> str:
    """A frame carries none: that of the templates is for people."""
    return re.sub(r"\n\s+", "\n", html).strip()


def test_the_frame_of_a_poll_is_the_state_without_anything_of_one_phone(wall):
    wall.do("start", "open")
    frame = wall.poll().json()
    assert set(frame) == {"type", "version", "revision", "scene", "status", "html", "round"}
    assert without_indent(frame["html"]) in without_indent(wall.page().content.decode())


def test_a_poll_says_nothing_twice_and_speaks_again_after_every_change(wall, session):
    phone = Phone(session.code, INW)
    wall.do("start", "open")
    fresh = wall.poll()
    again = wall.poll(**{"If-None-Match": fresh.headers["ETag"]})
    assert (fresh.status_code, again.status_code, again.content) == (200, 304, b"")
    phone.vote("wens")  # a count changes, the version does not
    assert wall.poll(**{"If-None-Match": fresh.headers["ETag"]}).status_code == 200


def test_a_tag_is_the_same_in_every_process(wall):
    """Behind a proxy each poll may come to another process; Python's own hash differs in each."""
    first = wall.poll().headers["ETag"]
    assert first.strip('"') == sha256(wall.poll().content).hexdigest()[:16]


def test_markup_and_emoji_reach_the_wall_as_text(team, alice, edition):
    session = open_session(team=team, facilitator=alice, title=NASTY, buurt=NASTY, phase="startfase", actor=LEADER)
    wall = Wall(session, alice)
    wall.do("start", "open", "close", "reveal")
    wall.do("decide", answer="probleem", how="talk", why=NASTY, other=NASTY)
    page = wall.page().content.decode()
    assert page.count(NASTY_IN_HTML) == 3  # the title of the window, the why and the other sound
    assert "<script>alert" not in page


def test_a_practice_is_marked_as_one(team, alice, edition):
    session = open_session(
        team=team, facilitator=alice, title="x", buurt="y", phase="startfase", practice=True, actor=LEADER
    )
    assert "Oefening" in words(Wall(session, alice).page())


def test_after_the_end_the_wall_invites_nobody_any_more(team, alice, edition, settings):
    settings.PUBLIC_URL = "http://192.168.1.7:8000"
    session = open_session(
        team=team, facilitator=alice, title="x", buurt="y", phase="startfase", practice=True, actor=LEADER
    )
    wall = Wall(session, alice)
    wall.do("start")
    assert "Doe mee: 192.168.1.7:8000" in words(wall.page())
    wall.do("stop")
    frame = wall.poll().json()["html"]
    assert [part in frame for part in ("Doe mee", session.code[:3], "<svg", "Oefening")] == [False, False, False, True]


def test_a_reload_shows_the_same(wall):
    wall.do("start", "open")
    assert words(wall.page()) == words(wall.page())


def test_thirty_people_cost_no_more_queries_than_one(wall, session):
    def count(ask) -> int:
        Shelf.clear_all()
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        return len(queries)

    take_seat(session.code, uuid.UUID(int=1), INW)
    alone = [count(ask) for ask in (wall.page, wall.poll)]
    for number in range(2, 31):
        take_seat(session.code, uuid.UUID(int=number), (INW, PRO, AMB)[number % 3])
    assert [count(ask) for ask in (wall.page, wall.poll)] == alone


def test_a_card_stands_in_front_of_the_question_on_the_wall_and_phones_stay_where_they_are(wall, session):
    phone = Phone(session.code, INW)
    wall.do("start", "open", "close", "reveal")
    before = words(phone.page())
    wall.do("show", card="answer/probleem")
    shown = words(wall.page())
    assert "Een probleem geeft vaak energie" in shown or "Er is een probleem dat we willen aanpakken." in shown
    assert "De uitslag" not in shown
    wall.do("show", card="element/inclusief-werken")
    assert "Werkzaam element 2 Inclusief werken" in words(wall.page())
    assert words(phone.page()) == before
    wall.do("walk")
    assert "De uitslag" in words(wall.page())


def test_an_intervention_is_shown_in_parts_and_together_they_tell_all_of_it(wall, library):
    wall.do("start")
    studio = library.intervention("studio-bruis")
    told = ""
    for part in (1, 2, 3):
        wall.do("show", card=f"intervention/studio-bruis/{part}")
        assert f"deel {part} van 3" in words(wall.page())
        told += words(wall.page())
    texts = [studio.one_line, studio.for_whom, studio.goal, studio.who, *studio.steps, *studio.conditions,
             *studio.limits, studio.evidence.text]  # fmt: skip
    assert [text for text in texts if text not in told] == []


def test_a_break_takes_a_card_off_the_wall_and_afterwards_it_is_back(wall):
    wall.do("start")
    wall.do("show", card="element/inclusief-werken")
    wall.do("pause")
    assert "Inclusief werken" not in words(wall.page())
    wall.do("resume")
    assert "Inclusief werken" in words(wall.page())


def test_the_qr_stands_large_on_the_wall_until_a_break_and_phones_stay_where_they_are(wall, session, settings):
    settings.PUBLIC_URL = "http://192.168.1.5:8000"
    wall.do("start", "open")
    before = Phone(session.code, INW).poll().json()
    wall.do("invite")
    page = wall.page()
    assert "Scan dit vierkant. Of ga naar 192.168.1.5:8000" in words(page)
    assert page.content.decode().count('<svg role="img"') == 1  # the dialog of key Q takes it from here
    assert Phone(session.code, INW).poll().json()["scene"] == before["scene"] == "question"
    wall.do("pause")
    assert "Scan dit vierkant" not in words(wall.page())
