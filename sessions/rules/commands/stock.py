"""Waar staan we: before the walk the group looks back on the open steps of its plan, one by one."""

from datetime import datetime

import msgspec

from content.graph import Library, Place
from sessions.rules.changes import change_current, need_current, tidy_line
from sessions.rules.commands.command import Command
from sessions.rules.commands.sort import ask_next_field
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Asking, Choice, OpenStep, Option, State, is_asked

MOST_STEPS = 6  # that the room is asked about; a list holds the rest
# What the room may say of a step, as `Words.state` keeps it. A round keeps the texts it asked.
OUTCOMES = (("done", "Gelukt"), ("busy", "Bezig"), ("failed", "Niet gelukt"), ("dropped", "Niet meer nodig"))


class TakeStock(Command, frozen=True):
    """Ask the room about the first open step of the plan."""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not (state.ended or state.paused or state.rounds) and bool(state.open_steps)

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        return ask_next_step(state, library, now)


class Conclude(Command, frozen=True):
    """Record how a step stands, or where it belongs, and go on with the next; or what the room says of its plan.

    `follow_up` is what comes now that a step did not work out, or what the plan lacks.
    """

    answer: str
    follow_up: str = ""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        if not is_asked(state, library, "revealed"):
            return False
        return need_current(state).kind in ("progress", "check", "sort")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        if self.answer not in {option.slug for option in need_current(state).options}:
            raise Refused(Reason.UNKNOWN_ANSWER)
        # It was typed for an answer that asks for it; a facilitator who then chose another did not take it away.
        follow_up = tidy_line(self.follow_up) if self.answer in ("failed", "lacks") else ""
        choice = Choice(answer=self.answer, how="talk", why=follow_up)
        concluded = change_current(state, status="decided", decision=choice, decided_at=now)
        if need_current(state).kind == "sort":
            return ask_next_field(concluded, library, now)
        if not state.looks_back:
            return msgspec.structs.replace(concluded, screen="plan")  # which is what the group just spoke of
        return ask_next_step(concluded, library, now)


def list_unasked(state: State) -> tuple[OpenStep, ...]:
    """The open steps that the room was not asked about."""
    asked = {round_.subject for round_ in state.rounds}
    return tuple(step for step in state.open_steps if str(step.line) not in asked)


def count_steps(state: State) -> int:
    """How many steps the room is asked about in all."""
    asked = {round_.subject for round_ in state.rounds if not round_.is_of_tree}
    return min(len(asked) + len(list_unasked(state)), max(MOST_STEPS, len(asked)))


def ask_next_step(state: State, library: Library, now: datetime) -> State:
    """Open the vote on the next step that nobody was asked about. Without one the wall shows what came of it."""
    asked = {round_.subject for round_ in state.rounds}
    left = list_unasked(state)
    if not left or len(asked) >= MOST_STEPS:
        return state
    roles = tuple(role.slug for role in library.roles)
    opened = Asking(
        number=state.rounds[-1].number + 1 if state.rounds else 1,
        place=Place(state.phase, ""),
        visit=len(asked) + 1,
        status="open",
        entered_at=now,
        opened_at=now,
        kind="progress",
        subject=str(left[0].line),
        asked=left[0].text,
        options=tuple(Option(slug, text, roles) for slug, text in OUTCOMES),
    )
    return msgspec.structs.replace(state, rounds=(*state.rounds, opened), screen="walk")
