"""Proposals for a line of the plan: gathered from phones, then each person supports up to three.

Asked beside the walk, as the check of the plan is. As long as the round is read, phones send proposals; what the
facilitator lets through is what the vote is on.
"""

import re
from datetime import datetime

import msgspec

from content.graph import Library
from sessions.rules.changes import ask_beside, change_current, need_current
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Choice, State, is_asked

# What can be asked without a line that waits for it, by kind of line.
OPEN_SUBJECTS = {"doel": "Wat is ons doel?", "actie": "Welke stap zetten we?"}


class Gather(Command, frozen=True):
    """Ask the room for proposals. `subject`: the key of a line that is still empty, or one of `OPEN_SUBJECTS`."""

    refusal = Reason.NO_CHECK_NOW

    subject: str

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        current = state.active
        return current is not None and current.is_of_tree and current.status != "open"

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        asked = OPEN_SUBJECTS.get(self.subject, state.wanted)
        if not asked or not re.fullmatch(r"[a-z]{1,12}|[0-9]{1,9}", self.subject):
            raise Refused(Reason.UNKNOWN_LINE)
        return ask_beside(state, now, kind="support", subject=self.subject, asked=asked)


class Adopt(Command, frozen=True):
    """Take these proposals into the plan."""

    answers: tuple[str, ...]

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return is_asked(state, library, "revealed") and need_current(state).kind == "support"

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        known = [option.slug for option in need_current(state).options]
        if not set(self.answers) <= set(known):
            raise Refused(Reason.UNKNOWN_ANSWER)
        taken = tuple(slug for slug in known if slug in self.answers)
        if not taken:
            raise Refused(Reason.ANSWER_MISSING)
        choice = Choice(answer=taken[0], how="talk", why="", more=taken[1:])
        adopted = change_current(state, status="decided", decision=choice, decided_at=now)
        return msgspec.structs.replace(adopted, screen="plan")  # where they stand from now on
