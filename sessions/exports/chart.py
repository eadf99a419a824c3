"""Numbers over time -> a small drawing. The table beside it says the same, so nobody has to see it."""

from collections.abc import Sequence

from sessions import words
from sessions.rules.evaluation import Measured, plot_values

WIDTH, HEIGHT, SIDE, TOP, BOTTOM = 340, 150, 34, 30, 26
FEW = 6  # numbers that each have room for their value; of more the first and the last are told
INK, SOFT, LEAF = "#17252c", "#3f5059", "#0d5b3d"
LETTERS = 'font-family="Atkinson Hyperlegible Next, sans-serif" font-size="14" text-anchor="middle"'


def draw_chart(measured: Sequence[Measured]) -> str:
    """An SVG of dots on a line. Empty where there is nothing to draw."""
    spots = plot_values(measured)
    if not spots:
        return ""
    places = [
        (SIDE + spot.x * (WIDTH - 2 * SIDE), HEIGHT - BOTTOM - spot.y * (HEIGHT - TOP - BOTTOM), spot.measured)
        for spot in spots
    ]
    told = places if len(places) <= FEW else [places[0], places[-1]]
    ends = [places[0], places[-1]] if len(places) > 1 else places
    ground = HEIGHT - BOTTOM
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    parts = [
        f'<path d="M6 {ground}H{WIDTH - 6}" stroke="{INK}" stroke-width="2"/>',
        f'<polyline points="{line}" fill="none" stroke="{LEAF}" stroke-width="3"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{LEAF}"/>' for x, y, _ in places),
        *(_write(x, y - 12, words.say_number(one.value), INK, ' font-weight="700"') for x, y, one in told),
        *(_write(x, HEIGHT - 7, words.say_short_day(one.day), SOFT) for x, _, one in ends),
    ]
    inner = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{inner}</svg>'


def _write(x: float, y: float, text: str, fill: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" {LETTERS}{more}>{text}</text>'
