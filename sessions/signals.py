"""The one thing the outside hears from the writers, after the commit."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

# Sent with `code` (of the GroupSession, or the name of a plan) and `kind`: "state" when the walk or the plan changed,
# "seats" when somebody was sent away, "counts" when only who is in or who voted changed.
session_changed = Signal()


def name_plan(trajectory: int) -> str:
    """What the plan of a trajectory is called where meetings go by their code."""
    return f"plan-{trajectory}"


def tell_after_commit(code: str, kind: str) -> None:
    """Let the outside know, once what changed is on disk."""
    transaction.on_commit(partial(session_changed.send, None, code=code, kind=kind))
