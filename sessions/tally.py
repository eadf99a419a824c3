"""Where migration 0005 finds the tally, which lives in `rules` now: a migration is never changed afterwards."""

from sessions.rules.tally import FLOOR, NO_FLOOR, Votes, count_votes

__all__ = ["FLOOR", "NO_FLOOR", "Votes", "count_votes"]
