"""Where the walk of a group stands, and what can be read from it. Pure.

These values are kept as JSON as well, for an undo. So their fields keep their names.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec

from content.graph import Answer, Library, Node, Place

Status = Literal["reading", "open", "closed", "revealed", "decided"]
How = Literal["vote", "talk", "facilitator"]
# Where the options of a round come from. So far a meeting only asks questions.
Kind = Literal["question", "other-role", "warm-up", "consent", "support", "sort", "check", "progress"]

Fate = Literal["waiting", "shown", "parked"]  # of a proposal

OF_A_TREE: tuple[Kind, ...] = ("question", "other-role")
ASIDES: tuple[Kind, ...] = ("check", "support", "sort")  # beside the walk, which goes on from where it stood

# Under what is asked, where that is no question of a tree.
HELP = {
    "progress": "Hoe staat het hiermee?",
    "check": "Lees het rustig. Zeg het als er iets mist.",
    "support": "Kies er hoogstens drie.",
    "term": "Wanneer doen we dit?",
    "doer": "Wie is aan zet?",
}

LINE_LENGTH = 300  # characters in one line of free text: a *waarom*, a plan line


class Frozen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that never changes."""


class Choice(Frozen, frozen=True):
    """What the group takes, how it came to it, and why. Apart from the vote, which only informs it.

    Where it can take several, `more` are those after the first.
    """

    answer: str
    how: How
    why: str
    other: str = ""
    more: tuple[str, ...] = ()

    @property
    def taken(self) -> tuple[str, ...]:
        """All that the group takes."""
        return (self.answer, *self.more)


class Option(Frozen, frozen=True):
    """Something that can be chosen in a round, and by which roles."""

    slug: str
    text: str
    roles: tuple[str, ...]


class PageLine(Frozen, frozen=True):
    """A line of the plan as the room is asked about it; `who` as it may stand on a phone."""

    kind: str
    text: str
    who: str = ""
    due: date | None = None


class Idea(Frozen, frozen=True):
    """A proposal of one phone for the plan; its row in the database is a `Proposal`.

    `words` are those of the sender, `text` how it reads once the facilitator reworded it. One that says the same as
    another one belongs `to` that. `handle` is known to the phone that sent it, and tells nobody else whose it is.
    """

    key: int
    handle: str
    words: str
    text: str
    status: Fate = "waiting"
    to: int | None = None


class Asking(Frozen, frozen=True):
    """What the room is asked once, at one place of its walk; its row in the database is a `Round`.

    `visit` counts how often the group came to this place, `attempt` the votes within one visit. `sealed`: nobody knows
    any more whose votes these are, so no vote can be changed. `let_ins`: how often those who came while the vote was
    open were let in. A round that is no question of a tree asks about a `subject`, and keeps what it `asked` in
    words and as `options`, and the `page` of the plan that it asked about.
    """

    number: int
    place: Place
    visit: int = 1
    attempt: int = 1
    status: Status = "reading"
    split: bool = False
    withdrawn: bool = False
    back_why: str = ""
    sealed: bool = False
    let_ins: int = 0
    decision: Choice | None = None
    entered_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    revealed_at: datetime | None = None
    decided_at: datetime | None = None
    kind: Kind = "question"
    subject: str = ""
    asked: str = ""
    options: tuple[Option, ...] = ()
    page: tuple[PageLine, ...] = ()

    @property
    def line(self) -> int | None:
        """The key of the line of the plan that it is about, if any."""
        key = self.subject.partition(":")[0]
        return int(key) if key.isdecimal() else None

    @property
    def field(self) -> str:
        """Which field of that line it asks for, where a line is sorted."""
        return self.subject.partition(":")[2]

    @property
    def gathers(self) -> bool:
        """Whether phones can send proposals for it: what it asks is still to be made of these."""
        return self.kind == "support" and self.status == "reading" and not (self.options or self.withdrawn)

    @property
    def has_lines(self) -> bool:
        """Whether the desk reads lines of phones for it: proposals, or what a plan lacks."""
        return self.gathers or (self.kind == "check" and not self.is_over)

    @property
    def takes_lines(self) -> bool:
        """Whether phones can send some now."""
        return self.has_lines and self.status in ("reading", "open")

    @property
    def is_over(self) -> bool:
        """Whether it was asked beside the walk, and the group said what came of it or left it."""
        return self.kind in ASIDES and (self.status == "decided" or self.withdrawn)

    @property
    def is_of_tree(self) -> bool:
        """Whether it asks a question of a tree, and is a step of the walk."""
        return self.kind in OF_A_TREE

    @property
    def was_revealed(self) -> bool:
        """Whether counts of this round may leave the server."""
        return self.status in ("revealed", "decided")

    @property
    def was_shown(self) -> bool:
        """Whether the hall saw a result of it, also when that was taken back."""
        return self.revealed_at is not None


class OpenStep(Frozen, frozen=True):
    """A step of the plan that is not done: its line, by its key, and its words."""

    line: int
    text: str


class Unsorted(Frozen, frozen=True):
    """A step of the plan of which the group did not say everything: its line, its words, and the fields it lacks."""

    line: int
    text: str
    fields: tuple[str, ...]


class Ticket(NamedTuple):
    """Of somebody who came while a vote was open: the round, and how often newcomers had been let in by then."""

    round: int
    turn: int


class State(Frozen, frozen=True):
    """Where a session is. `screen` is what the beamer shows: `walk`, `plan`, `invite` or the name of a card.

    `door_shut`: no new phones. `chairs` is how many people the facilitator counted in the hall.
    `previous` is the state before the last command, for one undo. `draft` is the decision that an undo took back, as
    long as the group stands at that round: nobody writes a *waarom* twice. Only a `previous` has the last three: the
    step that led on from it, whose step that was, and, when hands were counted, what was counted before. `open_steps`
    are those of the plan, most urgent first, until the walk begins; `page` is what of it the room is to check now,
    `wanted` the words of the line it is to make proposals for, `ideas` what phones proposed in the round of now, and
    `unsorted` the steps it can be asked to sort. All five are read with the state and never kept.
    """

    phase: str
    version: int = 0
    rounds: tuple[Asking, ...] = ()
    paused: bool = False
    ended: bool = False
    screen: str = "walk"
    door_shut: bool = False
    chairs: int | None = None
    draft: Choice | None = None
    open_steps: tuple[OpenStep, ...] = ()
    page: tuple[PageLine, ...] = ()
    wanted: str = ""
    ideas: tuple[Idea, ...] = ()
    unsorted: tuple[Unsorted, ...] = ()
    previous: "State | None" = None
    step: str = ""
    by: str = ""
    hands: tuple[tuple[str, str, int], ...] | None = None  # role, answer, count

    @property
    def current(self) -> Asking | None:
        """The round the group stands at; None in the lobby."""
        return find_current(self.rounds)

    @property
    def standing(self) -> tuple[Asking, ...]:
        """The rounds of the walk that were not turned back."""
        return tuple(round_ for round_ in self.rounds if not round_.withdrawn and round_.is_of_tree)

    @property
    def has_begun(self) -> bool:
        """Whether the walk through the tree has begun."""
        return any(round_.is_of_tree for round_ in self.rounds)

    @property
    def looks_back(self) -> bool:
        """Whether the group takes stock of its plan now, before the walk."""
        return self.current is not None and self.current.kind == "progress"

    @property
    def is_brief(self) -> bool:
        """Whether what the group is asked now is no question of a tree: it takes two presses."""
        return self.current is not None and not self.current.is_of_tree

    @property
    def active(self) -> Asking | None:
        """The round to work on: None in the lobby, in a break and after the end."""
        return None if self.ended or self.paused else self.current


def find_current(rounds: Sequence[Asking]) -> Asking | None:
    """The round the group stands at: the last one, or where the walk stood once what was asked beside it is over."""
    if not rounds or not rounds[-1].is_over:
        return rounds[-1] if rounds else None
    return next((round_ for round_ in reversed(rounds) if round_.kind not in ASIDES), None)


def find_node(round_: Asking, library: Library) -> Node:
    """What a round asks: of a tree its node, and every other kind one that is made of the texts it kept."""
    if round_.is_of_tree:
        return library.node(round_.place)
    answers = tuple(
        Answer(option.slug, option.text, option.roles, next="", reflection="", elements=()) for option in round_.options
    )
    asks = HELP.get(round_.field or round_.kind, "")
    return Node(round_.subject, "verdieping", question=round_.asked, help=asks, answers=answers)


def is_asked(state: State, library: Library, *statuses: Status) -> bool:
    """Whether the group can go on with a question that has one of these statuses."""
    current = state.active
    return current is not None and current.status in statuses and not find_node(current, library).is_end


def find_crossing(state: State, library: Library) -> Asking | None:
    """The round whose decision led from another phase to this one, if the group can still return to it."""
    current = state.current
    if current is None:
        return None
    standing = state.standing
    for earlier, later in zip(reversed(standing[:-1]), reversed(standing[1:]), strict=True):
        if later.place.phase != current.place.phase:
            return None  # since that crossing the group has been in yet another phase
        if earlier.place.phase != later.place.phase:
            return earlier if _leads_to(earlier, later.place, library) else None
    return None


def _leads_to(round_: Asking, place: Place, library: Library) -> bool:
    if round_.decision is None:
        return False  # an end node was left on purpose; only a question is worth returning to
    answer = library.node(round_.place).answer(round_.decision.answer)
    return library.resolve(round_.place.phase, answer.next) == place


def visits_before(state: State, place: Place, number: int) -> tuple[Asking, ...]:
    """Earlier visits of a place, the last round of each, before the round with this number."""
    here = [round_ for round_ in state.rounds if round_.place == place and round_.number < number]
    visit = next((round_.visit for round_ in state.rounds if round_.number == number), 0)
    last = {round_.visit: round_ for round_ in here if round_.visit < visit}
    return tuple(last.values())


def find_visit_to_go_back_to(state: State) -> Asking | None:
    """The round a step back returns to: the decision just taken, or else the one before this question."""
    current = state.current
    if current is None or current.status == "open" or state.is_brief:
        return None
    if current.decision:
        return current
    here = (current.place, current.visit)
    for round_ in reversed(state.standing):
        if (round_.place, round_.visit) != here:
            return round_
    return None


def find_decision(state: State, number: int) -> Choice | None:
    """What the group took in the round with this number."""
    return next((round_.decision for round_ in state.rounds if round_.number == number), None)


def is_at_same_choice(before: State, after: State) -> bool:
    """Whether both stand at the same round, and the group has still to decide in the latter."""
    one, other = before.current, after.current
    return one is not None and other is not None and one.number == other.number and other.decision is None
