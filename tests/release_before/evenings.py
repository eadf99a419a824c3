"""Plays some meetings through the addresses of Buurtboom, for a database to migrate later. See `README.md`.

Only addresses and the names of fields are used, so that it runs in a release whose modules had other names.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facilitation.settings")
django.setup()

from django.conf import settings  # noqa: E402

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.base_user import AbstractBaseUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

PASSWORD = "vogels-in-de-boom"
ROLES = ["inwoner"] * 4 + ["wijkprofessional"] * 2 + ["beleidsambtenaar"] * 3
WHY = "Dat hoorden we bij de bus. <b>Echt</b> & 🌳"


class Clock:
    """The time of the meetings, which goes on whenever somebody asks for it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 5, 17, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=7)
        return self.now


clock = Clock()


class Meeting:
    """One meeting: its facilitator, and the phones of who is there."""

    def __init__(self, leader: Client, title: str, buurt: str, phase: str, people: int = 9, **fields: str) -> None:
        self.leader = leader
        form = {"title": title, "buurt": buurt, "phase": phase, "team": "1", **fields}
        made = leader.post("/bijeenkomsten", form)
        self.code = re.search(r"/b/([A-Z0-9]{6})/", made["Location"])[1]
        self.phones = []
        for role in ROLES[:people]:
            phone = Client(HTTP_HOST="localhost")
            phone.get(f"/m/{self.code}/rol")
            assert phone.post(f"/m/{self.code}/rol", {"role": role}).status_code == 302
            self.phones.append(phone)

    def page(self, name: str = "console") -> str:
        return self.leader.get(f"/b/{self.code}/{name}").content.decode()

    def order(self, command: str, **fields: str) -> None:
        page = self.page()
        version = re.search(r'name="version" value="(\d+)"', page)[1]
        answer = self.leader.post(
            f"/b/{self.code}/opdracht",
            {"command": command, "version": version, **fields},
            HTTP_ACCEPT="application/json",
        )
        assert answer.status_code == 200, (command, answer.content)

    def vote(self, letters: str) -> None:
        """One letter per phone; a dot does not vote."""
        for phone, letter in zip(self.phones, letters, strict=False):
            page = phone.get(f"/m/{self.code}").content.decode()
            round_ = re.search(r'data-round="(\d+)"', page)[1]
            answers = re.findall(r'data-letter="([A-E])".*?name="answer" value="([a-z0-9-]+)"', page, re.DOTALL)
            slug = dict(answers).get(letter)
            if slug:
                assert phone.post(f"/m/{self.code}/stem", {"round": round_, "answer": slug}).status_code == 302

    def count(self, **hands: int) -> None:
        """Raised hands: `count(probleem__inwoner=3)`."""
        round_ = re.search(r'name="round" value="(\d+)"', self.page())[1]
        fields = {name.replace("__", ":").replace("_", "-"): str(number) for name, number in hands.items()}
        assert self.leader.post(f"/b/{self.code}/handen", {"round": round_, **fields}).status_code == 302

    def play(self, letters: str, answer: str, how: str = "talk", why: str = WHY, other: str = "", **hands: int) -> None:
        """A question from opening it to its decision."""
        self.order("open")
        self.vote(letters)
        if hands:
            self.count(**hands)
        self.order("close")
        self.order("reveal")
        self.order("split")
        self.order("decide", answer=answer, how=how, why=why, other=other)

    def answers(self) -> list[str]:
        """What the question of now can be answered with."""
        return list(dict.fromkeys(re.findall(r'name="answer" value="([a-z0-9-]+)"', self.page())))

    def write(
        self, texts: list[str], who: str = "", due: str = "", *, line: str = r"\d+", strike: bool = False
    ) -> None:
        """Fill in this line of the plan, or the first that stands open."""
        page = self.leader.get(f"/b/{self.code}/plan?wijzig={line}").content.decode()
        form = re.search(rf'action="(/b/{self.code}/plan/{line})".*?name="seen" value="([^"]*)"', page, re.DOTALL)
        fields = {f"text-{number}": text for number, text in enumerate(texts)}
        fields |= {"who": who, "due": due, "seen": form[2], **({"strike": "1"} if strike else {})}
        answer = self.leader.post(form[1], fields)
        assert answer.status_code == 302, answer.content.decode()[-600:]

    def add(self, kind: str, text: str, who: str = "", due: str = "", *, strike: bool = False) -> None:
        """One more line of the group's own."""
        made = self.leader.post(f"/b/{self.code}/plan/nieuw", {"kind": kind})
        self.write([text], who, due, line=re.search(r"wijzig=(\d+)", made["Location"])[1], strike=strike)


def open_lines(meeting: Meeting) -> int:
    return len(re.findall(r'name="seen"', meeting.page("plan")))


def walk(meeting: Meeting, *, questions: int, write: bool = True) -> None:
    """Walk some questions with the votes of this hall, and fill in what each decision asks."""
    spreads = ["AABBABBAA", "ABABABABA", "AAAABBBBA", "BBAABAABB"]
    for number in range(questions):
        page_is_end = 'value="open"' not in meeting.page()
        if page_is_end:
            return
        meeting.order("open")
        meeting.vote(spreads[number % len(spreads)])
        meeting.order("close")
        meeting.order("reveal")
        meeting.order("split")
        page = meeting.page()
        first = re.search(r'name="answer"[^>]*value="([a-z0-9-]+)"', page)[1]
        meeting.order(
            "decide", answer=first, how="vote", why=f"{WHY} ({number})", other="Iemand wil wachten." * (number % 2)
        )
        for line in range(min(open_lines(meeting), 2) if write else 0):
            meeting.write([f"regel {number}.{line} <i>", "en nog iets"], "Fatma en Kees", "2026-12-01" if line else "")
        meeting.order("next")


def play_all() -> None:
    user = make_team()
    leader = Client(HTTP_HOST="localhost")
    leader.force_login(user)
    play_startfase_with_steps_back(leader)
    log_in_later(leader, user, datetime(2026, 11, 2, 18, 30, tzinfo=UTC))
    play_actiefase_with_a_plan(leader)
    log_in_later(leader, user, datetime(2026, 11, 9, 19, 0, tzinfo=UTC))
    play_half_a_meeting_of_two(leader)
    play_and_delete(leader)
    log_in_later(leader, user, datetime(2026, 11, 26, 18, 0, tzinfo=UTC))
    practise(leader)
    leave_a_vote_running(leader)
    Meeting(leader, "Nog niet begonnen", "Rivierenwijk", "richtfase", people=1)


def make_team() -> AbstractBaseUser:
    """Two people in the first team; returns the one who leads."""
    user = get_user_model().objects.create_user("sanne", password=PASSWORD, first_name="Sanne")
    other = get_user_model().objects.create_user("piet", password=PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM live_sessions_team ORDER BY id LIMIT 1")
        (team,) = cursor.fetchone()
        for person in (user, other):
            cursor.execute(
                "INSERT INTO live_sessions_team_members (team_id, user_id) VALUES (%s, %s)", [team, person.pk]
            )
    return user


def log_in_later(leader: Client, user: AbstractBaseUser, now: datetime) -> None:
    """On another evening: the login of the one before holds no more."""
    clock.now = now
    leader.force_login(user)


def play_startfase_with_steps_back(leader: Client) -> None:
    """A finished meeting, in which the group came back on a decision and voted again."""
    start = Meeting(leader, "Veilig oversteken", "Vogelbuurt", "startfase")
    start.order("start")
    start.play("AABBABBAA", "probleem", "vote", other="Liever eerst de wensen.", wens__inwoner=2)
    start.order("next")
    start.order("back", why="We <b>willen</b> toch eerst dromen.")
    start.order("open")
    start.vote("ABABABABA")
    start.order("close")
    start.order("reveal")
    start.order("again")
    start.play("BBBBBBBBB", "wens", "facilitator")
    start.order("next")
    walk(start, questions=4)
    start.order("stop")


def play_actiefase_with_a_plan(leader: Client) -> None:
    """A finished meeting, with lines of the group's own in its plan."""
    plan = Meeting(leader, "Het plein & <wij>", "Vogelbuurt", "actiefase")
    plan.order("start")
    walk(plan, questions=5)
    plan.add("doel", "In september speelt elk kind hier.", due="2027-09-01")
    plan.add("actie", "Wij zetten de bank terug.", "Ahmed")
    plan.add("actie", "Wie maait het gras?")
    plan.add("actie", "Wij zagen de boom om.", "Ahmed", strike=True)
    plan.order("stop")


def play_half_a_meeting_of_two(leader: Client) -> None:
    few = Meeting(leader, "Met z'n tweeën", "vogelbuurt", "richtfase", people=2)
    few.order("start")
    walk(few, questions=2)


def play_and_delete(leader: Client) -> None:
    gone = Meeting(leader, "Per ongeluk", "Bloemenbuurt", "startfase", people=3)
    gone.order("start")
    walk(gone, questions=1)
    gone.leader.post(f"/b/{gone.code}/verwijder")


def practise(leader: Client) -> None:
    practice = Meeting(leader, "Even oefenen", "Vogelbuurt", "startfase", people=4, practice="on")
    practice.order("start")
    walk(practice, questions=2)
    practice.add("actie", "Een regel van de oefening.", "Niemand")


def leave_a_vote_running(leader: Client) -> None:
    """A meeting of now: the second vote is open, with votes and hands in it."""
    running = Meeting(leader, "Deze avond", "Rivierenwijk", "evaluatiefase")
    running.order("start")
    walk(running, questions=1, write=False)
    running.order("open")
    running.vote("AB.AB....")
    running.count(**{f"{running.answers()[0].replace('-', '_')}__inwoner": 5}) if running.answers() else None


if __name__ == "__main__":
    with mock.patch.object(timezone, "now", clock):
        call_command("migrate", verbosity=0)
        call_command("publish_content", verbosity=0)
        play_all()
