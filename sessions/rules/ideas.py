"""Proposals for the plan, as phones send them and the facilitator reads them before anybody else. Pure."""

from collections.abc import Iterable, Sequence

from content.graph import LETTERS
from sessions.rules.refusals import Reason
from sessions.rules.state import Asking, Fate, Idea

MOST_SHOWN = len(LETTERS)  # on the wall at once: each gets a letter when the room chooses
MOST_OF_ONE = 3  # from one phone
MOST_OF_ROUND = 600
MOST_LETTERS = 120  # one line, which has to be read from eight metres


def list_shown(ideas: Iterable[Idea]) -> tuple[Idea, ...]:
    """What stands on the wall: let through, and not gathered under another one."""
    return tuple(idea for idea in ideas if idea.status == "shown" and idea.to is None)


def list_same(ideas: Iterable[Idea], key: int) -> tuple[Idea, ...]:
    """All proposals that say the same as the one with this key, itself first."""
    return tuple(sorted((idea for idea in ideas if key in (idea.key, idea.to)), key=lambda idea: idea.to is not None))


def judge_text(text: str) -> Reason | None:
    """Why this line cannot be a proposal, or None."""
    if not text:
        return Reason.PROPOSAL_EMPTY
    return Reason.PROPOSAL_LONG if len(text) > MOST_LETTERS else None


def judge_proposal(text: str, role: str, current: Asking, own: int, *, all_: int = 0) -> Reason | None:
    """Why somebody in this role, who sent `own` lines, cannot propose this in the round of now, or None.

    `all_` is how many the round has.
    """
    if not current.takes_lines:
        return Reason.NOT_GATHERING
    if not role:
        return Reason.WATCHING
    if reason := judge_text(text):
        return reason
    return Reason.TOO_MANY_PROPOSALS if own >= MOST_OF_ONE or all_ >= MOST_OF_ROUND else None


def judge_fate(ideas: Sequence[Idea], key: int, fate: Fate, to: int | None) -> Reason | None:
    """Why the proposal with this key cannot get this fate now, or None. `to`: the one it is gathered under."""
    found = {idea.key: idea for idea in ideas}
    if key not in found or (to is not None and to not in {idea.key for idea in list_shown(ideas)} - {key}):
        return Reason.PROPOSAL_GONE
    if fate == "shown" and to is None and len({idea.key for idea in list_shown(ideas)} | {key}) > MOST_SHOWN:
        return Reason.WALL_FULL
    return None
