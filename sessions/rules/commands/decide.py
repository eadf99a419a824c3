"""What the group takes. The vote informs it, and never is it."""

from datetime import datetime

from content.graph import Library
from sessions.rules.changes import change_current, need_current, tidy_line
from sessions.rules.commands.command import Command
from sessions.rules.refusals import Reason, Refused
from sessions.rules.state import Choice, How, State, is_asked


class Decide(Command, frozen=True):
    """Record what the group takes."""

    answer: str
    how: How
    why: str
    other: str = ""

    @classmethod
    def fits(cls, state: State, library: Library) -> bool:
        return not state.is_brief and is_asked(state, library, "revealed")

    def carry_out(self, state: State, library: Library, now: datetime) -> State:
        node = library.node(need_current(state).place)
        if self.answer not in {answer.slug for answer in node.answers}:
            raise Refused(Reason.UNKNOWN_ANSWER)
        why, other = tidy_line(self.why), tidy_line(self.other)
        if not why:
            raise Refused(Reason.WHY_MISSING)
        choice = Choice(answer=self.answer, how=self.how, why=why, other=other)
        return change_current(state, status="decided", split=True, decision=choice, decided_at=now)
