"""Counts never leave the server before the reveal, and what small groups chose never does.

The tests compare worlds. In two worlds the same people vote, but they choose something else; then every payload of
every audience must be the same to the last byte. Whatever stood in any of them, a number, a width, an order or an ETag,
nobody can compute from it what differs. Beside each comparison stands its control: a difference that may be seen.
"""

import html
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from content.editions import load_library
from content.languages import BASE
from facilitation.live.render import Audience, draw_all
from facilitation.urls import urlpatterns
from sessions.models import GroupSession, HandCount, Participant, PlanLine, Proposal, Round, Vote
from sessions.rows import read_state
from sessions.rules.commands import COMMANDS, Close, Command, Decide, Gather, Open, Reveal, Start, Undo
from sessions.rules.state import State
from sessions.shelf import Shelf
from sessions.writing.hands import Count, count_hands
from sessions.writing.proposals import settle_proposal
from sessions.writing.results import keep_result
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, Socket, let_go_of_the_database, open_socket
from tests.facilitation.walking import words
from tests.sizes import name_ways, pick

INW, PRO, AMB = "inwoner", "wijkprofessional", "beleidsambtenaar"
ROLES = (INW, PRO, AMB)
A, B, E = "probleem", "wens", "eerst-luisteren"  # answers of the first question that are open to everybody
WHEN = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)

Cells = Mapping[tuple[str, str], int]  # (role, answer) -> votes

# The rooms of these tests. Nearly everybody is an inwoner; one ambtenaar came alone.
PEOPLE = {INW: 20, PRO: 6, AMB: 1}
WORLD = {(INW, A): 11, (INW, B): 5, (PRO, A): 1, (PRO, B): 3, (AMB, B): 1}
OTHER_TOTALS = {(INW, A): 4, (INW, B): 12, (PRO, A): 3, (PRO, B): 1, (AMB, A): 1}  # the same voters per role
SAME_TOTALS = {(INW, A): 8, (INW, B): 8, (PRO, A): 4, (AMB, B): 1}  # the same voters per role and totals per answer
SAME_POOLS = {(INW, A): 11, (INW, B): 5, (PRO, B): 4, (AMB, A): 1}  # professionals and the ambtenaar change places


class Hall:
    """A session with people, in which votes are dealt out by hand, and everything that anybody gets to see of it."""

    def __init__(self, session: GroupSession, leader: Any, **people: int) -> None:
        self.code, self.pk = session.code, session.pk
        self.library = load_library(session.edition_id, BASE)
        Participant.objects.bulk_create(
            Participant(session=session, seat=uuid.uuid4(), role=role)
            for role, count in people.items()
            for _ in range(count)
        )
        self.people = {
            role: list(Participant.objects.filter(session=session, role=role).order_by("pk")) for role in people
        }
        # Phones that look on: one of each role that never votes, and one that came to watch.
        self.phones = {role: Phone(self.code, role) for role in (*ROLES, "")}
        self.stranger = Phone(self.code, None)
        self.leader = CarefulClient()
        self.leader.force_login(leader)

    # ---- What happens ----

    @property
    def state(self) -> State:
        return read_state(GroupSession.objects.get(pk=self.pk))

    def do(self, *commands: Command) -> None:
        for command in commands:
            run_command(self.code, command, seen=self.state.version, actor=LEADER)

    def deal(self, cells: Cells, number: int | None = None) -> None:
        """These are the votes of a round (the current one), whatever was voted before."""
        round_ = Round.objects.get(session=self.pk, number=number or self.state.current.number)
        waiting = {role: iter(people) for role, people in self.people.items()}
        with transaction.atomic():
            round_.votes.all().delete()
            Vote.objects.bulk_create(
                Vote(round=round_, participant=next(waiting[role]), role=role, answer=answer, cast_at=WHEN)
                for (role, answer), count in cells.items()
                for _ in range(count)
            )
            if round_.was_shown:  # in this world the hall saw these votes
                round_.result = None
                round_.save()
                keep_result(round_, self.library)

    def raise_hands(self, cells: Cells) -> None:
        """These hands are counted in the current round, whatever was before, and nobody sees that they changed."""
        session = GroupSession.objects.get(pk=self.pk)
        HandCount.objects.filter(round__session=session).delete()
        count_hands(self.code, Count(self.state.current.number, cells), actor=LEADER)
        session.save()

    # ---- What anybody sees ----

    def collect(self) -> dict[str, str]:
        """Every payload of every audience, by name. Nothing in here changes the session."""
        Shelf.clear_all()  # votes changed here without a new version, as no command does
        seen = {
            name: tidy(text)
            for part in (self._phones, self._broadcasts, self._leaders, self._refusals, self._strangers)
            for name, text in part()
        }
        assert "" not in seen.values()
        return seen

    def _phones(self) -> Iterator[tuple[str, str]]:
        for role, phone in self.phones.items():
            name = f"phone of {role or 'a watcher'}"
            yield f"{name}: page", whole(phone.page())
            yield f"{name}: roles", whole(phone.client.get(f"/m/{self.code}/rol"))
            yield f"{name}: poll", whole(phone.poll())

    def _broadcasts(self) -> Iterator[tuple[str, str]]:
        audiences = {
            Audience("beamer", BASE),
            Audience("console", BASE),
            *(Audience("phone", BASE, role) for role in (*ROLES, "")),
        }
        states = draw_all(self.code, {audience: [""] for audience in audiences})
        again = draw_all(self.code, {audience: [picture.mark] for audience, picture in states.items()})
        for audience, picture in states.items():
            yield f"broadcast of state: {audience.view} {audience.role}", f"{picture.revision} {picture.state}"
        for audience, picture in again.items():
            if picture.counts:
                yield f"broadcast of counts: {audience.view} {audience.role}", picture.counts

    def _leaders(self) -> Iterator[tuple[str, str]]:
        for route in urlpatterns:
            path = "/" + str(route.pattern)
            # Every page, poll and download under a session: those of today and those that come later.
            if path.startswith("/b/<str:code>/") and "<int:" not in path:
                response = self.leader.get(path.replace("<str:code>", self.code))
                if response.status_code == 200:
                    yield f"leader: {route.name}", whole(response)
        yield "leader: overview", whole(self.leader.get("/bijeenkomsten"))

    def _refusals(self) -> Iterator[tuple[str, str]]:
        """Errors say no more than pages: votes and commands that are refused, as a page and as a frame."""
        number = self.state.current.number if self.state.current else 1
        tried = {"unknown answer": ("geen-antwoord", number), "old round": (A, number + 1), "no answer": ("", number)}
        for name, (answer, round_) in pick(list(tried.items())[:1], list(tried.items())):
            for as_json in (False, True):
                response = self.phones[INW].vote(answer, round_, as_json=as_json)
                assert response.status_code == 422
                yield f"refused vote, {name}, json {as_json}", whole(response)
        commands = {"late": ("open", "0"), "no version": ("open", "x"), "no why": ("decide", str(self.state.version))}
        for name, (command, version) in pick(list(commands.items())[:1], list(commands.items())):
            for accept in ("text/html", "application/json"):
                fields = {"command": command, "version": version, "answer": A, "how": "vote", "why": ""}
                response = self.leader.post(f"/b/{self.code}/opdracht", fields, headers={"Accept": accept})
                assert response.status_code in (409, 422)
                yield f"refused command, {name}, {accept}", whole(response)
        hands = self.leader.post(f"/b/{self.code}/handen", {"round": "999"})
        assert hands.status_code == 422
        yield "refused hands", whole(hands)

    def _strangers(self) -> Iterator[tuple[str, str]]:
        yield "stranger: poll", whole(self.stranger.poll())
        yield "stranger: console", whole(self.stranger.client.get(f"/b/{self.code}/console"))
        yield "stranger: no such page", whole(self.stranger.client.get(f"/b/{self.code}/stemmen"))


def whole(response: Any) -> str:
    """An answer with its headers: an ETag or a length can tell as well."""
    kept = {name: value for name, value in response.headers.items() if name not in ("Expires", "Last-Modified")}
    is_text = re.search("text|json", kept.get("Content-Type", ""))
    body = response.content.decode() if is_text else response.content.hex()
    return f"{response.status_code} {sorted(kept.items())}\n{body}"


def tidy(text: str) -> str:
    """Without what is new in every answer: tokens against forgery."""
    text = re.sub(r"[A-Za-z0-9]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "TOKEN", text)
    return re.sub(r"\('Content-Length', '\d+'\)", "", text) if "TOKEN" in text else text


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The payloads that tell these worlds apart."""
    assert one.keys() == other.keys()
    return sorted(name for name in one if one[name] != other[name])


def without_own_fields(payloads: dict[str, str]) -> dict[str, str]:
    """Without the fields in which a facilitator typed counted hands: those give back what was typed, to be mended."""
    field = re.compile(r"<input (?:class=\\?\"input input--count|[^>]*:seen).+?>|<span class=\\?\"kept.+?</span>", re.S)
    etag = re.compile(r"\('ETag', '\"[0-9a-f]{16}\"'\)")  # of the poll that holds those fields
    return {
        name: etag.sub("", field.sub("", text)) if "console" in name or name.startswith("refused") else text
        for name, text in payloads.items()
    }


@pytest.fixture
def hall(session, alice) -> Callable[..., Hall]:
    def make(**people: int) -> Hall:
        return Hall(session, alice, **{INW: 0, PRO: 0, AMB: 0, **(people or PEOPLE)})

    return make


def check_that_two_inwoners_may_change_places(room: Hall, world: dict[str, str]) -> None:
    """Nobody else sees any of it, in no status: who in a role chose what."""
    room.people[INW].reverse()
    room.deal(WORLD, number=1)
    assert differences(world, room.collect()) == []


def commands(*names: str) -> list[Command]:
    return [COMMANDS[name]() for name in names]


def decide(answer: str = A) -> Command:
    return Decide(answer=answer, how="talk", why="Daar zijn we het over eens.")


pytestmark = pytest.mark.django_db

# How a group gets to each moment at which votes are there and not revealed.
HIDDEN = {
    "open": ("start", "open"),
    "open, in a break": ("start", "open", "pause"),
    "open, with the plan on the beamer": ("start", "open", "plan"),
    "open, and stopped": ("start", "open", "stop"),
    "closed": ("start", "open", "close"),
    "closed, in a break": ("start", "open", "close", "pause"),
    "closed, with the plan on the beamer": ("start", "open", "close", "plan"),
    "closed, and stopped": ("start", "open", "close", "stop"),
    "revealed, and taken back": ("start", "open", "close", "reveal", "undo"),
    "closed, and voting again": ("start", "open", "close", "again"),
    "closed, and open again": ("start", "open", "close", "again", "open"),
}
OFTEN_HIDDEN = ("open", "closed, with the plan on the beamer", "revealed, and taken back")


# ---- Before the reveal ----


@pytest.mark.parametrize("way", name_ways(HIDDEN, usual=OFTEN_HIDDEN))
def test_before_the_reveal_nobody_can_tell_who_chose_what(hall, way):
    room = hall()
    room.do(*commands(*way))
    room.deal(WORLD, number=1)
    one = room.collect()
    room.deal(OTHER_TOTALS, number=1)
    assert differences(one, room.collect()) == []
    check_that_two_inwoners_may_change_places(room, one)


def test_of_a_step_of_the_plan_nobody_can_tell_who_chose_what_before_the_reveal(hall, session):
    PlanLine.objects.create(trajectory=session.trajectory, kind="actie", texts=["tellen"])
    room = hall()
    room.do(*commands("takestock"))
    room.deal({(role, {A: "done", B: "busy"}[answer]): count for (role, answer), count in WORLD.items()})
    one = room.collect()
    room.deal({(role, {A: "failed", B: "dropped"}[answer]): count for (role, answer), count in OTHER_TOTALS.items()})
    assert differences(one, room.collect()) == []


def test_whether_the_plan_is_right_nobody_can_tell_who_said_before_the_reveal(hall, session):
    PlanLine.objects.create(trajectory=session.trajectory, kind="actie", texts=["tellen"])
    room = hall()
    room.do(*commands("start", "check"))
    room.deal({(role, {A: "fits", B: "lacks"}[answer]): count for (role, answer), count in WORLD.items()})
    one = room.collect()
    room.deal({(role, {A: "lacks", B: "fits"}[answer]): count for (role, answer), count in WORLD.items()})
    assert differences(one, room.collect()) == []


def test_which_proposals_a_phone_supports_nobody_can_tell_before_the_reveal(hall):
    room = hall()
    propose(room, (INW, "een zebrapad"), (PRO, "meer licht"))
    for row in Proposal.objects.all():
        settle_proposal(room.code, row.pk, "shown", actor=LEADER)
    room.do(*commands("open"))
    first, second = (option.slug for option in room.state.current.options)
    room.deal({(role, {A: first, B: second}[answer]): count for (role, answer), count in WORLD.items()})
    one = room.collect()
    room.deal({(role, {A: second, B: first}[answer]): count for (role, answer), count in WORLD.items()})
    assert differences(one, room.collect()) == []


def propose(room: Hall, *lines: tuple[str, str]) -> None:
    """Phones of these roles send these lines."""
    room.do(*commands("start"), Gather("doel"))
    for role, line in lines:
        sent = room.phones[role].client.post(f"/m/{room.code}/voorstel", {"round": 2, "line": line})
        assert sent.status_code == 302


def test_a_proposal_that_was_not_let_through_is_on_the_desk_and_its_own_phone_alone(hall):
    room = hall()
    propose(room, (INW, "weg met de wethouder"), (PRO, "meer licht"), (PRO, "een drempel"))
    parked, shown = (Proposal.objects.get(words=words) for words in ("meer licht", "een drempel"))
    settle_proposal(room.code, parked.pk, "parked", actor=LEADER)
    settle_proposal(room.code, shown.pk, "shown", text="een drempel bij de school", actor=LEADER)
    payloads = room.collect()
    for line, own in (("weg met de wethouder", INW), ("meer licht", PRO)):
        there = [name for name, text in payloads.items() if is_said(line, text)]
        assert [name for name in elsewhere(there) if f"phone of {own}: " not in name and "refused" not in name] == []
        assert {"leader: console", f"phone of {own}: page", f"phone of {own}: poll"} <= set(there)
    # The control: what was let through is on every screen, in the words of the facilitator.
    there = [name for name, text in payloads.items() if is_said("een drempel bij de school", text)]
    assert {"leader: beamer", f"phone of {INW}: page", f"phone of {PRO}: page"} <= set(there)


def test_what_the_plan_lacks_is_on_the_desk_and_its_own_phone_alone(hall, session):
    PlanLine.objects.create(trajectory=session.trajectory, kind="actie", texts=["tellen"])
    room = hall()
    room.do(*commands("start", "check"))
    room.phones[INW].client.post(f"/m/{room.code}/voorstel", {"round": 2, "line": "de wethouder slaapt"})
    settle_proposal(room.code, Proposal.objects.get().pk, "shown", actor=LEADER)
    there = [name for name, text in room.collect().items() if is_said("de wethouder slaapt", text)]
    assert [name for name in elsewhere(there) if f"phone of {INW}: " not in name and "refused" not in name] == []
    assert {"leader: console", f"phone of {INW}: page", f"phone of {INW}: poll"} <= set(there)


def test_whose_proposal_it_is_nobody_can_tell(hall):
    room = hall()
    propose(room, (INW, "een zebrapad"), (PRO, "meer licht"))
    for row in Proposal.objects.filter(words="een zebrapad"):
        settle_proposal(room.code, row.pk, "shown", actor=LEADER)
    one = room.collect()
    first, second = Proposal.objects.order_by("pk").values_list("participant", flat=True)
    Proposal.objects.filter(words="een zebrapad").update(participant=second)
    Proposal.objects.filter(words="meer licht").update(participant=first)
    told = differences(one, room.collect())
    assert [name for name in told if not name.startswith((f"phone of {INW}: ", f"phone of {PRO}: ", "refused"))] == []
    # The control: the phones themselves do know.
    assert {f"phone of {INW}: page", f"phone of {PRO}: poll"} <= set(told)


UNTIL = {"start": ("start",), "open": ("start", "open"), "close": ("start", "open", "close")}


@pytest.mark.parametrize("way", name_ways(UNTIL, usual=("open",)))
def test_before_the_reveal_counted_hands_are_only_in_the_fields_they_were_typed_in(hall, way):
    room = hall()
    room.do(*commands(*way))
    room.raise_hands({(INW, A): 37, (INW, B): 2, (PRO, A): 19, (AMB, B): 1})
    one = room.collect()
    room.raise_hands({(INW, A): 2, (INW, B): 37, (PRO, B): 19, (AMB, A): 1})
    other = room.collect()
    assert differences(without_own_fields(one), without_own_fields(other)) == []
    # The control: the fields themselves do change, and only on the console.
    changed = differences(one, other)
    assert "leader: console" in changed
    assert elsewhere(changed) == []


def test_the_same_payloads_do_tell_a_result_once_it_is_revealed(hall):
    """The control: this is how the comparison looks when counts are there to see."""
    room = hall()
    room.do(*commands("start", "open", "close", "reveal"))
    room.deal(WORLD)
    one = room.collect()
    room.deal(OTHER_TOTALS)
    changed = differences(one, room.collect())
    for expected in (
        *(f"phone of {role or 'a watcher'}: {kind}" for role in (*ROLES, "") for kind in ("page",)),
        *(f"broadcast of state: phone {role}" for role in (*ROLES, "")),
        "broadcast of state: beamer ", "broadcast of state: console ",
        "leader: console", "leader: beamer", "leader: console-state", "leader: beamer-state", "leader: summary",
    ):  # fmt: skip
        assert expected in changed
    assert [name for name in changed if name.startswith(("stranger", "broadcast of counts", "leader: overview"))] == []


# Counts that occur nowhere else by chance: three figures each, all different, and so are their sums.
RARE_VOTES = {(INW, A): 137, (INW, B): 223, (INW, E): 149, (PRO, A): 251, (PRO, B): 167, (AMB, B): 1}
RARE_HANDS = {(INW, A): 307, (PRO, E): 419, (AMB, E): 1}


def rare_numbers(*parts: Cells) -> set[str]:
    """Every count of these votes and hands: per role and answer, and per answer."""
    numbers: set[int] = set()
    both: dict[tuple[str, str], int] = {}
    for part in parts:
        for cell, count in part.items():
            both[cell] = both.get(cell, 0) + count
    for cells in (*parts, both):
        numbers |= set(cells.values())
        numbers |= {sum(count for (_, answer), count in cells.items() if answer == slug) for slug in (A, B, E)}
    return {str(number) for number in numbers if number > 100}


def numbers_in(payload: str) -> set[str]:
    """The larger numbers of an answer. Its length is one too, and says nothing: it may be any."""
    payload = re.sub(r"\('Content-Length', '\d+'\)", "", payload)
    return set(re.findall(r"(?<![\w.])\d{3,}(?![\w.])", payload))


@pytest.mark.parametrize("way", [("start", "open"), ("start", "open", "close")], ids=lambda way: way[-1])
def test_no_count_of_votes_or_hands_is_in_any_payload_before_the_reveal(hall, way):
    room = hall(**{INW: 509, PRO: 433, AMB: 1})
    room.do(*commands(*way))
    room.deal(RARE_VOTES)
    room.raise_hands(RARE_HANDS)
    secret = rare_numbers(RARE_VOTES, RARE_HANDS)
    assert len(secret) == 13
    found = {name: numbers_in(text) & secret for name, text in without_own_fields(room.collect()).items()}
    # What may be told: how many voted, in all and (to the facilitator) per role. Those are other numbers.
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_the_same_search_does_find_the_totals_once_they_are_revealed(hall):
    room = hall(**{INW: 509, PRO: 433, AMB: 1})
    room.do(*commands("start", "open"))
    room.deal(RARE_VOTES)
    room.raise_hands(RARE_HANDS)
    room.do(*commands("close", "reveal"))
    totals = {str(137 + 251 + 307), str(223 + 167 + 1), str(149 + 419 + 1)}
    seen = room.collect()
    secret = rare_numbers(RARE_VOTES, RARE_HANDS) - totals
    for name in ("phone of inwoner: page", "broadcast of state: beamer ", "leader: console", "leader: summary"):
        assert numbers_in(seen[name]) & totals == totals
    # The totals stand there, and nothing of which they are the sum.
    assert {name: numbers_in(text) & secret for name, text in seen.items() if numbers_in(text) & secret} == {}


# ---- After the total, before the split ----


TOTAL = {"shown": (), "pause": ("pause",), "plan": ("plan",), "stop": ("stop",), "again": ("again",),
         "open again": ("again", "open")}  # fmt: skip


@pytest.mark.parametrize("way", name_ways(TOTAL, usual=("shown", "open again")))
def test_with_the_total_alone_nobody_can_tell_what_a_role_chose(hall, way):
    room = hall()
    room.do(*commands("start", "open", "close", "reveal", *way))
    room.deal(WORLD, number=1)
    one = room.collect()
    room.deal(SAME_TOTALS, number=1)
    assert differences(one, room.collect()) == []


def test_the_same_payloads_do_tell_it_once_it_is_shown_per_role(hall):
    room = hall()
    room.do(*commands("start", "open", "close", "reveal", "split"))
    room.deal(WORLD)
    one = room.collect()
    room.deal(SAME_TOTALS)
    changed = differences(one, room.collect())
    assert {"leader: beamer", "leader: summary", "phone of beleidsambtenaar: page"} <= set(changed)


# ---- After the split: small groups ----

SHOWN = {
    "split": [*commands("start", "open", "close", "reveal", "split")],
    "decided": [*commands("start", "open", "close", "reveal", "split"), decide()],
    "decided without a split": [*commands("start", "open", "close", "reveal"), decide()],
    "on the next question": [*commands("start", "open", "close", "reveal", "split"), decide(), *commands("next")],
    "turned back": [*commands("start", "open", "close", "reveal", "split"), decide(), *commands("back")],
    "voting again": [*commands("start", "open", "close", "reveal", "split", "again", "open")],
    "stopped": [*commands("start", "open", "close", "reveal", "split"), decide(), *commands("stop")],
}
OFTEN_SHOWN = ("split", "decided without a split", "turned back", "stopped")


@pytest.mark.parametrize("way", name_ways(SHOWN, usual=OFTEN_SHOWN))
def test_nobody_can_compute_what_the_only_ambtenaar_chose(hall, way):
    room = hall()
    room.do(*way)
    room.deal(WORLD, number=1)
    one = room.collect()
    room.deal(SAME_POOLS, number=1)
    assert differences(one, room.collect()) == []
    check_that_two_inwoners_may_change_places(room, one)


def test_a_lone_professional_among_residents_shows_only_the_total(hall):
    room = hall(**{INW: 3, PRO: 1})
    room.do(*commands("start", "open", "close", "reveal", "split"), decide())
    room.deal({(INW, A): 2, (INW, B): 1, (PRO, B): 1})
    one = room.collect()
    room.deal({(INW, A): 1, (INW, B): 2, (PRO, A): 1})
    assert differences(one, room.collect()) == []
    floor = "Alleen het totaal. De groepen zijn te klein om per rol te tonen."
    shown = room.collect()
    assert floor in shown["leader: summary"]
    assert floor not in shown["phone of inwoner: page"]  # after the decision a phone shows no counts at all


FEW = {"one phone": {INW: 1}, "two phones": {PRO: 1, AMB: 1}}
SPLIT = {"total": (), "split": ("split",), "split again": ("split", "again"), "split stop": ("split", "stop")}


@pytest.mark.parametrize("way", name_ways(SPLIT, usual=("total", "split stop")))
@pytest.mark.parametrize("people", name_ways(FEW, usual=("one phone",)))
def test_what_one_or_two_phones_chose_is_nowhere(hall, people, way):
    """Whatever the pages and the exports show, also beside eleven hands that everybody saw."""
    room = hall(**people)
    room.do(*commands("start", "open"))
    room.raise_hands({(INW, A): 11})
    room.do(*commands("close", "reveal", *way))
    room.deal(dict.fromkeys(((role, A) for role in people), 1), number=1)
    one = room.collect()
    room.deal(dict.fromkeys(((role, B) for role in people), 1), number=1)
    assert differences(one, room.collect()) == []
    count = len(people)
    beside = f"Ook {count} telefoon{'s' if count > 1 else ''} stemde{'n' if count > 1 else ''}; dat laten we niet zien."
    assert beside in one["leader: summary"]
    assert beside in " ".join(one["leader: summary-text"].split())


def test_a_hand_that_everybody_saw_is_shown(hall):
    """One ambtenaar without a phone: the facilitator counted that hand, and nothing of any phone can be computed."""
    room = hall(**{INW: 20, PRO: 6, AMB: 0})
    room.do(*commands("start", "open"))
    room.deal({(INW, A): 11, (PRO, A): 2, (PRO, B): 2})
    room.raise_hands({(AMB, B): 1})
    room.do(*commands("close", "reveal", "split"))
    rows = read_split(room.leader.get(f"/b/{room.code}/beamer").content.decode(), "result-row")
    assert rows == [(13, [11, 2]), (3, [2, 1]), (0, []), (0, []), (0, [])]
    one = room.collect()
    room.deal({(INW, A): 11, (PRO, A): 1, (PRO, B): 3})
    assert "leader: beamer" in differences(one, room.collect())  # the control: professionals are shown as a role


def read_split(page: str, item: str) -> list[tuple[int, list[int]]]:
    """A result as it stands in a page: per answer the total, and the votes of each group that is shown."""
    found = []
    for row in re.findall(rf"<li[^>]*{item}.*?</li>", page, re.S):
        (total,) = re.findall(r"(?:split-total|result-total)\">(\d+)", row)
        # The number stands behind the street of its houses, before its name for a screen reader.
        voices = re.findall(r"</svg>(\d+)<span class=\"hidden-text\">", row)
        found.append((int(total), [int(count) for count in voices]))
    return found


def test_small_groups_are_counted_together_in_the_same_way_on_every_screen(hall):
    room = hall()
    room.do(*commands("start", "open", "close", "reveal", "split"))
    room.deal(WORLD)
    get = room.leader.get
    expected = [(12, [11, 1]), (9, [5, 4]), (0, []), (0, []), (0, [])]
    shown = {
        "beamer": read_split(get(f"/b/{room.code}/beamer").content.decode(), "result-row"),
        "phone": read_split(room.phones[AMB].page().content.decode(), "data-answer"),
        "summary": read_split(get(f"/b/{room.code}/verslag").content.decode().split('class="path"')[1], ""),
    }
    room.do(decide())
    shown["console"] = read_split(get(f"/b/{room.code}/console").content.decode(), "data-answer")
    assert shown == dict.fromkeys(shown, expected)
    # And they are named alike: the professionals and the ambtenaar together.
    room.do(Undo())
    for page in (get(f"/b/{room.code}/beamer"), room.phones[INW].page()):
        assert "16 inwoners 5 professionals en ambtenaren samen" in words(page)
    assert "professionals en ambtenaren samen." in words(get(f"/b/{room.code}/verslag"))


# ---- Voting again ----


def test_a_vote_that_was_never_shown_stays_hidden_when_the_next_one_is(hall):
    room = hall()
    room.do(*commands("start", "open", "close", "again", "open"))
    room.deal(SAME_TOTALS, number=2)
    for step in ([], *map(commands, ("close", "reveal", "split")), [decide()], *map(commands, ("next", "stop"))):
        room.do(*step)
        room.deal(WORLD, number=1)
        one = room.collect()
        room.deal(OTHER_TOTALS, number=1)
        assert differences(one, room.collect()) == []


def test_of_a_first_vote_that_was_shown_in_total_only_the_total_stays_to_be_seen(hall):
    room = hall()
    room.do(*commands("start", "open", "close", "reveal", "again", "open", "close", "reveal", "split"), decide())
    room.deal(OTHER_TOTALS, number=2)
    room.deal(WORLD, number=1)
    one = room.collect()
    room.deal(SAME_TOTALS, number=1)
    assert differences(one, room.collect()) == []
    # The control: the totals of the first vote do stand in the summary, beside those of the second.
    room.deal(OTHER_TOTALS, number=1)
    assert "leader: summary" in differences(one, room.collect())


def test_a_question_that_was_left_without_a_result_stays_hidden(hall):
    room = hall()
    room.do(*commands("start", "open", "close", "reveal", "split"), decide())
    room.do(*commands("next", "open", "close", "back"))
    number = room.state.rounds[1].number
    place = room.library.node(room.state.rounds[1].place)
    first, second = (answer.slug for answer in place.answers[:2])
    room.deal({(INW, first): 13}, number=number)
    one = room.collect()
    room.deal({(INW, second): 13}, number=number)
    assert differences(one, room.collect()) == []


# ---- Who chose what, who voted, and the tip ----


def test_a_phone_sees_its_own_choice_and_no_other_phone_does(hall):
    room = hall()
    room.do(*commands("start", "open"))
    before = room.collect()
    assert room.phones[INW].vote(B).status_code == 302
    one = room.collect()
    # Its page with the roles says that a change of role takes the vote back, and not what it was.
    own = ("phone of inwoner: p", "phone of inwoner: roles", "refused vote")
    mine = {name for name in one if name.startswith(own)}
    counted = {name for name in one if name.startswith(("broadcast", "leader", "refused"))}
    assert set(differences(before, one)) <= mine | counted
    Vote.objects.update(answer=A)
    told = set(differences(one, room.collect()))
    assert {"phone of inwoner: page", "phone of inwoner: poll"} <= told
    assert told <= mine


def test_a_frame_for_everybody_carries_nobodys_own_vote(hall):
    room = hall()
    room.do(*commands("start", "open"))
    room.deal(WORLD)
    room.phones[INW].vote(B)
    drawn = draw_all(room.code, {Audience("phone", BASE, role): [""] for role in (*ROLES, "")})
    frames = [json.loads(picture.state) for picture in drawn.values()]
    assert [set(frame) - {"choices"} for frame in frames] == [
        {"type", "version", "revision", "scene", "status", "html", "round", "role"}
    ] * 4
    marked = re.compile(r"<input[^>]*\bchecked")
    assert [marked.findall(frame["html"]) for frame in frames] == [[]] * 4
    # The control: the page and the poll of the phone itself do carry it.
    assert len(marked.findall(room.phones[INW].page().content.decode())) == 1
    own = room.phones[INW].poll().json()
    assert own["own"] == {"round": 1, "answer": B}


VOTED = {"open": ("open",), "close": ("open", "close"), "reveal": ("open", "close", "reveal")}


@pytest.mark.parametrize("way", name_ways(VOTED, usual=("open",)))
def test_how_many_of_a_role_voted_is_on_no_phone_and_on_no_beamer(hall, way):
    room = hall(**{INW: 20, PRO: 12, AMB: 3})
    room.do(*commands("start", *way))
    room.deal({(INW, A): 9, (PRO, A): 4, (AMB, A): 1})
    one = room.collect()
    room.deal({(INW, A): 4, (PRO, A): 9, (AMB, A): 1})
    changed = differences(one, room.collect())
    # The control: the facilitator does see it.
    assert {"leader: console", "leader: console-state", "broadcast of counts: console "} <= set(changed)
    assert elsewhere(changed) == []


def test_phones_get_no_frame_with_counts_at_all(hall):
    room = hall()
    room.do(*commands("start", "open"))
    audiences = [Audience("phone", BASE, INW), Audience("beamer", BASE), Audience("console", BASE)]
    pictures = draw_all(room.code, {audience: [""] for audience in audiences})
    shown = {audience: [picture.mark] for audience, picture in pictures.items()}
    drawn = draw_all(room.code, shown)
    assert [drawn[audience].counts is None for audience in audiences] == [True, False, False]


def test_a_tip_for_the_facilitator_is_on_the_console_alone(hall):
    room = hall()
    room.do(*commands("start"))
    tip = room.library.node(room.state.current.place).facilitator
    assert len(tip) > 20
    for step in ([], commands("open"), commands("close"), commands("reveal"), commands("split"), [decide()]):
        room.do(*step)
        there = [name for name, text in room.collect().items() if is_said(tip, text)]
        assert {"leader: console", "leader: console-state", "broadcast of state: console "} <= set(there)
        assert elsewhere(there) == []


def is_said(sentence: str, payload: str) -> bool:
    """Whether this stands in a page, in a frame, or as plain text."""
    as_html = html.escape(sentence)
    return any(form in payload for form in (sentence, as_html, json.dumps(as_html)[1:-1]))


def elsewhere(names: Iterable[str]) -> list[str]:
    """Without the console, and the refusals that are shown on it."""
    return [
        name for name in names if "console" not in name and not name.startswith(("refused command", "refused hands"))
    ]


# ---- Over the wire ----


@pytest.mark.django_db(transaction=True)
async def test_a_whole_question_over_real_sockets_tells_no_phone_anything_before_the_reveal(session, alice):
    """What the renderers do not put in, the sockets do not add: every frame of four screens, from lobby to result."""
    room = await sync_to_async(start_in_hall)(session, alice)
    code = session.code
    voter = await sync_to_async(Phone)(code, INW)
    async with (
        open_socket(f"/m/{code}/ws", voter.client) as mine,
        open_socket(f"/m/{code}/ws", room.phones[INW].client) as other,
        open_socket(f"/ws/b/{code}/beamer", room.leader) as wall,
        open_socket(f"/ws/b/{code}/console", room.leader) as desk,
    ):
        screens = {"mine": mine, "other": other, "wall": wall, "desk": desk}
        await vote_and_close(room, screens)
        hidden = {name: list(screen.heard) for name, screen in screens.items()}
        await reveal(room, screens)
    await let_go_of_the_database()
    check_kinds(hidden)
    for name, frames in hidden.items():
        for frame in frames:
            if name != "desk":  # where 16 is how many inwoners voted
                assert (name, numbers_of(frame) & RESULT) == (name, set())


def start_in_hall(session: GroupSession, leader: Any) -> Hall:
    room = Hall(session, leader, **PEOPLE)
    room.do(Start())
    return room


async def vote_and_close(room: Hall, screens: Mapping[str, Socket]) -> None:
    """Everybody votes, one of them over its own socket, and all screens see the vote closed."""
    do, deal = sync_to_async(room.do), sync_to_async(room.deal)
    mine = screens["mine"]
    await do(Open())
    await deal(WORLD)
    for screen in screens.values():
        await screen.until(type="state", status="open")
    await mine.send(type="vote", id="1", round=1, answer=B)
    await mine.until(type="ack", id="1")
    for screen in (screens["wall"], screens["desk"]):
        while "22 van" not in words_of(await screen.until(type="counts")):
            pass
    await do(Close())
    for screen in screens.values():
        await screen.until(type="state", status="closed")


async def reveal(room: Hall, screens: Mapping[str, Socket]) -> None:
    """The control: now the totals are in the very same kind of frame."""
    await sync_to_async(room.do)(Reveal())
    for screen in screens.values():
        assert {"12", "10"} <= numbers_of(await screen.until(type="state", status="revealed"))


def check_kinds(heard: Mapping[str, list[dict[str, Any]]]) -> None:
    """Every screen heard the kinds of frames that are for it, and a phone its own vote alone."""
    assert {frame["type"] for frame in heard["other"]} == {"state"}
    assert [frame["own"] for frame in heard["other"] if "own" in frame] == [{"round": 1, "answer": None}]
    assert {frame["type"] for frame in heard["mine"]} == {"state", "ack"}
    for name in ("wall", "desk"):
        assert {frame["type"] for frame in heard[name]} == {"state", "counts"}
        assert [frame for frame in heard[name] if "own" in frame] == []


RESULT = {"11", "5", "16", "12", "10"}  # what inwoners chose and how many they were; the totals of two answers


def words_of(frame: dict[str, Any]) -> str:
    # Without the code of the session: it has figures of its own.
    html = re.sub(r'<span class="code">[^<]*</span>', " ", frame.get("html", ""))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def numbers_of(frame: dict[str, Any]) -> set[str]:
    return set(re.findall(r"\d+", words_of(frame)))
