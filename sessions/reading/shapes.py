"""What the snapshots are made of: plain values, safe to hand to a template."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from content.graph import Element, Intervention, Library, Node, Role, Tree
from sessions.models import GroupSession
from sessions.reading.dates import Held
from sessions.rules.cards import Card
from sessions.rules.commands.stock import OUTCOMES
from sessions.rules.evaluation import Findings
from sessions.rules.plan import MOST_LEAVES, PLAN_KINDS, NextTime, Part, Piece, Written, read_leaf, read_pieces
from sessions.rules.state import Choice, Frozen, Idea, OpenStep, PageLine, State
from sessions.rules.tally import Tally, Votes


class Revisions(NamedTuple):
    """How often each topic changed: the walk, what only the desk holds, and the plan. They only grow.

    Every write that any screen can show raises one of them. What is counted (votes, people) has none: whoever looks
    counts.
    """

    walk: int = 0
    desk: int = 0
    plan: int = 0

    def sum_for(self, topics: Iterable[str]) -> int:
        """One number for a screen that shows these topics: it grows whenever one of them changes."""
        return sum(getattr(self, topic) for topic in topics)


class AnswerView(NamedTuple):
    """An answer as every screen shows it. `roles` is empty when it is open to everybody."""

    slug: str
    letter: str
    text: str
    roles: tuple[Role, ...]


class Question(NamedTuple):
    """A question as every screen shows it; `earlier` holds what the group chose on earlier visits."""

    tree: Tree
    node: Node
    answers: tuple[AnswerView, ...]
    visit: int
    attempt: int
    earlier: tuple["Earlier", ...]
    kind: str = "question"
    most: int = 1  # that one person can choose
    of: int = 0  # steps of the plan that the group looks back on; this is one of them
    page: tuple[PageLine, ...] = ()  # of the plan, when that is what is asked about


class Earlier(NamedTuple):
    """An earlier visit of the same question."""

    answer: AnswerView | None
    at: datetime | None
    withdrawn: bool


class Voice(Frozen, frozen=True):
    """The votes of one group: for one answer, or in all."""

    roles: tuple[Role, ...]
    count: int

    @property
    def is_pooled(self) -> bool:
        """Roles that were too small to show apart."""
        return len(self.roles) > 1


class ResultRow(NamedTuple):
    answer: AnswerView
    total: int
    voices: tuple[Voice, ...]  # empty as long as, or because, only the total shows
    leads: bool


class Result(NamedTuple):
    """A revealed result. `groups` and the voices of the rows are filled once it is shown per role."""

    rows: tuple[ResultRow, ...]
    groups: tuple[Voice, ...]
    voters: int
    phones: int
    hands: int
    held_back: int  # phones that voted, too few to show
    split: bool
    tie: tuple[str, ...]  # the letters that share the first place
    only_total: bool
    is_pooled: bool
    comes_per_role: bool  # later, and then it really will

    @property
    def likely(self) -> str:
        """The answer that most chose; none where two share that place, or nobody may know."""
        return self.leading[0] if len(self.leading) == 1 else ""

    @property
    def leading(self) -> tuple[str, ...]:
        """The answers that most chose; several where these share the first place."""
        return tuple(row.answer.slug for row in self.rows if row.leads)

    @property
    def most(self) -> int:
        """The votes of the answer that has most: the longest street."""
        return max((row.total for row in self.rows), default=0)

    @property
    def density(self) -> str:
        """How close the houses stand: l to 12 in a row, m to 24, s to 48, bar above."""
        return "l" if self.most <= 12 else "m" if self.most <= 24 else "s" if self.most <= 48 else "bar"


class Find(NamedTuple):
    """A working element (diamond) or an intervention (shovel) with why it stands here."""

    element: Element | None
    intervention: Intervention | None
    why: str

    @property
    def card(self) -> Card:
        """The card that tells all of it."""
        if self.element:
            return Card("element", self.element.slug)
        assert self.intervention  # one of the two
        return Card("intervention", self.intervention.slug)


class Opening(NamedTuple):
    """An answer to open: what it can bring and cost, and what helps."""

    answer: AnswerView
    reflection: str
    finds: tuple[Find, ...]

    @property
    def card(self) -> Card:
        return Card("answer", self.answer.slug)


class CardView(NamedTuple):
    """A card as it stands on the beamer: one of the three."""

    card: Card
    opened: Opening | None
    element: Element | None
    intervention: Intervention | None

    @property
    def other_parts(self) -> tuple[Card, ...]:
        """The rest of the same card."""
        parts = range(1, self.card.parts + 1)
        return tuple(self.card._replace(part=part) for part in parts if part != self.card.part)


class Decided(NamedTuple):
    """A decision with what it opens."""

    answer: AnswerView
    how: str
    why: str
    other: str
    reflection: str
    finds: tuple[Find, ...]
    leads_to: Tree | None  # the tree of the next phase, when the answer leads there


class Turnout(NamedTuple):
    """How many voted of how many could, phones and hands together."""

    voted: int
    entitled: int
    phones: int
    hands: int

    @property
    def still(self) -> int:
        """Who could vote and has not."""
        return self.entitled - self.voted

    @property
    def is_by_hand(self) -> bool:
        """Nobody here votes with a phone."""
        return self.entitled == self.hands


class RoleTurnout(NamedTuple):
    """The people of one role: here, and how many of them voted."""

    role: Role
    present: int
    voted: int
    entitled: int

    @property
    def still(self) -> int:
        """Who could vote and has not."""
        return self.entitled - self.voted


class ConsoleStep(NamedTuple):
    """A step of a question, for the bar on the console: done, now or to come."""

    name: str
    state: str


class ShownIdea(NamedTuple):
    """A proposal on the wall. By the handles a phone knows its own, and nobody else's."""

    text: str
    handles: tuple[str, ...]  # of all that say the same


class GatheredIdea(NamedTuple):
    """A proposal on the desk, with those that say the same."""

    idea: Idea
    same: tuple[Idea, ...]


class Ideas(NamedTuple):
    """What a room proposes for a line of its plan, as everybody may see it."""

    shown: tuple[ShownIdea, ...]
    parked: tuple[str, ...]  # handles alone: what these say was read on the desk


class Wanted(NamedTuple):
    """A line of the plan that a room can be asked to fill in, by its key."""

    key: int
    asked: str


class Stage(Frozen, frozen=True):
    """What everybody in the room may see."""

    code: str
    title: str
    buurt: str
    is_practice: bool
    door_shut: bool
    revisions: Revisions
    scene: str  # lobby, question, propose, result, decided, stock, end, plan, paused, ended
    tree: Tree
    round: int | None
    is_sealed: bool  # nobody knows any more whose votes these are
    status: str
    question: Question | None
    result: Result | None
    openings: tuple[Opening, ...]  # of all answers, once the result is there
    decided: Decided | None
    end: Node | None
    ideas: Ideas | None = None  # while proposals are gathered

    @property
    def takes_several(self) -> bool:
        """Whether one person can choose several answers now."""
        return self.question is not None and self.question.most > 1

    @property
    def version(self) -> int:
        """Of the walk: a command says which one it saw."""
        return self.revisions.walk


class PhoneView(Frozen, frozen=True):
    """For the phones of one role. Carries no counts of people and no turnout."""

    topics: ClassVar = ("walk",)
    stage: Stage
    role: Role | None
    choices: tuple[str, ...]  # the answers this role may give
    waits: bool = False  # came while the vote was open, and was not let in yet
    exposed: dict[str, int] = {}  # answers of this role that tell who chose them -> one or two phones

    @property
    def may_vote(self) -> bool:
        """Whether these phones can choose something now."""
        return self.stage.scene == "question" and self.stage.status == "open" and bool(self.choices)

    @property
    def mark(self) -> str:
        """What distinguishes this view from others of the same role at the same revision."""
        return "waits" if self.waits else " ".join(f"{answer}:{phones}" for answer, phones in self.exposed.items())


class LineView(NamedTuple):
    """A line of the plan with what the group wrote."""

    line: Written
    parts: tuple[Part, ...]
    stands: bool = True  # its decision was not turned back; without a decision the group added it itself
    is_earlier: bool = False  # of a meeting before, and not of the plan of now

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """As it is read."""
        return read_pieces(self.parts)

    @property
    def is_day_alone(self) -> bool:
        """A moment that a decision asked for: all that is written there is a day."""
        return self.line.kind == "moment" and bool(self.line.prompt)

    @property
    def is_filled(self) -> bool:
        has_day = self.line.kind == "moment" and self.line.words.due is not None
        return has_day or any(part.text for part in self.parts)

    @property
    def is_turned_back(self) -> bool:
        """The group wrote it for a decision that it came back on: to keep or to strike, but not agreed any more."""
        return self.is_filled and not self.stands

    @property
    def is_agreed(self) -> bool:
        return self.is_filled and self.stands and not self.line.words.struck

    @property
    def is_awaited(self) -> bool:
        """Still to be filled in."""
        return self.stands and not self.is_filled and not self.line.words.struck

    @property
    def lacks_name(self) -> bool:
        """An action that nobody has taken on yet."""
        return self.is_agreed and self.line.kind == "actie" and not (self.line.words.who or self.line.words.role)


class Past(NamedTuple):
    """A line as it was after a step, who made that (empty where nobody knows any more) and when."""

    at: datetime
    by: str
    view: LineView


class History(NamedTuple):
    """A line of the plan and what it held after each step, newest first: the first of these is how it is now."""

    view: LineView
    steps: tuple[Past, ...]


class Plan(tuple["PlanSection", ...]):
    """The lines of a meeting, a section for each kind."""

    __slots__ = ()

    @property
    def has_agreed(self) -> bool:
        return any(section.agreed for section in self)

    @property
    def agreed(self) -> tuple[LineView, ...]:
        return tuple(line for section in self for line in section.agreed)

    @property
    def turned_back(self) -> tuple[LineView, ...]:
        """What the group wrote for decisions that it came back on."""
        return tuple(line for section in self for line in section.turned_back)

    def only(self, kinds: Collection[str]) -> "Plan":
        """The sections of these kinds."""
        return Plan(section for section in self if section.kind in kinds)


class PlanSection(NamedTuple):
    kind: str
    lines: tuple[LineView, ...]

    @property
    def agreed(self) -> tuple[LineView, ...]:
        return tuple(line for line in self.lines if line.is_agreed)

    @property
    def turned_back(self) -> tuple[LineView, ...]:
        return tuple(line for line in self.lines if line.is_turned_back and not line.line.words.struck)


class Clash(NamedTuple):
    """What somebody typed in a field that somebody else changed meanwhile: one of the two is still to be picked."""

    key: int
    field: str
    value: str
    by: str
    page: str


class Goal(NamedTuple):
    """A goal of the plan with the steps that serve it."""

    view: LineView
    steps: tuple[LineView, ...]


class Verdict(NamedTuple):
    """What a room said of its plan: on that day it was right, or lacked something; and whether it changed since."""

    goal: int  # the key of the goal whose page it was; 0 for the whole plan
    about: str  # the words of that goal
    answer: str  # fits or lacks
    lacks: str
    at: datetime
    is_changed: bool = False
    result: Result | None = None


class Supported(NamedTuple):
    """What a room chose among its proposals for a line of the plan."""

    asked: str
    taken: tuple[str, ...]
    result: Result | None


class Helpers(NamedTuple):
    """Who helps with a step: how many, with what, and the first names that were given to the team."""

    people: int
    helps: tuple[tuple[str, int], ...] = ()  # slug of `HELPS` -> how many
    names: tuple[str, ...] = ()


class MyOffer(NamedTuple):
    """What one phone offers at a step."""

    helps: Sequence[str]
    name: str


class OfferedStep(NamedTuple):
    """A step as a phone sees it that may offer something."""

    key: int
    text: str
    people: int = 0  # how many help, where that is shown
    own: MyOffer | None = None


class PlanPage(Frozen, frozen=True):
    """The plan of a trajectory as the devices of its facilitators show it."""

    topics: ClassVar = ("plan",)
    trajectory: int
    buurt: str
    is_practice: bool
    revision: int
    next_time: NextTime
    goals: tuple[Goal, ...]  # at most three
    more_goals: tuple[LineView, ...]
    steps: tuple[LineView, ...]  # that serve no goal on top
    lists: Plan  # all other kinds
    asked: tuple[LineView, ...]  # still to be filled in
    turned_back: tuple[LineView, ...]
    struck: tuple[LineView, ...]
    earlier: tuple[LineView, ...]
    phase: str  # of the newest meeting
    clashes: dict[int, tuple[Clash, ...]]  # by line
    hands: dict[int, tuple[str, ...]]  # by line: the devices that write there
    verdicts: tuple[Verdict, ...] = ()  # the last of the whole plan and of each goal
    is_checked: bool = False  # the room reads it at this moment, as it was when that began
    helpers: dict[int, Helpers] = {}  # by line
    evidence: dict[int, Findings] = {}  # by line that asks to count or to tell

    def list_of(self, kind: str) -> tuple[LineView, ...]:
        """The agreed lines of a kind that is neither goal nor step."""
        return next((section.lines for section in self.lists if section.kind == kind), ())

    @property
    def verdict(self) -> Verdict | None:
        """What the room said of the whole plan."""
        return next((verdict for verdict in self.verdicts if not verdict.goal), None)

    @property
    def orders(self) -> tuple[tuple[int, ...], ...]:
        """The keys of the lines that stand under each other, list by list."""
        goals = (*(goal.view for goal in self.goals), *self.more_goals)
        lists = [goals, *(goal.steps for goal in self.goals), self.steps, *(section.lines for section in self.lists)]
        return tuple(tuple(view.line.key for view in views) for views in lists)

    def find(self, key: int) -> LineView | None:
        """The line with this key, wherever it stands on the page."""
        goals = (*(goal.view for goal in self.goals), *self.more_goals)
        lists = (line for section in self.lists for line in section.lines)
        every = (*goals, *self.all_steps, *lists, *self.asked, *self.turned_back, *self.struck, *self.earlier)
        return next((view for view in every if view.line.key == key), None)

    @property
    def is_before_plan(self) -> bool:
        """The group gathers what it finds or wants to know, and nobody asks for a goal yet."""
        return self.phase in ("startfase", "evaluatiefase") and self.is_gathering

    @property
    def is_gathering(self) -> bool:
        """What the group wrote is no plan: what it found before one, or what it wants to know after."""
        return not (self.goals or self.all_steps or any(section.kind in PLAN_KINDS for section in self.lists))

    @property
    def all_steps(self) -> tuple[LineView, ...]:
        return (*(step for goal in self.goals for step in goal.steps), *self.steps)

    @property
    def agreed(self) -> tuple[LineView, ...]:
        """All that stands in the plan of now."""
        goals = (*(goal.view for goal in self.goals), *self.more_goals)
        return (*goals, *self.all_steps, *(line for section in self.lists for line in section.lines))

    @property
    def nameless(self) -> tuple[LineView, ...]:
        return tuple(step for step in self.all_steps if step.lacks_name)

    @property
    def is_empty(self) -> bool:
        """Nobody wrote anything yet."""
        return not (self.goals or self.steps or self.lists or self.turned_back)

    @property
    def mark(self) -> str:
        """What tells this picture of the plan from others. Hands rest without a word."""
        return f"{self.revision} {sorted(self.hands.items())}"


LONG = 90  # letters


class Leaf(NamedTuple):
    """What of a plan stands on the wall at once."""

    next_time: NextTime
    number: int = 1
    of: int = 1
    goal: LineView | None = None
    signs: tuple[LineView, ...] = ()  # by which the group will notice it
    steps: tuple[LineView, ...] = ()
    first: int = 1  # the number of the first of these steps
    lists: tuple[tuple[str, tuple[LineView, ...]], ...] = ()  # kinds with lines of each
    asked: tuple[LineView, ...] = ()
    written: LineView | None = None  # somebody writes here now: then all else is away
    helpers: Mapping[int, int] = MappingProxyType({})  # by line how many help; no names, for everybody reads it
    evidence: Mapping[int, Findings] = MappingProxyType({})  # by line what was counted and told there

    @property
    def is_empty(self) -> bool:
        return not (self.goal or self.steps or self.lists or self.asked or self.written)

    @property
    def is_long(self) -> bool:
        """What stands there large is so long that it has to be smaller."""
        large = self.written or self.goal
        letters = sum(len(part.text) for part in large.parts) if large else 0
        return letters > LONG or len(self.next_time.place) > LONG // 2


class Wifi(NamedTuple):
    """The network that the phones in the hall can use."""

    name: str
    password: str  # empty: none, or the facilitator rather says it


class LookedBack(NamedTuple):
    """A step of the plan that the room was asked about, and what it said."""

    text: str
    state: str  # as `Words.state`
    follow_up: str
    result: Result | None


class Stock(NamedTuple):
    """How the plan stands, once the room was asked: what is told before the walk begins."""

    looked_back: tuple[LookedBack, ...]
    news: tuple["Wait", ...]  # of the municipality, and what was to be looked back on by now
    rest: tuple[OpenStep, ...]  # that the room was not asked about

    @property
    def shows_news(self) -> bool:
        """Whether a wall has room for it. The facilitator reads it aloud anyway."""
        return bool(self.news) and len(self.looked_back) <= 3 and len(self.news) <= 3

    @property
    def outcomes(self) -> tuple[tuple[str, str], ...]:
        """What can be said of a step: as it is kept, and in words."""
        return OUTCOMES


class BeamerView(Frozen, frozen=True):
    """For the wall: present people per role, and how many voted without saying of which role."""

    topics: ClassVar = ("walk", "desk", "plan")
    stage: Stage
    present: tuple[RoleTurnout, ...]
    people: int
    turnout: Turnout | None
    card: CardView | None  # stands in front of the walk
    invites: bool = False  # the QR does, as large as it goes
    plan: Leaf | None = None
    wifi: Wifi | None = None
    stock: Stock | None = None
    proposed: int = 0  # how many proposals came in
    share: str = ""  # after the end: the token of the link by which the plan goes home with people


class ConsoleView(Frozen, frozen=True):
    """For the facilitator: turnout per role without names, the tip, and what can be done now."""

    topics: ClassVar = ("walk", "desk")
    stage: Stage
    people: int
    watching: int
    waiting: int  # came while the vote was open, and were not let in yet
    surplus: int  # phones beyond the people the facilitator counted
    chairs: int | None
    exposed: tuple["Exposed", ...]
    turnout: Turnout | None
    roles: tuple[RoleTurnout, ...]
    allowed: frozenset[str]
    next_step: str
    tip: str
    crossing: Question | None
    steps: tuple[ConsoleStep, ...]
    hands: dict[str, int]  # "answer:role" -> counted hands
    screen: str  # what the beamer shows: walk, plan, invite or the name of a card
    card: CardView | None  # that card
    invites: bool  # that is the QR, as large as it goes
    draft: Choice | None  # a decision that was taken back, to begin with
    undo: str = ""  # the step that an undo takes back
    undo_by: str = ""  # whose step that was
    wifi: Wifi | None = None
    open_steps: int = 0  # of the plan, that the group can look back on before it walks
    stock: Stock | None = None
    wanted: tuple[Wanted, ...] = ()  # lines that the room can be asked to make proposals for
    waiting_ideas: tuple[GatheredIdea, ...] = ()
    shown_ideas: tuple[GatheredIdea, ...] = ()
    parked_ideas: tuple[GatheredIdea, ...] = ()

    @property
    def next_leaf(self) -> int:
        """Of the plan on the wall. After the last comes the first again."""
        return (read_leaf(self.screen) or 0) % MOST_LEAVES + 1


class Exposed(NamedTuple):
    """An answer that tells who chose it, for only one or two phones can."""

    answer: AnswerView
    phones: int


class Attempt(NamedTuple):
    number: int
    result: Result | None  # None as long as it was not revealed


class Compared(NamedTuple):
    """An answer with its result in each vote of one visit."""

    answer: AnswerView
    rows: tuple[tuple[Attempt, ResultRow], ...]


class Step(NamedTuple):
    """One visit of a node on the walked path."""

    question: Question | None
    end: Node | None
    tree: Tree
    round: int
    visit: int
    withdrawn: bool
    back_why: str
    attempts: tuple[Attempt, ...]
    decided: Decided | None

    @property
    def is_unfinished(self) -> bool:
        return self.end is None and self.decided is None

    @property
    def shown(self) -> tuple[Attempt, ...]:
        """The attempts with votes that were revealed."""
        return tuple(attempt for attempt in self.attempts if attempt.result and attempt.result.voters)

    @property
    def is_crowded(self) -> bool:
        """Whether the houses are too many to stand behind the words."""
        return any(attempt.result.density != "l" for attempt in self.shown if attempt.result)

    @property
    def compared(self) -> tuple[Compared, ...]:
        """The revealed votes, answer by answer, so that they stand under each other."""
        rows = zip(*(attempt.result.rows for attempt in self.shown if attempt.result), strict=True)
        return tuple(Compared(row[0].answer, tuple(zip(self.shown, row, strict=True))) for row in rows)


class Summary(Frozen, frozen=True):
    """A whole session to read back: plain values. Holds no counts of a round that was not revealed."""

    code: str
    title: str
    buurt: str
    is_practice: bool
    ended_at: datetime | None
    edition: str  # the name of the content that the group walked through
    held: Held
    trees: tuple[Tree, ...]  # the phases the group was in
    people: tuple[Voice, ...]
    path: tuple[Step, ...]
    plan: Plan
    picture: Plan
    indicators: Plan
    finds: tuple[Find, ...]
    looked_back: tuple[LookedBack, ...] = ()  # steps of the plan, before the path
    verdicts: tuple[Verdict, ...] = ()  # what the room said of its plan
    supported: tuple[Supported, ...] = ()  # what it chose among its proposals

    @property
    def groups(self) -> tuple[Voice, ...]:
        """The roles whose houses stand along the path, each once."""
        return tuple(voice for voice in self._voices if not voice.is_pooled)

    @property
    def pools(self) -> tuple[Voice, ...]:
        """The roles that are counted together along the path, each combination once."""
        return tuple(voice for voice in self._voices if voice.is_pooled)

    @property
    def _voices(self) -> tuple[Voice, ...]:
        results = [attempt.result for step in self.path for attempt in step.attempts if attempt.result]
        return tuple({voice.roles: voice for result in results for voice in result.groups}.values())


class People(NamedTuple):
    """The phones of one role that are here; those who came while the vote was open, and wait, apart.

    An empty role watches along. `silent` did not vote in the current round.
    """

    role: str
    waits: bool
    here: int
    silent: int


class Wait(NamedTuple):
    """Something about a line that waits for somebody, since a day.

    Kinds: `name` (nobody does it yet), `late`, `look-back`, `reply` (of the municipality), `follow-up` (it did not work
    out, and nobody said what comes now) and `clash` (two texts of which one is to be picked). What came in, `answer` of
    the municipality, waits for nobody.
    """

    kind: str
    view: LineView
    day: date | None = None


class Story(Frozen, frozen=True):
    """A trajectory at a glance."""

    trajectory: int
    buurt: str
    is_practice: bool
    meetings: tuple["SessionCard", ...]  # the oldest first
    page: PlanPage
    since: datetime | None  # the end of the last meeting that ended
    changed: tuple[LineView, ...]  # after the day of that
    waits: tuple[Wait, ...]

    @property
    def next_phase(self) -> str:
        """With which phase the next meeting most likely begins: that of the last one, until its end was reached."""
        return self.meetings[-1].tree.phase if self.meetings else ""


class SessionCard(NamedTuple):
    """A session in the list of a facilitator."""

    session: GroupSession
    tree: Tree
    trees: tuple[Tree, ...]
    people: int
    held: Held
    questions: int
    actions_without_name: int


class Reading(Frozen, frozen=True):
    """Everything one reading of a session brings up. Never shown itself: audiences get their own view of it."""

    session: GroupSession
    language: str  # of the texts in the library
    library: Library
    state: State
    votes: tuple[Votes, ...]
    hands: tuple[Votes, ...]
    people: tuple[People, ...]
    result: Tally | None = None  # of the current round, as it is shown

    @property
    def revisions(self) -> Revisions:
        session = self.session
        return Revisions(session.version, session.desk_revision, session.trajectory.plan_revision)

    def count_here(self, role: str) -> int:
        """The phones of a role that are here, without those who wait."""
        return sum(row.here for row in self.people if row.role == role and not row.waits)

    def count_silent(self, role: str) -> int:
        """Those among them who did not vote yet."""
        return sum(row.silent for row in self.people if row.role == role and not row.waits)
