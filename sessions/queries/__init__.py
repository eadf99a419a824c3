"""Snapshots to show. One kind per audience, each unable to carry what that audience may not see.

`read_walk` reads a session once; `show_phone`, `show_beamer` and `show_console` make the snapshot of an audience from
it, so one reading serves a whole room. Counts of a round enter a snapshot only after its reveal.
"""

from sessions.queries.answers import show_answers, show_finds
from sessions.queries.overview import show_cards, sort_sessions
from sessions.queries.own import find_seated_person, read_own_vote, read_voted_round
from sessions.queries.plan import read_plan
from sessions.queries.recount import read_walk
from sessions.queries.shapes import (
    AnswerView,
    Attempt,
    BeamerView,
    CardView,
    ConsoleView,
    Find,
    LineView,
    PhoneView,
    PlanSection,
    Result,
    ResultRow,
    Stage,
    Step,
    Summary,
    Turnout,
    Voice,
    Walk,
    Wifi,
)
from sessions.queries.summary import read_summary
from sessions.queries.walk import (
    count_beamer,
    find_exposed_to,
    mark_console,
    show_beamer,
    show_console,
    show_phone,
)

__all__ = [
    "AnswerView",
    "Attempt",
    "BeamerView",
    "CardView",
    "ConsoleView",
    "Find",
    "LineView",
    "PhoneView",
    "PlanSection",
    "Result",
    "ResultRow",
    "Stage",
    "Step",
    "Summary",
    "Turnout",
    "Voice",
    "Walk",
    "Wifi",
    "count_beamer",
    "find_exposed_to",
    "find_seated_person",
    "mark_console",
    "read_own_vote",
    "read_plan",
    "read_summary",
    "read_voted_round",
    "read_walk",
    "show_answers",
    "show_beamer",
    "show_cards",
    "show_console",
    "show_finds",
    "show_phone",
    "sort_sessions",
]
