"""An attacker reads everything that is shown of a meeting and tries to learn what one person chose.

The attacker knows who was there, in which role, who voted in which round, and how hands were raised, but nothing of
what anybody else chose. They also guess what is often true: that nobody changed a vote between two rounds of one
question. For every person there has to be another meeting, in which that person chose something else and all screens
and exports are the same to the last byte. That other meeting is really played.

What remains by design is left out here and said in the handbook: unanimity, also among those who may give an answer;
who comes, goes or changes role between two rounds of one question (and who was in the group they left); and an answer
that a phone was warned about.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from content.editions import load_library
from content.languages import BASE
from facilitation.live.render import Audience, make_view, render_state
from sessions.exports.text import write_text
from sessions.models import GroupSession, Participant, Team
from sessions.reading import find_exposed_to, read_session, read_summary
from sessions.rules.asking import Ballot
from sessions.rules.commands import Again, Back, Close, Command, Decide, Next, Open, Reveal, Split, Start, Stop
from sessions.rules.tally import FLOOR
from sessions.shelf import Shelf
from sessions.writing.hands import Count, count_hands
from sessions.writing.meetings import open_session
from sessions.writing.seats import take_seat
from sessions.writing.votes import cast_vote
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.sizes import pick

INW, PRO, AMB = ROLES = ("inwoner", "wijkprofessional", "beleidsambtenaar")
MOST_PEOPLE = 8  # so that all meetings there could have been can be counted out

# How the question is asked once more: at once, or after a step back, as a new visit.
AGAIN, BACK = "again", "back"


@dataclass(frozen=True)
class Asking:
    """One round: who comes in before it, who is in which role by then, who votes, and which hands are raised."""

    newcomers: tuple[str, ...] = ()
    moves: Mapping[int, str] = field(default_factory=dict)  # person -> another role
    silent: frozenset[int] = frozenset()
    hands: Mapping[tuple[str, int], int] = field(default_factory=dict)  # (role, number of the answer) -> count
    how: str = AGAIN
    is_split: bool = True


@dataclass(frozen=True)
class Meeting:
    """`votes` holds what each person chooses, by the number of the answer, in every round in which the role may."""

    askings: tuple[Asking, ...]
    votes: tuple[int, ...]

    def roles_at(self, number: int) -> list[str]:
        roles: list[str] = []
        for asking in self.askings[: number + 1 or None]:
            roles += asking.newcomers
            for person, role in asking.moves.items():
                if person < len(roles):
                    roles[person] = role
        return roles


# A person in a role. Who changes role is another head from then on: that they vote the same is known to nobody.
Head = tuple[int, str]


@dataclass
class Shown:
    """What was shown of one round, and what the attacker knows about it."""

    voters: dict[Head, str]
    sums: list[tuple[frozenset[str], tuple[int, ...]]]  # of the phones of these roles, per answer
    exposed: set[Head]  # who were told that their answer gives them away


class Held(NamedTuple):
    """A round that was held, with what its screens do not show."""

    number: int
    hands: dict[tuple[str, str], int]  # (role, answer) -> count
    voters: dict[Head, str]
    exposed: set[Head]


class Evening:
    """A meeting while it is played, and every byte that was shown of it so far."""

    def __init__(self, meeting: Meeting, team: Team, answers: Sequence[Any]) -> None:
        self.meeting, self.answers = meeting, answers
        self.session = open_session(
            team=team, facilitator=None, title="Plein", buurt="Vogelbuurt", phase="startfase", actor=LEADER
        )
        self.session.code = "KRTWNX"
        self.session.save()
        Shelf.clear_all()
        self.people: list[Participant] = []
        self.seen: list[str] = []

    def do(self, *commands: Command) -> None:
        for command in commands:
            seen = GroupSession.objects.get(pk=self.session.pk).version
            run_command(self.session.code, command, seen=seen, actor=LEADER)

    def hold(self, number: int, asking: Asking) -> Held:
        """One round, from who comes in before it to its result."""
        roles = self.meeting.roles_at(number)
        self.seat(roles)
        if number:
            ways = {AGAIN: [Again()], BACK: [_decide(self.answers), Next(), Back()]}
            self.do(*ways[asking.how])
        self.do(Open())
        here = GroupSession.objects.get(pk=self.session.pk).rounds.order_by("-number").first()
        assert here is not None
        voters = self.vote(here.number, asking, roles)
        hands = self.raise_hands(here.number, asking)
        self.do(Close())
        exposed = self.find_exposed(voters)
        self.do(Reveal())
        self.look()
        if asking.is_split:
            self.do(Split())
            self.look()
        return Held(here.number, hands, voters, exposed)

    def seat(self, roles: Sequence[str]) -> None:
        """Let in who is new, in their role, and let change role who does."""
        seats = [uuid.UUID(int=place + 1) for place in range(len(roles))]
        for place, role in enumerate(roles):
            if place >= len(self.people):
                self.people.append(take_seat(self.session.code, seats[place], role))
            elif self.people[place].role != role:
                self.people[place] = take_seat(self.session.code, seats[place], role)

    def vote(self, number: int, asking: Asking, roles: Sequence[str]) -> dict[Head, str]:
        """Everybody votes who may and is not silent. Returns these voters."""
        voters = {}
        for place, person in enumerate(self.people):
            answer = self.answers[self.meeting.votes[place]]
            if place not in asking.silent and roles[place] in answer.roles:
                cast_vote(Ballot(person.pk, number, answer.slug))
                voters[place, roles[place]] = roles[place]
        return voters

    def raise_hands(self, number: int, asking: Asking) -> dict[tuple[str, str], int]:
        hands = {
            (role, self.answers[index].slug): count
            for (role, index), count in asking.hands.items()
            if role in self.answers[index].roles
        }
        count_hands(self.session.code, Count(number, hands), actor=LEADER)
        return hands

    def find_exposed(self, voters: Mapping[Head, str]) -> set[Head]:
        walk = read_session(self.session.code, BASE)
        return {
            (place, role)
            for place, role in voters
            if self.answers[self.meeting.votes[place]].slug in find_exposed_to(walk, role)
        }

    def look(self) -> None:
        self.seen += _look(self.session.code)


def play(meeting: Meeting, team: Team, answers: Sequence[Any]) -> tuple[list[Shown], list[str]]:
    """Play a meeting. Returns what the attacker can count with, and every byte that was shown."""
    evening = Evening(meeting, team, answers)
    evening.do(Start())
    rounds = [evening.hold(number, asking) for number, asking in enumerate(meeting.askings)]
    evening.do(Stop())
    session = evening.session
    # At the end: a decision also shows per role what was shown in total before.
    shown = [
        Shown(held.voters, list(_sum_phones(session.code, held.number, held.hands, answers)), held.exposed)
        for held in rounds
    ]
    evening.look()
    evening.seen.append(write_text(read_summary(GroupSession.objects.get(pk=session.pk), BASE)))
    return shown, evening.seen


def _decide(answers: Sequence[Any]) -> Command:
    return Decide(answer=answers[0].slug, how="talk", why="We hoorden iedereen.")


def _look(code: str) -> list[str]:
    walk = read_session(code, BASE)
    audiences = [
        Audience("beamer", BASE),
        Audience("console", BASE),
        *(Audience("phone", BASE, role) for role in ("", *ROLES)),
    ]
    return [render_state(audience, make_view(walk, audience)).html or "" for audience in audiences]


def _sum_phones(
    code: str, number: int, hands: Mapping[tuple[str, str], int], answers: Sequence[Any]
) -> Iterator[tuple[frozenset[str], tuple[int, ...]]]:
    """What the summary shows of a round, less the hands that everybody saw."""
    summary = read_summary(GroupSession.objects.get(code=code), BASE)
    rounds = [(step, attempt) for step in summary.path for attempt in step.attempts]
    result = rounds[number - 1 - _left_out(summary, number)][1].result
    assert result is not None

    def phones(roles: frozenset[str], counts: Sequence[int]) -> tuple[frozenset[str], tuple[int, ...]]:
        raised = [sum(hands.get((role, answer.slug), 0) for role in roles) for answer in answers]
        return roles, tuple(count - hand for count, hand in zip(counts, raised, strict=True))

    if result.held_back:
        return
    yield phones(frozenset(ROLES), [row.total for row in result.rows])
    for group in result.groups:
        counts = [sum(voice.count for voice in row.voices if voice.roles == group.roles) for row in result.rows]
        yield phones(frozenset(role.slug for role in group.roles), counts)


def _left_out(summary: Any, number: int) -> int:
    """Rounds without a vote, such as the next question before a step back: they have no attempt in the summary."""
    rows = GroupSession.objects.get(code=summary.code).rounds.filter(number__lt=number, opened_at=None)
    return rows.count()


def find_other_meeting(
    shown: Sequence[Shown], meeting: Meeting, answers: Sequence[Any], suspect: Head
) -> dict[Head, int] | None:
    """Votes with which everything shown would be the same, though this person chose something else."""
    heads = sorted({head for round_ in shown for head in round_.voters})
    able = {head: [number for number, answer in enumerate(answers) if head[1] in answer.roles] for head in heads}
    able[suspect].remove(meeting.votes[suspect[0]])
    left = [[list(counts) for _, counts in round_.sums] for round_ in shown]
    touched = {
        head: [
            counts
            for round_, sums in zip(shown, left, strict=True)
            if head in round_.voters
            for (roles, _), counts in zip(round_.sums, sums, strict=True)
            if head[1] in roles
        ]
        for head in heads
    }

    def assign(place: int) -> dict[Head, int] | None:
        if place == len(heads):
            return {}
        head = heads[place]
        for answer in able[head]:
            if all(counts[answer] for counts in touched[head]):
                for counts in touched[head]:
                    counts[answer] -= 1
                rest = assign(place + 1)
                for counts in touched[head]:
                    counts[answer] += 1
                if rest is not None:
                    return {head: answer, **rest}
        return None

    return assign(0)


def find_excused(meeting: Meeting, shown: Sequence[Shown], answers: Sequence[Any]) -> set[Head]:
    """The people about whom something may be learned by design."""
    excused = {head for round_ in shown for head in round_.exposed}
    for round_ in shown:
        # A total is exact. Where only one of the answers that somebody may give was chosen at all, it tells.
        total = Shown(round_.voters, round_.sums[:1], set())
        excused |= {head for head in round_.voters if not find_other_meeting([total], meeting, answers, head)}
        for roles, _ in round_.sums[1:]:
            inside = {head for head in round_.voters if head[1] in roles}
            excused |= find_unanimous(inside, excused, meeting, answers)
    for earlier, later in pairwise(shown):
        excused |= earlier.voters.keys() ^ later.voters.keys()  # who came, went or changed role
        left = {role for _, role in earlier.voters.keys() - later.voters.keys()}
        for round_ in shown:  # what a group showed with and without who left tells of the others in it
            for roles, _ in round_.sums:
                if roles & left:
                    excused |= {head for head in round_.voters if head[1] in roles}
    return excused


def find_unanimous(inside: set[Head], known: set[Head], meeting: Meeting, answers: Sequence[Any]) -> set[Head]:
    """The three or more of a group who all chose the same, and whoever is left when these are known."""
    told = set(known)
    while True:
        more: set[Head] = set()
        for number, answer in enumerate(answers):
            able = {head for head in inside if head[1] in answer.roles}
            if len(able) >= FLOOR and all(meeting.votes[place] == number for place, _ in able - told):
                more |= able - told
        for head in inside - told:
            chosen = {meeting.votes[place] for place, _ in inside}
            if len({vote for vote in chosen if head[1] in answers[vote].roles}) == 1 and len(inside) >= FLOOR:
                more.add(head)
        if not more:
            return told - known
        told |= more


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    roles = st.sampled_from(ROLES)
    askings = []
    total = 0
    for number in range(draw(st.integers(1, 3))):
        room = MOST_PEOPLE - total
        newcomers = draw(
            st.lists(roles, min_size=min(room, 4 if not number else 0), max_size=min(room, 6 if not number else 2))
        )
        total += len(newcomers)
        person = st.integers(0, max(0, total - 1))
        moves = draw(st.dictionaries(person, roles, max_size=1)) if number and draw(st.integers(0, 4)) == 0 else {}
        silent = draw(st.frozensets(person, max_size=1)) if draw(st.integers(0, 4)) == 0 else frozenset()
        hands = draw(st.dictionaries(st.tuples(roles, st.integers(0, 4)), st.integers(1, 4), max_size=2))
        askings.append(
            Asking(tuple(newcomers), moves, silent, hands, draw(st.sampled_from([AGAIN, BACK])), draw(st.booleans()))
        )
    return Meeting(tuple(askings), tuple(draw(st.lists(st.integers(0, 4), min_size=total, max_size=total))))


def two_rounds(first: str, then: Asking, votes: str) -> Meeting:
    """`first` holds the roles (i, w, b) of who is there from the start; `votes` what everybody answers, as letters."""
    roles = tuple({"i": INW, "w": PRO, "b": AMB}[letter] for letter in first)
    return Meeting((Asking(roles), then), tuple("ABCDE".index(letter) for letter in votes))


# What was seen: the professional was counted with the residents first, and with the civil servants then.
TWO_MORE = two_rounds("iiiwbbbb"[:6], Asking((INW, INW)), "ABABABAA")
# Shown in total alone, and then per role, for the group decided and came back on it.
DECIDED_LATER = Meeting(
    (
        Asking((INW, PRO, INW, AMB, PRO, INW), hands={(AMB, 4): 4}, is_split=False),
        Asking((INW, AMB), hands={(INW, 4): 2, (PRO, 3): 1}, how=BACK, is_split=False),
    ),
    (4, 4, 3, 2, 1, 4, 1, 3),
)
FOUR_HANDS = two_rounds("iiiwbbbb", Asking(hands={(INW, 0): 4}), "ABABABAB")


@pytest.mark.django_db
@settings(
    max_examples=pick(5, 700),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(meeting=TWO_MORE)
@example(meeting=FOUR_HANDS)
@example(meeting=DECIDED_LATER)
@given(meeting=meetings())
def test_nobody_learns_what_one_person_chose(edition, team, meeting: Meeting) -> None:
    library = load_library(edition.pk, BASE)
    answers = library.node(library.start("startfase")).answers
    shown, seen = _replay(meeting, team, answers)
    heads = {head for round_ in shown for head in round_.voters}
    suspects = sorted(heads - find_excused(meeting, shown, answers))
    event(f"people to protect: {len(suspects)}")
    for suspect in suspects:
        other = find_other_meeting(shown, meeting, answers, suspect)
        assert other, f"{suspect} can only have chosen {meeting.votes[suspect[0]]}"
        # Played where nobody changes role: then the same people vote in the same rounds, whatever they choose.
        if suspect == suspects[0] and not any(asking.moves for asking in meeting.askings):
            votes = tuple(
                other.get((place, role), meeting.votes[place]) for place, role in enumerate(meeting.roles_at(-1))
            )
            assert _replay(Meeting(meeting.askings, votes), team, answers)[1] == seen


def _replay(meeting: Meeting, team: Team, answers: Sequence[Any]) -> tuple[list[Shown], list[str]]:
    with transaction.atomic():
        outcome = play(meeting, team, answers)
        transaction.set_rollback(True)
    return outcome
