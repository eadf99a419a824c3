"""Plan and meetings -> a street on one large sheet of paper, for the lift of the flat."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from sessions import words
from sessions.exports.houses import PHASE_HOUSES
from sessions.exports.pdf import Paper
from sessions.exports.sheet import Sheet, SheetGoal, group_steps, say_left_out
from sessions.exports.way import DrawnWay, WayToPlan, draw_way
from sessions.reading.shapes import SessionCard
from sessions.rules.state import Frozen

MOST_HOUSES = 4  # the three goals, and what belongs to none of them
MOST_STOPS = 5  # of the road, the last ones


class RoadStop(Frozen, frozen=True):
    """A meeting along the road. `order` is that of its phase; a house that was left out has none."""

    order: int
    when: str
    title: str


class Poster(Paper, frozen=True):
    """A plan as a street in words: a house for each goal, and the road of the meetings before them."""

    drawing: ClassVar[str] = "poster"
    heading: str
    houses: tuple[SheetGoal, ...]
    road: tuple[RoadStop, ...]
    roofs: tuple[str, ...]  # how the house of a phase is drawn, by its order
    last: str
    words: dict[str, str | tuple[str, ...]]
    way: DrawnWay | None = None


def make_poster(sheet: Sheet, meetings: Sequence[SessionCard], way: WayToPlan | None) -> Poster:
    """The poster of a plan, in the language that its caller made active."""
    houses = tuple(
        msgspec.structs.replace(goal, steps=tuple(step for step in goal.steps if step.done or not step.over))
        for goal in group_steps(sheet) or (SheetGoal(sheet.goal, ()),)
    )[:MOST_HOUSES]
    return Poster(
        language=sheet.language,
        title=sheet.title,
        made=sheet.made,
        heading=sheet.overline,
        houses=houses,
        road=tuple(
            RoadStop(card.tree.order, words.say_full_day(card.held.first), card.session.title)
            for card in meetings[-MOST_STOPS:]
        ),
        roofs=PHASE_HOUSES,
        next=sheet.next,
        place=sheet.place,
        last=sheet.last,
        words={
            "again": sheet.words["again"],
            "more": say_left_out(max(len(house.steps) for house in houses)),
        },
        way=draw_way(way),
    )
