"""Plan -> the sheet that hangs on the fridge: plain values in words, the same for paper and for a page that is shared.

It holds what leaves the building: what the group agreed on, and no name without the tick of that person.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import ClassVar

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions import words
from sessions.exports.pdf import Paper
from sessions.reading import LineView, Plan, PlanPage
from sessions.rules.plan import say_who_outside
from sessions.rules.state import Frozen

NAMES_ALONE = ("wie", "trekker")  # lines of these kinds say who does something, and nothing else


class SheetStep(Frozen, frozen=True):
    """A step to do. Who, and when, are empty where nobody knows yet: a line to write on."""

    text: str
    who: str
    when: str
    done: bool = False
    over: bool = False  # done, or it did not work out, or nobody needs it any more


class SheetGoal(Frozen, frozen=True):
    """A goal beside the first, with its steps."""

    text: str
    steps: tuple[SheetStep, ...]


class SheetList(Frozen, frozen=True):
    """What else the group wrote, under one heading."""

    heading: str
    texts: tuple[str, ...]


class Sheet(Paper, frozen=True):
    """A plan in words. `signs` is when it is done and how one notices; `last` who made it, and when."""

    drawing: ClassVar[str] = "plan"
    overline: str
    goal: str
    signs: str
    steps: tuple[SheetStep, ...]
    goals: tuple[SheetGoal, ...]
    boxes: tuple[SheetList, ...]  # what is needed, what must be so and how one notices
    more: tuple[SheetList, ...]
    last: str
    words: dict[str, str]  # the headings
    verdict: str = ""  # what a room said of it
    has_goal: bool = False
    loose: int = 0  # how many of the last steps belong to no goal on top


def leave_out_hands(page: PlanPage) -> PlanPage:
    """The plan without the lines in which somebody writes at this moment: half a word is on disk after a second."""
    busy = set(page.hands)

    def rest(views: Iterable[LineView]) -> tuple[LineView, ...]:
        return tuple(view for view in views if view.line.key not in busy)

    whole = [goal for goal in page.goals if goal.view.line.key not in busy]
    loose = [step for goal in page.goals if goal.view.line.key in busy for step in goal.steps]
    return msgspec.structs.replace(
        page,
        goals=tuple(goal._replace(steps=rest(goal.steps)) for goal in whole),
        steps=rest((*loose, *page.steps)),
        more_goals=rest(page.more_goals),
        lists=Plan(section._replace(lines=rest(section.lines)) for section in page.lists if rest(section.lines)),
    )


def make_sheet(page: PlanPage, *, people: int, today: date, language: str, names: bool = True) -> Sheet:
    """The sheet of a plan, in the language that its caller made active. `people`: how many came last time.

    With `names` it says the first names that may leave the building; roles and organisations it says anyway.
    """
    first, *others = page.goals or (None,)
    heading = words.head_plan(page.phase if page.is_empty or page.is_gathering else "")
    goal = words.say_line(first.view) if first else heading
    steps = (*first.steps, *page.steps) if first else page.steps
    lists = {section.kind: make_list(page, section.kind, section.lines) for section in page.lists}
    boxes = tuple(lists.pop(kind) for kind in ("nodig", "voorwaarde", "voortgang") if kind in lists)
    return Sheet(
        language=language,
        title=f"{heading}: {goal}" if first else f"{heading}: {page.buurt}",
        made=(today.year, today.month, today.day),
        overline=" · ".join(filter(None, (heading if first else "", page.buurt, _("oefening") * page.is_practice))),
        goal=goal,
        signs=" ".join(_say_signs(first.view)) if first else "",
        steps=_make_steps(steps, names=names),
        goals=(
            *(SheetGoal(words.say_line(other.view), _make_steps(other.steps, names=names)) for other in others),
            *(SheetGoal(words.say_line(view), ()) for view in page.more_goals),
        ),
        boxes=boxes,
        more=tuple(found for kind, found in lists.items() if kind not in NAMES_ALONE),
        next=words.say_when(page.next_time),
        place=page.next_time.place,
        last=_say_last(people, today),
        words={
            "steps": words.name_kind("actie"),
            "step": words.name_one("actie"),
            "who": words.ask_who(),
            "when": words.ask_when(),
            "again": _("We zien elkaar weer op"),
            "more": _("Wat we ook opschreven"),
        },
        verdict=words.say_verdict(page.verdict) if page.verdict else "",
        has_goal=first is not None,
        loose=len(page.steps) if first else 0,
    )


def _make_steps(views: Collection[LineView], *, names: bool) -> tuple[SheetStep, ...]:
    return tuple(
        SheetStep(
            words.say_line(view),
            say_who_outside(held, names=names),
            words.say_day(held.due) if held.due else "",
            done=held.state == "done",
            over=held.state in ("done", "failed", "dropped"),
        )
        for view in views
        if (held := view.line.words)
    )


def make_list(page: PlanPage, kind: str, lines: Collection[LineView]) -> SheetList:
    """The lines of one kind, under its heading, with what was counted and told there."""
    return SheetList(words.name_kind(kind), tuple(_say_with_evidence(page, view) for view in lines))


def _say_with_evidence(page: PlanPage, view: LineView) -> str:
    held = page.evidence.get(view.line.key)
    known = words.say_evidence(held) if held else ""
    return f"{words.say_whole_line(view)} ({known})" if known else words.say_whole_line(view)


def _say_signs(goal: LineView) -> Iterator[str]:
    if goal.line.words.due:
        yield _("Klaar op %(day)s.") % {"day": words.say_day(goal.line.words.due)}


def _say_last(people: int, today: date) -> str:
    made = words.say_full_day(today)
    return _("%(day)s · %(people)s mensen maakten dit plan") % {"day": made, "people": people} if people > 1 else made


def group_steps(sheet: Sheet) -> tuple[SheetGoal, ...]:
    """Each goal with its own steps, and last the steps of none; where there is no goal all steps stand together."""
    place = len(sheet.steps) - sheet.loose
    goals = (SheetGoal(sheet.goal, sheet.steps[:place]), *sheet.goals) if sheet.has_goal or sheet.steps else ()
    return (*goals, SheetGoal(_("Dit doen we ook"), sheet.steps[place:])) if sheet.loose else goals


def say_left_out(most: int) -> tuple[str, ...]:
    """What a paper says of one step that has no room, of two, and so on: it is known only when it is drawn."""
    return tuple(
        ngettext("En nog %(count)s stap", "En nog %(count)s stappen", count) % {"count": count}
        for count in range(1, most + 1)
    )
