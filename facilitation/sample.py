"""A trajectory as a neighbourhood lives it: four meetings in a year, one plan. For a first look, pictures and tests.

Everything goes the way it goes in a hall, through the writers; only the clock is set back afterwards.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from content.editions import load_library
from content.graph import Answer, Node
from content.languages import BASE
from sessions.models import GroupSession, Participant, PlanChange, PlanLine, Round, Team, Trajectory, Vote
from sessions.rows import read_state
from sessions.rules.actors import SYSTEM
from sessions.rules.asking import Ballot
from sessions.rules.commands import Close, Command, Decide, Next, Open, Reveal, Split, Start, Stop
from sessions.writing.evaluation import keep_measurement, keep_tale
from sessions.writing.meetings import open_session
from sessions.writing.plan import add_plan_line, set_next_time, write_plan_line
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_votes
from sessions.writing.walk import run_command

BUURT = "Lijsterbuurt"
GOALS = ("Kinderen lopen veilig naar de Lijsterschool", "Buren kennen elkaar weer")
MOST_QUESTIONS = 6  # that a group walks in one evening


class SampleEvening(NamedTuple):
    """An evening, so many days ago."""

    ago: int
    phase: str
    title: str
    people: Mapping[str, int]
    why: tuple[str, ...]


MEETINGS = (
    SampleEvening(
        330,
        "startfase",
        "Hoe is het in onze straat?",
        {"inwoner": 9, "wijkprofessional": 3, "beleidsambtenaar": 1},
        ("Veel mensen noemen het hard rijden.", "We kennen nog niet iedereen.", "De cijfers en de verhalen kloppen."),
    ),
    SampleEvening(
        270,
        "richtfase",
        "Wat willen we bereiken?",
        {"inwoner": 12, "wijkprofessional": 3, "beleidsambtenaar": 3},
        ("Iedereen kent het zebrapad bij de school.", "Twee ouders hebben al een plan.", "Tellen kan maandag al."),
    ),
    SampleEvening(
        120,
        "actiefase",
        "Wie doet wat?",
        {"inwoner": 8, "wijkprofessional": 4, "beleidsambtenaar": 2},
        ("We doen het samen.", "Fatma belt wie er niet was.", "De gemeente helpt met de borden."),
    ),
    SampleEvening(
        20,
        "evaluatiefase",
        "Is het beter geworden?",
        {"inwoner": 14, "wijkprofessional": 3, "beleidsambtenaar": 3},
        ("Wie hier woont, merkt het.", "De cijfers zeggen hetzelfde.", "We gaan door met wat werkt."),
    ),
)


def make_sample(team: Team, facilitator: User | None) -> Trajectory:
    """Play the four meetings, each on its own day, and what was written between them."""
    trajectory = Trajectory.objects.create(team=team, buurt=_pick_name(team))
    for meeting, write in zip(MEETINGS, (write_picture, write_plan, write_progress, write_results), strict=True):
        began = timezone.now()
        session = play(meeting, team, facilitator, trajectory)
        write(trajectory)
        give(session, Stop())
        set_back(session, measure_back(timezone.localtime(), meeting.ago), since=began)
    soon = timezone.localdate() + timedelta(days=40)
    when = {"day": soon, "hour": time(19, 30), "place": "Buurthuis De Merel"}
    set_next_time(trajectory.pk, when, was={}, actor=SYSTEM)
    trajectory.refresh_from_db()
    return trajectory


def _pick_name(team: Team) -> str:
    """The buurt of the sample; with a number where the team has one already."""
    known = Trajectory.objects.filter(team=team, buurt__startswith=BUURT).count()
    return f"{BUURT} {known + 1}" if known else BUURT


def play(meeting: SampleEvening, team: Team, facilitator: User | None, joins: Trajectory) -> GroupSession:
    """An evening from its first question to its last."""
    session = open_session(
        team=team,
        facilitator=facilitator,
        title=meeting.title,
        buurt=joins.buurt,
        phase=meeting.phase,
        joins=joins,
        actor=SYSTEM,
    )
    roles = [role for role, count in meeting.people.items() for _ in range(count)]
    people = [take_seat(session.code, uuid.uuid4(), role) for role in roles]
    library = load_library(session.edition_id, BASE)
    give(session, Start())
    for number in range(MOST_QUESTIONS):
        current = read_state(GroupSession.objects.get(pk=session.pk)).current
        if current is None or library.node(current.place).is_end:
            break
        chosen = vote_all(session, library.node(current.place), current.number, people)
        why = meeting.why[number % len(meeting.why)]
        give(session, Reveal(), Split(), Decide(answer=chosen.slug, how="talk", why=why))
        if chosen.next.startswith("fase:"):
            break  # the next phase is for the next evening
        give(session, Next())
    return session


def give(session: GroupSession, *commands: Command) -> None:
    for command in commands:
        seen = GroupSession.objects.values_list("version", flat=True).get(pk=session.pk)
        run_command(session.code, command, seen=seen, actor=SYSTEM)


def vote_all(session: GroupSession, node: Node, number: int, people: Iterable[Participant]) -> Answer:
    """Everybody votes on what their role may give, most for the first answer. Returns the one that most chose."""
    give(session, Open())
    ballots = []
    for turn, person in enumerate(people):
        choices = node.open_to(person.role)
        ballots.append(Ballot(person.pk, number, choices[0 if turn % 3 else -1], person.role))
    cast_votes(ballots)
    give(session, Close())
    return node.answers[0]


def measure_back(now: datetime, days: int) -> timedelta:
    """How long ago the clock on the wall said the same, so many days ago: in between it may have been put forward."""
    then = (now.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=now.tzinfo)
    return now - then.astimezone(UTC)


def set_back(session: GroupSession, ago: timedelta, *, since: Any) -> None:
    """As if the evening was so long ago."""
    for model, names in (
        (Round, ("entered_at", "opened_at", "closed_at", "revealed_at", "decided_at")),
        (Participant, ("joined_at", "seen_at")),
    ):
        known = {field.name for field in model._meta.get_fields()}
        shifts = {name: F(name) - ago for name in names if name in known}
        model.objects.filter(session=session).update(**shifts)
    GroupSession.objects.filter(pk=session.pk).update(
        created_at=F("created_at") - ago, acted_at=F("acted_at") - ago, ended_at=F("ended_at") - ago
    )
    Vote.objects.filter(round__session=session).update(cast_at=F("cast_at") - ago)
    steps = PlanChange.objects.filter(line__trajectory=session.trajectory_id, at__gte=since)
    steps.update(at=F("at") - ago, is_closed=True)


# ---- What the group wrote ----


def add(trajectory: Trajectory, kind: str, text: str, **fields: Any) -> PlanLine:
    return add_plan_line(trajectory.pk, kind, {"text-0": text, **fields}, actor=SYSTEM)


def find(trajectory: Trajectory, text: str) -> PlanLine:
    return next(line for line in trajectory.plan_lines.all() if line.texts == [text])


def change(trajectory: Trajectory, text: str, **fields: Any) -> None:
    """Write in the line with these words."""
    line = find(trajectory, text)
    write_plan_line(trajectory.pk, line.pk, fields, was=line.words.fields, actor=SYSTEM)


def day(in_days: int) -> date:
    return timezone.localdate() + timedelta(days=in_days)


def write_picture(trajectory: Trajectory) -> None:
    add(trajectory, "mensen", "mevrouw De Wit van nummer 12 kent de hele straat")
    add(trajectory, "plekken", "het zebrapad bij de Lijsterschool")
    add(trajectory, "verhalen", "een jongen werd bijna aangereden; sindsdien brengen ouders hun kind met de auto")
    add(trajectory, "cijfers", "41 auto's in het kwartier voor schooltijd")


def write_plan(trajectory: Trajectory) -> None:
    goal = add(trajectory, "doel", GOALS[0], due=day(100))
    second = add(trajectory, "doel", GOALS[1], due=day(200))
    steps = (
        ("een week lang auto's tellen bij het zebrapad", {"who": "Fatma", "may_name": True, "due": day(-200)}),
        ("een klaar-over vragen voor de ochtend", {"due": day(30)}),
        ("starten met een looproute", {"who": "Joost", "role": "wijkteam", "due": day(-100)}),
        ("borden aanvragen bij de gemeente", {"role": "gemeente", "doer": "council", "money": Decimal(1250)}),
    )
    for text, fields in steps:
        add(trajectory, "actie", text, goal=goal.pk, **fields)
    add(trajectory, "actie", "elke eerste zondag samen soep eten", goal=second.pk, who="Mirjam", due=day(12))
    add(trajectory, "nodig", "veiligheidshesjes voor de looproute")
    add(trajectory, "voorwaarde", "de gemeente levert twee borden")
    add(trajectory, "voortgang", "ouders laten hun kind weer lopen")


def write_progress(trajectory: Trajectory) -> None:
    change(trajectory, "een week lang auto's tellen bij het zebrapad", state="done")
    change(trajectory, "starten met een looproute", state="busy", look_back=day(-5))
    late = {"reply": "looking", "reply_words": "we kijken of het budget er is", "reply_by": "verkeerskundige"}
    change(trajectory, "borden aanvragen bij de gemeente", state="busy", reply_due=day(-30), **late)


def write_results(trajectory: Trajectory) -> None:
    first, second = (find(trajectory, text) for text in GOALS)
    cars = add(trajectory, "tellen", "auto's in het kwartier voor schooltijd", goal=first.pk)
    for in_days, number in ((-270, 41), (-120, 38), (-20, 31)):
        keep_measurement(trajectory.pk, cars.pk, Decimal(number), unit="auto's", day=day(in_days), actor=SYSTEM)
    walking = add(trajectory, "vertellen", "wat kinderen en ouders merken van de looproute", goal=first.pk)
    keep_tale(trajectory.pk, walking.pk, "Sam van negen loopt nu met drie vriendjes naar school.", actor=SYSTEM)
    eaters = add(trajectory, "tellen", "mensen die op zondag mee-eten", goal=second.pk)
    for in_days, number in ((-100, 9), (-20, 23)):
        keep_measurement(trajectory.pk, eaters.pk, Decimal(number), unit="mensen", day=day(in_days), actor=SYSTEM)
    change(trajectory, "een klaar-over vragen voor de ochtend", state="failed")
