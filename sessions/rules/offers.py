"""What somebody offers to do at a step of the plan. Pure."""

from collections.abc import Sequence

from sessions.rules.refusals import Reason

# In this order on every screen. What each is called says `sessions.words`.
HELPS = ("hands", "hours", "tools", "place")
NAME_LETTERS = 40
MOST_OF_ONE = 30  # steps at which one phone offers something


def judge_offer(helps: Sequence[str], name: str, *, may_name: bool) -> Reason | None:
    """Why this cannot be offered, or None. A first name is only kept with the tick of who gives it."""
    if not helps or set(helps) - set(HELPS):
        return Reason.HELP_MISSING
    if len(name) > NAME_LETTERS:
        return Reason.NAME_LONG
    return Reason.NAME_UNTICKED if name and not may_name else None
