"""The marks of the look: letters, roofs, streets of votes, icons and QR codes. Shapes stand in `static/icons.svg`."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.conf import settings
from django.forms import BoundField, Form
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from content.graph import Role
from sessions.exports.chart import draw_chart
from sessions.exports.houses import PHASE_HOUSES
from sessions.reading import Voice, Wifi
from sessions.rules.evaluation import Measured

register = template.Library()

ROOFS = {"brick": "point", "ochre": "round", "delft": "step", "plum": "bell", "slate": "flat", "ink": "plain"}
STEP, WIDTH = 21, 24  # one house beside the next, in units of the drawing
MOST_HOUSES = 48  # in one street; above that a bar tells more

NETWORK_KINDS = {"wifi": _("wifi"), "wired": _("kabel"), "other": _("vpn of iets anders")}

# A mark is what its arguments make it, and a screen has some thirty of them.
draw_once = lru_cache(maxsize=4096)


@register.filter
def typed_for(unkept: Mapping[str, str] | None, place: str) -> str:
    """What was typed for one more line and could not be kept, in the place where that was."""
    if unkept and place == f"nieuw-{unkept.get('kind', '')}-{unkept.get('goal', '')}":
        return unkept.get("text-0", "")
    return ""


@register.filter
def item(values: Mapping[Any, Any], name: object) -> Any:
    """One of the values that go by name, or by key."""
    return values.get(name, "")


@register.filter
def field(form: Form, name: str) -> BoundField:
    """The field of this name."""
    return form[name]


@register.simple_tag
def icon(name: str, css: str = "icon icon-line") -> SafeString:
    """A tool icon. Decoration: the word stands beside it."""
    return _use(f"icon-{name}", css, "0 0 24 24")


@register.simple_tag
@draw_once
def letter(name: str, kind: str = "") -> SafeString:
    """The letter of an answer in its shape. `kind`: open, leaf, light or inline (several with a space)."""
    css = " ".join(["letter", *(f"letter--{part}" for part in kind.split())])
    return format_html(
        '<span class="{}" data-letter="{}">'
        '<svg viewBox="0 0 24 24" aria-hidden="true"><use href="{}"/></svg><b>{}</b></span>',
        css,
        name,
        _symbol(f"shape-{name}"),
        name,
    )


@register.simple_tag
def roof(role: Role) -> SafeString:
    """The small mark of a role. Decoration: the word stands beside it."""
    return _tone_mark("roof", role.tone)


@register.simple_tag
def roof_of(voice: Voice) -> SafeString:
    """The mark of a group: of its role, or hollow and flat when roles are counted together."""
    return _tone_mark("roof", _tone(voice))


@register.simple_tag
@draw_once
def house(role: Role) -> SafeString:
    """The large mark of a role, with doors."""
    return format_html(
        '<svg data-tone="{}" viewBox="0 0 48 46" aria-hidden="true"><use href="{}"/></svg>',
        role.tone,
        _symbol(f"house-{ROOFS[role.tone]}"),
    )


MOST_WINDOWS = 6


@register.simple_tag
def phase_house(order: int, lights: int) -> SafeString:
    """The house of a meeting: a roof for its phase, and a lit window for each decision, up to six. Decoration."""
    places = [(14 + 8 * (number % 3), 26 + 8 * (number // 3)) for number in range(min(lights, MOST_WINDOWS))]
    windows = format_html_join("", '<rect class="story-window" x="{}" y="{}" width="5" height="5"/>', places)
    return format_html(
        '<svg class="story-house" viewBox="0 0 48 46" aria-hidden="true"><path d="{}"/>{}</svg>',
        PHASE_HOUSES[order],
        windows,
    )


@register.simple_tag
def measured_chart(measured: Sequence[Measured]) -> SafeString:
    """The numbers of one line in time. The table beside it says the same."""
    return mark_safe(draw_chart(measured))  # noqa: S308  numbers and days


@register.simple_tag
def street(voice: Voice, most: int = 0) -> SafeString:
    """One house for each vote of a group. `most` is the longest street of the result: above 48 all become bars."""
    if most > MOST_HOUSES:
        return _draw_bar(voice.count, most, _tone(voice))
    return _draw_street(_tone(voice), voice.count, 0)


@register.simple_tag
def total_street(count: int, still: int = 0, most: int = 0) -> SafeString:
    """One block for each vote, whoever gave it; `still` open ones for who has not voted. `most` as for a street."""
    if most > MOST_HOUSES:
        return _draw_bar(count, most)
    return _draw_street("ink", count, still)


@register.simple_tag
def role_street(role: Role, count: int, still: int = 0) -> SafeString:
    """The houses of one role: filled for who voted, open for who has not."""
    return _draw_street(role.tone, count, still)


@register.filter
def group_code(code: str) -> str:
    """A code as it is read aloud: in two groups."""
    return f"{code[:3]} {code[3:]}"


@register.filter
def without_scheme(address: str) -> str:
    """An address as one types it: without http:// and without the path."""
    return address.partition("://")[2].partition("/")[0]


@register.filter
def is_first_wrong(field: BoundField) -> bool:
    """Whether this is the field where somebody who was refused goes on."""
    return field.form.is_bound and next(iter(field.form.errors), "") == field.name


@register.filter
def last_part(address: str) -> str:
    """The last letters of an address, by which one knows it among others."""
    return address[-4:]


@register.filter
def get_item(mapping: dict[str, object] | None, key: str) -> object:
    return mapping.get(key) if mapping else None


@register.filter
def add_text(one: object, other: object) -> str:
    return f"{one}{other}"


@register.simple_tag
def qr(address: str) -> SafeString:
    """An address as QR. Named for a screen reader; the code stands beside it in words."""
    return _draw_qr(address, gettext("QR-code om mee te doen")) if address else SafeString("")


@register.simple_tag
def wifi_qr(wifi: Wifi) -> SafeString:
    """A wifi as QR: a phone that scans it goes online. Without a password it is one that is open."""
    return _draw_qr(write_wifi(wifi), gettext("QR-code van de wifi"))


@register.simple_tag
def share_qr(address: str) -> SafeString:
    """The QR that brings a phone to the plan; none where phones have no way to it."""
    return _draw_qr(address, gettext("QR-code van het plan")) if address else SafeString("")


def write_wifi(wifi: Wifi) -> str:
    """A wifi as phones read it in a QR."""
    name, password = (re.sub(r'([\\;,:"])', r"\\\1", words) for words in wifi)
    return f"WIFI:T:WPA;S:{name};P:{password};;" if password else f"WIFI:T:nopass;S:{name};;"


@register.simple_tag
def is_at_home() -> bool:
    """Whether this is a laptop in the hall, and not a server."""
    return settings.AT_HOME


@register.filter
def network_kind(kind: str) -> str:
    """`wifi`, for a way into this computer."""
    return gettext(NETWORK_KINDS[kind])


@lru_cache(maxsize=256)
def _draw_qr(address: str, label: str) -> SafeString:
    drawing = segno.make(address, error="m", micro=False)
    path = drawing.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, light="#fff")
    # segno draws on its own coordinates; only the opening tag is ours.
    inner = path[path.index(">") + 1 : path.rindex("</svg>")]
    width, height = drawing.symbol_size(border=2)
    return mark_safe(  # noqa: S308  drawn by segno from an address of ours
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" class="qr">{inner}</svg>'
    )


@draw_once
def _draw_street(tone: str, count: int, still: int) -> SafeString:
    houses = count + still
    if not houses:
        return SafeString("")
    if houses > MOST_HOUSES:
        return _draw_bar(count, houses, tone)
    width = STEP * (houses - 1) + WIDTH
    symbol = _symbol(f"roof-{ROOFS[tone]}")
    filled = format_html_join(
        "",
        '<use class="tone-{}" href="{}" x="{}" width="24" height="24"/>',
        ((tone, symbol, STEP * place) for place in range(count)),
    )
    empty = format_html_join(
        "",
        '<rect class="still" x="{}" y="7.8" width="17.4" height="13.6"/>',
        ((f"{STEP * place + 3.3:.1f}",) for place in range(count, houses)),
    )
    return format_html(
        '<svg class="street" viewBox="0 0 {} 24" aria-hidden="true">{}{}<path class="ground" d="M0 23h{}"/></svg>',
        width,
        filled,
        empty,
        width,
    )


def _draw_bar(count: int, of: int, tone: str = "ink") -> SafeString:
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-all" width="100" height="8"/><rect class="bar-part tone-{}" width="{}" height="8"/></svg>',
        tone,
        round(100 * count / of),
    )


def _tone(voice: Voice) -> str:
    return voice.roles[0].tone if len(voice.roles) == 1 else "slate"


@draw_once
def _tone_mark(css: str, tone: str) -> SafeString:
    return format_html(
        '<svg class="{}" data-tone="{}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}"/></svg>',
        css,
        tone,
        _symbol(f"roof-{ROOFS[tone]}"),
    )


@draw_once
def _use(symbol: str, css: str, box: str) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true"><use href="{}"/></svg>', css, box, _symbol(symbol)
    )


@draw_once
def _symbol(name: str) -> str:
    return f"{static('icons.svg')}#{name}"
