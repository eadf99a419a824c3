"""The plan as the devices of its facilitators show it: rows of fields, the same on a page and over a socket."""

from collections.abc import Iterable
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import override

from facilitation.live.protocol import StateFrame, write_frame
from facilitation.live.render import Audience, Picture
from sessions import words
from sessions.models import Trajectory
from sessions.reading import Clash, Helpers, LineView, PlanPage, Verdict, read_plan_page
from sessions.rules.plan import INDICATOR_KINDS, PICTURE_KINDS, PLAN_KINDS

# Beside goals and steps: what a phase asks for, so that there is a place to write it.
OFFERED = {"startfase": PICTURE_KINDS, "evaluatiefase": INDICATOR_KINDS}


class Cell(NamedTuple):
    """A field of a line on the page. `name` is that of `Words.fields`."""

    name: str
    id: str
    label: str
    value: str
    shows_label: bool
    clashes: tuple[Clash, ...]


NOBODY = Helpers(0)


class Row(NamedTuple):
    """A line on the page with its fields. `hands` are the devices that write in it now."""

    view: LineView
    texts: tuple[Cell, ...]
    who: Cell
    role: Cell
    due: Cell
    hands: str
    helpers: Helpers

    @property
    def form_key(self) -> str:
        return str(self.view.line.key)

    @property
    def asked(self) -> str:
        """What the first field of the line asks."""
        return self.texts[0].label if self.texts else self.due.label

    @property
    def about(self) -> str:
        """The words of the group, to tell one field from the next by ear."""
        return " ".join(part.text for part in self.view.parts if part.text)


class GoalRows(NamedTuple):
    """A goal with the steps that serve it."""

    goal: Row
    steps: tuple[Row, ...]
    verdict: Verdict | None = None


class ListRows(NamedTuple):
    """The lines of another kind, with a place for one more."""

    kind: str
    rows: tuple[Row, ...]


def make_plan_context(page: PlanPage) -> dict[str, object]:
    """What the templates of the plan get."""

    def rows(views: Iterable[LineView]) -> tuple[Row, ...]:
        return tuple(make_row(page, view) for view in views)

    verdicts = {verdict.goal: verdict for verdict in page.verdicts}
    asked_goals = [view for view in page.asked if view.line.kind == "doel"]
    first_goal = asked_goals[0] if asked_goals and not page.goals else None
    return {
        "page": page,
        "revision": page.revision,
        "goals": tuple(
            GoalRows(make_row(page, goal.view), rows(goal.steps), verdicts.get(goal.view.line.key))
            for goal in page.goals
        ),
        "first_goal": make_row(page, first_goal) if first_goal else None,
        "steps": rows(page.steps),
        "lists": [ListRows(kind, rows(page.list_of(kind))) for kind in _list_kinds(page)],
        "asked": rows(view for view in page.asked if view is not first_goal),
        "more_goals": rows(page.more_goals),
        "turned_back": rows(page.turned_back),
        "next_cells": _make_next_cells(page),
        "heading": say_heading(page),
    }


def say_heading(page: PlanPage) -> str:
    """What stands above it: a plan, or what the group gathers before or after one."""
    return words.head_plan(page.phase if page.is_empty or page.is_gathering else "")


def make_row(page: PlanPage, view: LineView) -> Row:
    """A line of the plan with its fields."""
    line, clashes = view.line, page.clashes.get(view.line.key, ())

    def cell(name: str, label: str, *, shows_label: bool = False) -> Cell:
        value = line.words.fields.get(name, "")
        there = tuple(clash for clash in clashes if clash.field == name)
        return Cell(name, f"regel-{line.key}-{name}", label, value, shows_label, there)

    texts = (
        cell(f"text-{place}", words.label_blank(part.label, line), shows_label=part.says_more)
        for place, part in enumerate(view.parts)
    )
    return Row(
        view,
        () if view.is_day_alone else tuple(texts),
        cell("who", words.ask_who()),
        cell("role", words.ask_role()),
        cell("due", view.parts[0].label if view.is_day_alone else words.ask_when()),
        " ".join(page.hands.get(line.key, ())),
        page.helpers.get(line.key, NOBODY),
    )


def _make_next_cells(page: PlanPage) -> tuple[Cell, ...]:
    labels = words.label_next_time()
    return tuple(
        Cell(name, f"volgende-{name}", labels[name], value, True, ()) for name, value in page.next_time.fields.items()
    )


def _list_kinds(page: PlanPage) -> tuple[str, ...]:
    """The kinds that have a place on the page: what is there, and what the phase asks for."""
    offered = OFFERED.get(page.phase, ("nodig", "voorwaarde", "voortgang"))
    there = {section.kind for section in page.lists}
    every = (*PLAN_KINDS, *PICTURE_KINDS, *INDICATOR_KINDS)
    return tuple(kind for kind in every if kind in there or kind in offered)


def render_plan(page: PlanPage, language: str) -> StateFrame:
    """The plan as a frame, for every device that shows it."""
    with override(language):
        html = "" + render_to_string("plan/_state.html", make_plan_context(page))
    return StateFrame(version=page.revision, revision=page.revision, scene="plan", status="", html=html)


def draw_plan(name: str, shown: Iterable[Audience]) -> dict[Audience, Picture]:
    """As `draw_all`, of a plan. Raises Trajectory.DoesNotExist."""
    page = read_plan_page(find_named(name))
    return {
        audience: Picture(page.mark, page.revision, state=write_frame(render_plan(page, audience.language)))
        for audience in shown
    }


def find_named(name: str) -> Trajectory:
    """The trajectory whose plan has this name, see `signals.name_plan`, or the one it became. Raises DoesNotExist."""
    trajectory = Trajectory.objects.select_related("merged_into").get(pk=int(name.removeprefix("plan-")))
    return trajectory.merged_into or trajectory
