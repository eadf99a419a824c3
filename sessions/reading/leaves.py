"""The plan on the wall: a leaf at a time, so that each can be read from eight metres."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from sessions.reading.shapes import Leaf, LineView, PlanPage
from sessions.rules.evaluation import Findings

STEPS, LINES = 6, 7  # on one leaf, at most
ROOM = 12  # rows of letters on a leaf
STEP_WIDTH, LINE_WIDTH = 24, 36  # letters that a step, or another line, has in each
DAY_LETTERS = 26  # that a number takes with its day
NOTHING: Mapping[int, int] = MappingProxyType({})


def turn_to_leaf(page: PlanPage, number: int) -> Leaf:
    """The leaf with this number, and after the last one the first again.

    While somebody writes it is the line they write in, and nothing else.
    """
    written = page.find(list(page.hands)[-1]) if page.hands else None
    if written:
        return _blank(page)._replace(written=written)
    leaves = list(_list_leaves(page)) or [_blank(page)]
    place = (number - 1) % len(leaves)
    return leaves[place]._replace(number=place + 1, of=len(leaves))


def _list_leaves(page: PlanPage) -> Iterator[Leaf]:
    """A goal with its steps, then what belongs to it, last what is still to be asked."""
    blank = _blank(page)
    helped = dict.fromkeys(page.helpers, 1)
    known = {key: _count_known(held) for key, held in page.evidence.items()}
    signs = page.list_of("voortgang")[:1] if page.goals else ()
    for goal in page.goals:
        for first, steps in _split(goal.steps, STEPS, STEP_WIDTH, helped) if goal.steps else [(1, ())]:
            yield blank._replace(goal=goal.view, signs=signs, first=first, steps=steps)
    for first, steps in _split(page.steps, STEPS, STEP_WIDTH, helped):
        yield blank._replace(first=first, steps=steps)
    lines = [*page.more_goals]
    lines += [view for section in page.lists for view in section.lines if view not in signs]
    for _, some in _split(lines, LINES, LINE_WIDTH, known):
        kinds = dict.fromkeys(view.line.kind for view in some)
        yield blank._replace(lists=tuple((kind, tuple(v for v in some if v.line.kind == kind)) for kind in kinds))
    for _, asked in _split(page.asked, LINES, LINE_WIDTH):
        yield blank._replace(asked=asked)


def _split(
    views: Sequence[LineView], most: int, width: int, below: Mapping[int, int] = NOTHING
) -> Iterator[tuple[int, tuple[LineView, ...]]]:
    """As many at a time as there is room for, at least one, each time with the number of the first.

    What stands `below` a line, by its key, takes so many rows more.
    """
    start = 0
    while start < len(views):
        rows, end = 0, start
        while end < len(views) and end - start < most:
            more = _count(views[end], width) + below.get(views[end].line.key, 0)
            if end > start and rows + more > ROOM:
                break
            rows, end = rows + more, end + 1
        yield start + 1, tuple(views[start:end])
        start = end


def _count(view: LineView, width: int) -> int:
    """How many rows of so many letters a line takes, about."""
    letters = sum(len(part.text) + (len(part.label) + 1 if part.says_more else 0) for part in view.parts)
    return -(-letters // width)


def _count_known(held: Findings) -> int:
    """How many rows the first and the last number at a line take, or its last story."""
    ends = held.measured if len(held.measured) < 2 else (held.measured[0], held.measured[-1])
    letters = sum(len(str(one.value)) + len(one.unit) + DAY_LETTERS for one in ends)
    letters += sum(len(one.text) for one in held.told[-1:])
    return -(-letters // LINE_WIDTH)


def _blank(page: PlanPage) -> Leaf:
    helpers = {line: some.people for line, some in page.helpers.items()}
    return Leaf(next_time=page.next_time, helpers=helpers, evidence=page.evidence)
