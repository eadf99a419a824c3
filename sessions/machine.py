"""The walk of a group through the trees: State + command -> State, or Refused.

Pure: no Django, no clock (`now` is passed in), no votes. A round goes `reading -> open -> closed -> revealed ->
decided`; a step back marks rounds as withdrawn and keeps them. Every command carries the version it saw.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from content.graph import Library, Node, Place
from sessions.cards import read_card

Status = Literal["reading", "open", "closed", "revealed", "decided"]
How = Literal["vote", "talk", "facilitator"]

MOST_CHAIRS = 9999
LINE_LENGTH = 300  # characters in one line of free text: a *waarom*, a plan line


class Refused(Exception):  # noqa: N818  the word of the room: the machine refuses, nothing is broken
    """A command that cannot be carried out now. `code` says why; the words live in `facilitation.messages`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Frozen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that never changes."""


class Decision(Frozen, frozen=True):
    """What the group takes, how it came to it, and why. Apart from the vote, which only informs it."""

    answer: str
    how: How
    why: str
    other: str = ""


class Round(Frozen, frozen=True):
    """One visit of a node with its votes. `attempt` counts the votes within one visit.

    `sealed`: nobody knows any more whose votes
    these are, so no vote can be changed. `let_ins`: how often those who came while the vote was open were let in.
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
    decision: Decision | None = None
    entered_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    revealed_at: datetime | None = None
    decided_at: datetime | None = None

    @property
    def was_revealed(self) -> bool:
        """Whether counts of this round may leave the server."""
        return self.status in ("revealed", "decided")

    @property
    def was_shown(self) -> bool:
        """Whether the hall saw a result of it, also when that was taken back."""
        return self.revealed_at is not None


class Ticket(NamedTuple):
    """Of somebody who came while a vote was open: the round, and how often newcomers had been let in by then."""

    round: int
    turn: int


class State(Frozen, frozen=True):
    """Where a session is. `screen` is what the beamer shows: `walk`, `plan`, `invite` or the name of a card.

    `door_shut`: no new phones. `chairs` is how many people the facilitator counted in the hall.
    `previous` is the state before the last command, for one undo. `draft` is the decision that an undo took back, as
    long as the group stands at that round: nobody writes a *waarom* twice. Only a `previous` has the last three: the
    step that led on from it, whose step that was, and, when hands were counted, what was counted before.
    """

    phase: str
    version: int = 0
    rounds: tuple[Round, ...] = ()
    paused: bool = False
    ended: bool = False
    screen: str = "walk"
    door_shut: bool = False
    chairs: int | None = None
    draft: Decision | None = None
    previous: "State | None" = None
    step: str = ""
    by: str = ""
    hands: tuple[tuple[str, str, int], ...] | None = None  # role, answer, count

    @property
    def current(self) -> Round | None:
        """The round the group stands at; None in the lobby."""
        return self.rounds[-1] if self.rounds else None

    @property
    def standing(self) -> tuple[Round, ...]:
        """The rounds that were not turned back."""
        return tuple(round_ for round_ in self.rounds if not round_.withdrawn)


class Command(Frozen, frozen=True, tag_field="command", tag=str.lower):
    """Something a facilitator asks for."""


class Start(Command, frozen=True):
    """Leave the lobby for the first question."""


class Open(Command, frozen=True):
    """Open the vote."""


class Close(Command, frozen=True):
    """Close the vote."""


class Continue(Command, frozen=True):
    """Open a vote again that was closed too early, with its votes, as long as nobody saw the result."""


class Reveal(Command, frozen=True):
    """Show the total."""


class Split(Command, frozen=True):
    """Show the result per role."""


class Decide(Command, frozen=True):
    """Record what the group takes."""

    answer: str
    how: How
    why: str
    other: str = ""


class Next(Command, frozen=True):
    """Walk on where the decided answer leads."""


class Follow(Command, frozen=True):
    """Take one of the ways on that an end node offers; `choice` counts from 0."""

    choice: int


class Return(Command, frozen=True):
    """Go back to the question from which the group crossed to another phase."""


class Back(Command, frozen=True):
    """One step back: withdraw what came later, and stand at the question before once more."""

    why: str = ""


class Again(Command, frozen=True):
    """Vote once more on the same question; both rounds stay."""


class Pause(Command, frozen=True):
    """Coffee: nobody can vote."""


class Resume(Command, frozen=True):
    """After the coffee."""


class Stop(Command, frozen=True):
    """Stop here. The path so far is the result."""


class Reopen(Command, frozen=True):
    """Go on with a session that was stopped."""


class Undo(Command, frozen=True):
    """Take back the last command."""


class Plan(Command, frozen=True):
    """Show the plan on the beamer."""


class Invite(Command, frozen=True):
    """Show the QR on the beamer, as large as it goes."""


class Show(Command, frozen=True):
    """Show an opened answer, a working element or an intervention on the beamer. See `cards`."""

    card: str


class Walk(Command, frozen=True):
    """Show the walk on the beamer again."""


class ShutDoor(Command, frozen=True):
    """No new phones from now on; those who are in go on."""


class OpenDoor(Command, frozen=True):
    """Let new phones in again."""


class LetIn(Command, frozen=True):
    """Let those who came while the vote was open vote as well."""


class Chairs(Command, frozen=True):
    """Keep how many people the facilitator counted in the hall."""

    number: int


COMMANDS: dict[str, type[Command]] = {
    kind.__name__.lower(): kind
    for kind in (
        Start, Open, Close, Continue, Reveal, Split, Decide, Next, Follow, Return, Back, Again,
        Pause, Resume, Stop, Reopen, Undo, Plan, Invite, Show, Walk, ShutDoor, OpenDoor, LetIn, Chairs,
    )
}  # fmt: skip


def apply(state: State, command: Command, *, seen: int, library: Library, now: datetime, by: str = "") -> State:
    """Carry out one command, `by` a facilitator.

    `seen` is the version the facilitator saw. Raises Refused: `late` when somebody else was first, else with the
    reason why this command does not fit here.
    """
    if seen != state.version:
        raise Refused("late")
    if isinstance(command, Undo):
        return _undo(state)
    if type(command).__name__.lower() not in allowed(state, library):
        raise Refused(_reason(state, command))
    changed = _carry_out(state, command, library, now)
    return msgspec.structs.replace(
        changed,
        version=state.version + 1,
        draft=state.draft if _is_at_same_choice(state, changed) else None,
        previous=msgspec.structs.replace(state, previous=None, step=type(command).__name__.lower(), by=by),
    )


def count(state: State, before: tuple[tuple[str, str, int], ...], by: str = "") -> State:
    """Hands were counted: a step of its own, so that an undo brings back what was counted `before`."""
    left = msgspec.structs.replace(state, previous=None, step="hands", by=by, hands=before)
    return msgspec.structs.replace(state, version=state.version + 1, previous=left)


def allowed(state: State, library: Library) -> frozenset[str]:
    """The names of all commands that fit this state."""
    names = {"undo"} if state.previous else set()
    if state.ended:
        return frozenset(names | {"reopen"})
    names |= {"stop", "chairs", "opendoor" if state.door_shut else "shutdoor"}
    if state.screen != "walk":
        names.add("walk")
    if state.screen != "plan":
        names.add("plan")
    if state.screen != "invite" and state.current and not state.door_shut:
        names.add("invite")  # in the lobby the QR is large already
    if state.paused:
        return frozenset(names | {"resume"})
    current = state.current
    if current is None:
        return frozenset(names | {"start"})
    names.add("pause")
    if current.status != "open":
        names.add("show")  # while people vote, the question stays where they can read it
    if _visit_to_go_back_to(state):
        names.add("back")
    node = library.node(current.place)
    if node.is_end:
        names.add("follow")
    else:
        names |= {
            "reading": {"open"},
            "open": {"close", "letin"},
            "closed": {"reveal", "again"} | (set() if current.was_shown or current.sealed else {"continue"}),
            "revealed": {"decide", "again"} | (set() if current.split else {"split"}),
            "decided": {"next"},
        }[current.status]
    if find_crossing(state, library) and (node.is_end or current.status in ("reading", "decided")):
        names.add("return")
    return frozenset(names)


def next_step(state: State, library: Library) -> str:
    """The one command that the big button offers."""
    if state.ended:
        return "reopen"
    if state.paused:
        return "resume"
    current = state.current
    if current is None:
        return "start"
    if library.node(current.place).is_end:
        return "stop"
    if current.status == "revealed":
        return "decide" if current.split else "split"
    return {"reading": "open", "open": "close", "closed": "reveal", "decided": "next"}[current.status]


def find_crossing(state: State, library: Library) -> Round | None:
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


def _leads_to(round_: Round, place: Place, library: Library) -> bool:
    if round_.decision is None:
        return False  # an end node was left on purpose; only a question is worth returning to
    answer = library.node(round_.place).answer(round_.decision.answer)
    return library.resolve(round_.place.phase, answer.next) == place


def find_ticket(rounds: Sequence[Round]) -> Ticket | None:
    """What somebody gets who comes in now. None when they may vote at once.

    While a vote is open a newcomer waits for the facilitator, so that nobody comes in again and again to vote. At the
    first question everybody is still coming in.
    """
    current = rounds[-1] if rounds else None
    if current is None or current.status not in ("open", "closed"):
        return None
    if all((round_.place, round_.visit) == (current.place, current.visit) for round_ in rounds):
        return None
    return Ticket(current.number, current.let_ins)


def is_waiting(current: Round | None, ticket: Ticket | None) -> bool:
    """Whether the holder of this ticket may not vote yet. At the next question nobody waits any more."""
    return bool(current and ticket and ticket.round == current.number and ticket.turn >= current.let_ins)


def visits_before(state: State, place: Place, number: int) -> tuple[Round, ...]:
    """Earlier visits of a place, the last round of each, before the round with this number."""
    here = [round_ for round_ in state.rounds if round_.place == place and round_.number < number]
    visit = next((round_.visit for round_ in state.rounds if round_.number == number), 0)
    last = {round_.visit: round_ for round_ in here if round_.visit < visit}
    return tuple(last.values())


def _reason(state: State, command: Command) -> str:
    if state.ended:
        return "ended"
    if state.paused:
        return "paused"
    if isinstance(command, Back):
        return "first-question"
    return "not-now"


def _undo(state: State) -> State:
    if state.previous is None:
        raise Refused("nothing-to-undo")
    taken_back = state.current.decision if state.current and _is_at_same_choice(state, state.previous) else None
    return msgspec.structs.replace(
        state.previous,
        version=state.version + 1,
        rounds=tuple(
            # What a hall saw it cannot unsee.
            msgspec.structs.replace(before, revealed_at=after.revealed_at)
            for before, after in zip(state.previous.rounds, state.rounds, strict=False)
        ),
        draft=taken_back or state.previous.draft,
        previous=None,
        step="",
        by="",
        hands=None,
    )


def _is_at_same_choice(before: State, after: State) -> bool:
    """Whether both stand at the same round, and the group has still to decide in the latter."""
    one, other = before.current, after.current
    return one is not None and other is not None and one.number == other.number and other.decision is None


def _carry_out(state: State, command: Command, library: Library, now: datetime) -> State:
    change = msgspec.structs.replace
    match command:
        case Start():
            return _enter(state, library.start(state.phase), now)
        case Open():
            return _change_current(state, status="open", opened_at=now)
        case Close():
            return _change_current(state, status="closed", closed_at=now)
        case Continue():
            return _change_current(state, status="open", closed_at=None)
        case Reveal():
            return _change_current(state, status="revealed", revealed_at=now)
        case Split():
            return _change_current(state, split=True)
        case Decide():
            return _decide(state, command, library.node(_current(state).place), now)
        case Next():
            current = _current(state)
            answer = library.node(current.place).answer(_decision(current).answer)
            return _enter(state, library.resolve(current.place.phase, answer.next), now)
        case Follow(choice=choice):
            place = _current(state).place
            ways = library.node(place).follow_up
            if not 0 <= choice < len(ways):
                raise Refused("no-such-way")
            return _enter(state, library.resolve(place.phase, ways[choice].next), now)
        case Return():
            crossing = find_crossing(state, library)
            if crossing is None:
                raise Refused("not-now")
            if _current(state).status == "reading" and not library.node(_current(state).place).is_end:
                state = _change_current(state, withdrawn=True)
            return _enter(state, crossing.place, now)
        case Back(why=why):
            return _step_back(state, _line(why, "too-long"), now)
        case Again():
            current = _current(state)
            again = Round(
                number=current.number + 1, place=current.place, visit=current.visit, attempt=current.attempt + 1,
                entered_at=now,
            )  # fmt: skip
            return change(state, rounds=(*state.rounds, again), screen="walk")
        case Pause():
            return change(state, paused=True)
        case Resume():
            return change(state, paused=False)
        case Stop():
            if state.current and state.current.status == "open":
                state = _change_current(state, status="closed", closed_at=now)
            return change(state, ended=True, paused=False)
        case Reopen():
            return change(state, ended=False, screen="walk")
        case Plan():
            return change(state, screen="plan")
        case Invite():
            return change(state, screen="invite")
        case Show(card=name):
            current = _current(state)
            # What an answer brings and costs would colour the vote: first the result, then the cards of answers.
            card = read_card(name, library, library.node(current.place) if current.was_revealed else None)
            if card is None:
                raise Refused("unknown-card")
            return change(state, screen=str(card))
        case Walk():
            return change(state, screen="walk")
        case ShutDoor():
            return change(state, door_shut=True, screen="walk" if state.screen == "invite" else state.screen)
        case OpenDoor():
            return change(state, door_shut=False)
        case LetIn():
            return _change_current(state, let_ins=_current(state).let_ins + 1)
        case Chairs(number=number):
            if not 0 <= number <= MOST_CHAIRS:
                raise Refused("chairs-number")
            return change(state, chairs=number or None)
    raise Refused("not-now")


def _decide(state: State, command: Decide, node: Node, now: datetime) -> State:
    if command.answer not in {answer.slug for answer in node.answers}:
        raise Refused("unknown-answer")
    why, other = _line(command.why, "too-long"), _line(command.other, "too-long")
    if not why:
        raise Refused("why-missing")
    decision = Decision(answer=command.answer, how=command.how, why=why, other=other)
    return _change_current(state, status="decided", split=True, decision=decision, decided_at=now)


def _step_back(state: State, why: str, now: datetime) -> State:
    target = _visit_to_go_back_to(state)
    if target is None:
        raise Refused("first-question")
    # Everything from the visit we return to onwards is withdrawn; nothing is thrown away.
    first = min(
        round_.number for round_ in state.standing if (round_.place, round_.visit) == (target.place, target.visit)
    )
    rounds = tuple(
        msgspec.structs.replace(
            round_,
            withdrawn=True,
            # The line belongs to the choice the group comes back on, not to what was left half done after it.
            back_why=why if round_.number == target.number else round_.back_why,
        )
        if round_.number >= first and not round_.withdrawn
        else round_
        for round_ in state.rounds
    )
    return _enter(msgspec.structs.replace(state, rounds=rounds), target.place, now)


def _visit_to_go_back_to(state: State) -> Round | None:
    """The round a step back returns to: the decision just taken, or else the one before this question."""
    current = state.current
    if current is None or current.status == "open":
        return None
    if current.decision:
        return current
    here = (current.place, current.visit)
    for round_ in reversed(state.standing):
        if (round_.place, round_.visit) != here:
            return round_
    return None


def _enter(state: State, place: Place, now: datetime) -> State:
    visits = [round_.visit for round_ in state.rounds if round_.place == place]
    number = state.rounds[-1].number + 1 if state.rounds else 1
    arrived = Round(number=number, place=place, visit=max(visits, default=0) + 1, entered_at=now)
    return msgspec.structs.replace(state, rounds=(*state.rounds, arrived), screen="walk")


def _change_current(state: State, **changes: object) -> State:
    changed = msgspec.structs.replace(_current(state), **changes)
    # A step of the question is something to see, so the plan leaves the beamer.
    return msgspec.structs.replace(state, rounds=(*state.rounds[:-1], changed), screen="walk")


def _current(state: State) -> Round:
    if state.current is None:
        raise Refused("not-now")
    return state.current


def _decision(round_: Round) -> Decision:
    if round_.decision is None:
        raise Refused("not-now")
    return round_.decision


def _line(text: str, code: str) -> str:
    line = " ".join(text.split())
    if len(line) > LINE_LENGTH:
        raise Refused(code)
    return line
