"""Forty real pages in one room, in step with each other through a whole phase: `make test-long` alone."""

from collections import Counter
from dataclasses import dataclass, field, replace

import pytest
from playwright.sync_api import expect

from content.files import LIBRARY_FOLDER, read_library
from content.graph import Node, Place
from tests.e2e.room import WATCHING, Beamer, DeafPhone, Facilitator, Phone, Room, Screen, SocketlessPhone, agree

LETTERS = "ABCDE"
# The shortest way that visits every central question, as (question, letter of the decision).
WAY = [("aanleiding", "D"), ("wie-doet-mee", "B"), ("wat-weten-we", "E")]

# What a page says it shows, and which questions can be read in its titles.
READ_PAGE = """questions => {
  const { version, scene, status } = document.getElementById("live").dataset;
  const titles = [...document.querySelectorAll("h1, .overline")].map(title => title.innerText.toLowerCase());
  const shown = questions.filter(question => titles.some(title => title.includes(question.toLowerCase())));
  return [+version, scene, status, shown.join()];
}"""
# The letter of the own vote, wherever this page shows it.
READ_OWN = """() => [...document.querySelectorAll("[data-own-letter]")]
  .filter(part => part.offsetParent).map(part => part.innerText.replace(": ", "")).join()"""
PRESS_VOTE = """letter => {
  document.querySelector(`form[data-status=open] label[data-letter=${letter}] input`).checked = true;
  document.querySelector(".button--vote").click();
}"""
READ_TOTALS = "rows => rows.map(row => parseInt(row.innerText))"


class PollingPhone(SocketlessPhone):
    """Its clock can run ahead, so that nobody waits for its next poll."""

    def __init__(self, room: Room, role: str) -> None:
        super().__init__(room, role)
        self.page.clock.install()

    def look(self) -> None:
        with self.page.expect_response("**/stand"):
            self.page.clock.fast_forward(6000)


@dataclass(frozen=True)
class Shown:
    """What a page shows."""

    version: int = 0
    scene: str = "lobby"
    status: str = "lobby"
    question: str = ""


@dataclass
class Seat:
    """A phone and the role that its person has."""

    phone: Phone
    role: str
    number: int
    cast: list[str] = field(default_factory=list)  # what was pressed, vote by vote
    shown: list[str] = field(default_factory=list)  # what the phone showed: when it was in, with the result, at the end

    def choose_letter(self, node: Node, round_number: int) -> str:
        """Everybody chooses something else, and each time something else, out of what their role may."""
        open_to = [
            letter for letter, answer in zip(LETTERS, node.answers, strict=False) if self.role.lower() in answer.roles
        ]
        return open_to[(self.number + round_number) % len(open_to)]

    def press_vote(self, letter: str) -> None:
        self.phone.page.evaluate(PRESS_VOTE, letter)
        self.cast.append(letter)

    def vote(self, letter: str) -> None:
        """By hand: taps where a person taps."""
        self.phone.vote(letter)
        self.cast.append(letter)


class Hall:
    """1 beamer, 1 console and 11 or 38 phones."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.library = read_library(LIBRARY_FOLDER)
        (tree,) = [tree for tree in self.library.trees if tree.phase == "startfase"]
        self.nodes = {node.slug: node for node in tree.nodes}
        self.questions = [node.question for node in tree.nodes if not node.is_end]
        self.lead: Facilitator = room.leader()
        self.code = self.lead.make_session("Samen de Vogelbuurt in", "Vogelbuurt", "startfase")
        self.wall: Beamer = room.beamer(self.lead, self.code)
        self.polling = self._seat("Inwoner", PollingPhone)
        self.wandering = self._seat("Wijkprofessional", DeafPhone)
        self.reloading = self._seat("Inwoner")
        self.by_hand = [self._seat(role) for role in ("Inwoner", "Wijkprofessional", "Beleidsambtenaar")]
        crowd = {"Inwoner": 17, "Wijkprofessional": 7, "Beleidsambtenaar": 5}
        roles = [role for role, number in crowd.items() for _ in range(number)]
        rest = [self._seat(role) for role in roles]
        self.voters = [self.polling, self.wandering, self.reloading, *self.by_hand, *rest]
        self.watchers = [room.phone(WATCHING, self.code) for _ in range(3)]
        self.expected = Shown()
        self.round_number = 0

    def _seat(self, role: str, kind: type[Phone] = Phone) -> Seat:
        return Seat(self.room.phone(role, self.code, kind), role, len(self.room.screens))

    @property
    def screens(self) -> list[Screen]:
        return self.room.screens

    # ---- In step ----

    def all_show(self, *, but: Screen | None = None, **changed: object) -> None:
        """Every page shows the state before with these changes, each command one version further."""
        self.expected = replace(self.expected, **changed)
        looking = {f"{screen.name} {place}": screen for place, screen in enumerate(self.screens) if screen is not but}

        def find_others() -> dict[str, Shown]:
            self.polling.phone.look()
            shown = {name: self._read(screen) for name, screen in looking.items()}
            return {name: shows for name, shows in shown.items() if shows != self.expected}

        agree(find_others, {})

    def _read(self, screen: Screen) -> Shown:
        return Shown(*screen.page.evaluate(READ_PAGE, self.questions))

    def press(self, words: str, **changed: object) -> None:
        """One press of the big button, and everybody sees what it changed."""
        self.lead.press(words)
        self.all_show(version=self.expected.version + 1, **changed)

    def counts_say(self, voted: int) -> None:
        """Wall and console tell how many voted; who watches along is no part of it."""
        told = f"{voted} van {len(self.voters)}"
        counts = [self.wall.page.locator(".stage-progress b"), self.lead.page.locator(".turnout-big")]
        agree(lambda: [count.inner_text() for count in counts], [told, told])

    # ---- A question ----

    def vote(self, seats: list[Seat], node: Node) -> None:
        """All of them at once, but for a few who do it by hand."""
        letters = {seat.number: seat.choose_letter(node, self.round_number) for seat in seats}
        for seat in seats:
            if seat not in self.by_hand:
                seat.press_vote(letters[seat.number])
        for seat in seats:
            if seat in self.by_hand:
                seat.vote(letters[seat.number])
        agree(lambda: [own(seat) for seat in seats], [seat.cast[-1] for seat in seats])

    def play(self, slug: str, decision: str, *, away: Seat | None = None) -> None:
        """A whole question, from opening the vote to the decision."""
        node = self.nodes[slug]
        self.round_number += 1
        if away:
            away.phone.go_out_of_reach()
            expect(away.phone.banner).to_contain_text("Verbinding weg.", timeout=60_000)
        self.lead.press("Open de stemming")
        gone = away.phone if away else None
        self.all_show(but=gone, version=self.expected.version + 1, status="open")
        self.vote([seat for seat in self.voters if seat is not away], node)
        if away:
            self.counts_say(len(self.voters) - 1)
            assert self._read(away.phone) == replace(self.expected, version=self.expected.version - 1, status="reading")
            away.phone.come_back()
            self.all_show()
            self.vote([away], node)
        self.counts_say(len(self.voters))
        self.all_show()
        self.reloading.phone.page.reload()
        self.all_show()
        self.note_own()

        self.press("Sluit de stemming", status="closed")
        self.counts_say(len(self.voters))
        self.press("Toon de uitslag", status="revealed", scene="result")
        cast = Counter(seat.cast[-1] for seat in self.voters)
        totals = self.wall.page.locator(".result-total")
        agree(lambda: totals.evaluate_all(READ_TOTALS), [cast[letter] for letter in LETTERS])
        self.note_own()
        self.press("Per rol")
        self.lead.decide(decision, "Daar zijn we het over eens.")
        self.all_show(version=self.expected.version + 1, status="decided", scene="decided")
        self.note_own()

    def note_own(self) -> None:
        for seat in self.voters:
            seat.shown.append(own(seat))


def own(seat: Seat) -> str:
    """The letter that this phone shows as its own."""
    return seat.phone.page.evaluate(READ_OWN)


@pytest.fixture
def hall(room: Room) -> Hall:
    return Hall(room)


@pytest.mark.slow
def test_the_pages_of_one_room_stay_in_step_through_a_whole_phase(hall: Hall) -> None:
    assert len(hall.screens) == 40
    asked = [hall.nodes[slug].question for slug, _ in WAY]
    assert hall.library.start("startfase") == Place("startfase", WAY[0][0])
    hall.all_show()
    hall.press("Begin met vraag 1", scene="question", status="reading", question=asked[0])
    hall.play(*WAY[0])
    hall.press("Volgende vraag", scene="question", status="reading", question=asked[1])

    # One time back: the question before, with a vote of its own.
    hall.lead.press_small("Stap terug")
    hall.all_show(version=hall.expected.version + 1, question=asked[0])
    hall.play(*WAY[0])
    hall.press("Volgende vraag", scene="question", status="reading", question=asked[1])

    hall.play(*WAY[1], away=hall.wandering)
    hall.press("Volgende vraag", scene="question", status="reading", question=asked[2])
    hall.play(*WAY[2])
    hall.press("Volgende vraag", scene="end", status="reading", question="")

    # Each phone showed its own vote and no other, every time: when it was in, with the result, and with the decision.
    shown, cast = [seat.shown for seat in hall.voters], [seat.cast for seat in hall.voters]
    assert shown == [[letter for letter in letters for _ in range(3)] for letters in cast]
    # They are on disk as well, also those of the time before the step back.
    assert hall.room.votes(hall.code) == sorted(
        (seat.role.lower(), hall.nodes[slug].answers[LETTERS.index(letter)].slug)
        for seat in hall.voters
        for (slug, _), letter in zip((WAY[0], *WAY), seat.cast, strict=True)
    )
    # One of them had no socket all evening; every other page was told over one.
    assert [screen for screen in hall.screens if not screen.frames] == [hall.polling.phone]
