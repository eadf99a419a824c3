"""Numbers over time -> a small drawing. Whoever draws it tells the numbers beside it as well."""

from collections.abc import Sequence

from sessions import words
from sessions.rules.evaluation import Measured, plot_values

Place = tuple[float, float, Measured]  # x and y in the drawing

WIDTH, HEIGHT, SIDE, TOP, BOTTOM = 340, 150, 34, 30, 26
APART = 44  # between two numbers that are both told
INK, SOFT, LEAF = "#17252c", "#3f5059", "#0d5b3d"
LETTERS = 'font-family="Atkinson Hyperlegible Next, sans-serif" font-size="14"'


def draw_chart(measured: Sequence[Measured]) -> str:
    """An SVG of dots on a line, of what was counted in the unit of the last number. Empty where there is nothing."""
    dots, nought = plot_values([one for one in measured if one.unit == measured[-1].unit])
    if not dots:
        return ""
    places = [(SIDE + dot.x * (WIDTH - 2 * SIDE), _raise(dot.y), dot.measured) for dot in dots]
    ground = _raise(nought)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    ends = dict.fromkeys([places[0], places[-1]])
    parts = [
        f'<path d="M6 {ground:.1f}H{WIDTH - 6}" stroke="{INK}" stroke-width="2"/>',
        f'<polyline points="{line}" fill="none" stroke="{LEAF}" stroke-width="3"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{LEAF}"/>' for x, y, _ in places),
        *(_write(x, y - 12, words.say_number(one.value), INK, ' font-weight="700"') for x, y, one in _choose(places)),
        *(_write(x, HEIGHT - 7, words.say_short_day(one.day), SOFT) for x, _, one in ends),
    ]
    inner = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{inner}</svg>'


def _raise(y: float) -> float:
    return HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM)


def _choose(places: Sequence[Place]) -> Sequence[Place]:
    """Those whose number has room: the first, the last, and in between what is far enough from its neighbours."""
    told = [places[0]]
    for place in places[1:-1]:
        if place[0] - told[-1][0] >= APART and places[-1][0] - place[0] >= APART:
            told.append(place)
    return told if len(places) == 1 else [*told, places[-1]]


def _write(x: float, y: float, text: str, fill: str, more: str = "") -> str:
    """Words at a place; at the sides they run inwards."""
    anchor = "start" if x <= SIDE else "end" if x >= WIDTH - SIDE else "middle"
    x = {"start": x - 8, "end": x + 8, "middle": x}[anchor]
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" {LETTERS} text-anchor="{anchor}"{more}>{text}</text>'
