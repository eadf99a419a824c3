"""Snapshots to show. One kind per audience, each unable to carry what that audience may not see.

`read_session` reads a session once; `show_phone`, `show_beamer` and `show_console` make the snapshot of an audience
from it, so one reading serves a whole room. Counts of a round enter a snapshot only after its reveal.
"""

from sessions.reading.answers import show_answers, show_finds
from sessions.reading.audiences import (
    count_beamer,
    find_exposed_to,
    mark_beamer,
    mark_console,
    show_beamer,
    show_console,
    show_phone,
)
from sessions.reading.evaluation import group_signs, list_out_of_sight, list_taken
from sessions.reading.links import find_link, list_links
from sessions.reading.offers import list_offered_steps, list_own_offers
from sessions.reading.overview import list_known_buurten, show_cards, sort_sessions
from sessions.reading.own import OwnLine, find_seated_person, read_own_lines, read_own_vote, read_voted_round
from sessions.reading.plan import list_changed, read_history, read_plan, read_plan_page
from sessions.reading.recount import put_in_words, read_session
from sessions.reading.shapes import (
    AnswerView,
    Attempt,
    BeamerView,
    CardView,
    Clash,
    ConsoleView,
    Find,
    Helpers,
    History,
    LineView,
    LookedBack,
    PhoneView,
    Plan,
    PlanPage,
    PlanSection,
    Reading,
    Result,
    ResultRow,
    Stage,
    Step,
    Story,
    Summary,
    Turnout,
    Verdict,
    Voice,
    Wait,
    Wifi,
)
from sessions.reading.summary import read_begun, read_summary
from sessions.reading.trajectory import count_last_people, read_story

__all__ = [
    "AnswerView",
    "Attempt",
    "BeamerView",
    "CardView",
    "Clash",
    "ConsoleView",
    "Find",
    "Helpers",
    "History",
    "LineView",
    "LookedBack",
    "OwnLine",
    "PhoneView",
    "Plan",
    "PlanPage",
    "PlanSection",
    "Reading",
    "Result",
    "ResultRow",
    "Stage",
    "Step",
    "Story",
    "Summary",
    "Turnout",
    "Verdict",
    "Voice",
    "Wait",
    "Wifi",
    "count_beamer",
    "count_last_people",
    "find_exposed_to",
    "find_link",
    "find_seated_person",
    "group_signs",
    "list_changed",
    "list_known_buurten",
    "list_links",
    "list_offered_steps",
    "list_out_of_sight",
    "list_own_offers",
    "list_taken",
    "mark_beamer",
    "mark_console",
    "put_in_words",
    "read_begun",
    "read_history",
    "read_own_lines",
    "read_own_vote",
    "read_plan",
    "read_plan_page",
    "read_session",
    "read_story",
    "read_summary",
    "read_voted_round",
    "show_answers",
    "show_beamer",
    "show_cards",
    "show_console",
    "show_finds",
    "show_phone",
    "sort_sessions",
]
