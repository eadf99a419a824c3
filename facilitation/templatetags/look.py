"""The marks of the look: letters, roofs, streets of votes, icons and QR codes. Shapes stand in `static/icons.svg`."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

import segno
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from content.graph import Role, Tree
from facilitation.messages import explain
from sessions.models import PlanLine
from sessions.reading import AnswerView, Attempt, LineView, PlanSection, Result, ResultRow, Step, Turnout, Voice, Wifi
from sessions.reading.dates import Held, write_held
from sessions.rules.refusals import Reason

register = template.Library()

ROOFS = {"brick": "point", "ochre": "round", "delft": "step", "plum": "bell", "slate": "flat", "ink": "plain"}
STEP, WIDTH = 21, 24  # one house beside the next, in units of the drawing
MOST_HOUSES = 48  # in one street; above that a bar tells more

NETWORK_KINDS = {"wifi": _("wifi"), "wired": _("kabel"), "other": _("vpn of iets anders")}

# A mark is what its arguments make it, and a screen has some thirty of them.
draw_once = lru_cache(maxsize=4096)


@register.simple_tag
def icon(name: str, css: str = "icon icon-line") -> SafeString:
    """A tool icon. Decoration: the word stands beside it."""
    return _use(f"icon-{name}", css, "0 0 24 24")


@register.simple_tag(name="explain")
def show_explanation(code: str) -> str:
    """The sentence of a refusal, for a script that says it before asking the server."""
    return explain(Reason(code))


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
def roles_in_words(roles: Iterable[Role]) -> str:
    """`wijkprofessionals en beleidsambtenaren`."""
    return _join([role.plural for role in roles])


@register.filter
def roles_in_short(roles: Iterable[Role]) -> str:
    """`professionals en ambtenaren`."""
    return _join([role.short_plural for role in roles])


@register.filter
def role_in_short(role: Role, count: int) -> str:
    """`inwoner` or `ambtenaren`, behind a number."""
    return role.title.lower() if count == 1 else role.short_plural


@register.filter
def voice_in_short(voice: Voice) -> str:
    """Who gave these votes, behind their number: `inwoner`, `ambtenaren`, `professionals en ambtenaren samen`."""
    if voice.count == 1 or not voice.is_pooled:
        return _join([role_in_short(role, voice.count) for role in voice.roles], gettext("%(first)s of %(last)s"))
    return gettext("%(roles)s samen") % {"roles": roles_in_short(voice.roles)}


@register.filter
def vote_word(count: int) -> str:
    """`stem` or `stemmen`, behind a number."""
    return ngettext("stem", "stemmen", count)


@register.filter
def sources_in_words(counted: Turnout | Result) -> str:
    """`3 telefoons, 11 handen`."""
    phones = ngettext("%(number)d telefoon", "%(number)d telefoons", counted.phones) % {"number": counted.phones}
    hands = ngettext("%(number)d hand", "%(number)d handen", counted.hands) % {"number": counted.hands}
    return f"{phones}, {hands}"


@register.filter
def letters_in_words(letters: Iterable[str]) -> str:
    """`A en E`."""
    return _join(list(letters))


@register.filter
def group_code(code: str) -> str:
    """A code as it is read aloud: in two groups."""
    return f"{code[:3]} {code[3:]}"


@register.filter
def without_scheme(address: str) -> str:
    """An address as one types it: without http:// and without the path."""
    return address.partition("://")[2].partition("/")[0]


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


def _join(words: list[str], last_two: str = "") -> str:
    if len(words) < 2:
        return "".join(words)
    return (last_two or gettext("%(first)s en %(last)s")) % {"first": ", ".join(words[:-1]), "last": words[-1]}


# ---- Paper: the plan, the summary and the overview ----

ONE_MORE = {
    "doel": _("een doel"),
    "actie": _("een actie"),
    "wie": _("iemand"),
    "nodig": _("iets wat nodig is"),
    "voorwaarde": _("een voorwaarde"),
    "voortgang": _("een teken van voortgang"),
    "mensen": _("mensen"),
    "plekken": _("een plek"),
    "cijfers": _("een cijfer"),
    "verhalen": _("een verhaal"),
    "opdracht": _("een opdracht"),
    "tellen": _("iets om te tellen"),
    "vertellen": _("iets om te vertellen"),
}
OWN_LABELS = {  # for a line that the group added itself, without a prompt
    "doel": _("Dit willen we bereiken"),
    "actie": _("Dit gaan we doen"),
    "wie": _("Wie doet wat?"),
    "nodig": _("Dit is nodig"),
    "voorwaarde": _("Dit moet kloppen"),
    "voortgang": _("Zo merken we dat het beter gaat"),
    "mensen": _("Deze mensen"),
    "plekken": _("Deze plek"),
    "cijfers": _("Dit cijfer"),
    "verhalen": _("Dit verhaal"),
    "opdracht": _("Deze opdracht"),
    "tellen": _("Dit gaan we tellen"),
    "vertellen": _("Dit gaan we vertellen"),
}
ORDINALS = (_("eerste"), _("tweede"), _("derde"), _("vierde"), _("vijfde"), _("zesde"))


class Piece(NamedTuple):
    """A blank of a line as it is read: its label, its words, and the stop behind them."""

    label: str
    text: str
    stop: str


class Compared(NamedTuple):
    """An answer with its result in each vote of one visit."""

    answer: AnswerView
    rows: tuple[tuple[Attempt, ResultRow], ...]


@register.filter
def has_agreed(sections: Iterable[PlanSection]) -> bool:
    """Whether anything in these sections is agreed."""
    return any(section.agreed for section in sections)


@register.filter
def has_lines(sections: Iterable[PlanSection]) -> bool:
    """Whether anything in these sections is agreed or still to be filled in."""
    return any(section.agreed or section.awaited for section in sections)


@register.filter
def turned_back(sections: Iterable[PlanSection]) -> list[LineView]:
    """What the group wrote for decisions that it came back on."""
    return [line for section in sections for line in section.turned_back]


@register.filter
def one_more(kind: str) -> str:
    """What a button adds: `een actie`."""
    return gettext(ONE_MORE[kind])


@register.filter
def blank_label(label: str, line: PlanLine) -> str:
    """What stands above the field of a blank. A prompt that begins with a blank asks for a name."""
    if label:
        return label
    return gettext("Wie") if line.prompt else gettext(OWN_LABELS[line.kind])


@register.filter
def pieces(view: LineView) -> list[Piece]:
    """The parts of a line with a stop where the next part begins a new sentence."""
    following = [*[part.label for part in view.parts[1:]], ""]
    return [
        Piece(part.label, part.text, _stop(part.text, label)) for part, label in zip(view.parts, following, strict=True)
    ]


@register.filter
def full_stop(text: str) -> str:
    """A sentence somebody typed, closed, for there are words behind it."""
    return f"{text}{_stop(text, '')}"


@register.filter
def ordinal(number: int) -> str:
    """`tweede`."""
    return gettext(ORDINALS[number - 1]) if 1 <= number <= len(ORDINALS) else gettext("%de") % number


@register.filter
def shown(attempts: Iterable[Attempt]) -> list[Attempt]:
    """The attempts with votes that were revealed."""
    return [attempt for attempt in attempts if attempt.result and attempt.result.voters]


@register.filter
def is_crowded(attempts: Iterable[Attempt]) -> bool:
    """Whether the houses are too many to stand behind the words."""
    return any(attempt.result.density != "l" for attempt in attempts if attempt.result)


@register.filter
def compare(attempts: Iterable[Attempt]) -> list[Compared]:
    """The revealed votes of one visit, answer by answer, so that they stand under each other."""
    revealed = shown(attempts)
    rows = zip(*(attempt.result.rows for attempt in revealed if attempt.result), strict=True)
    return [Compared(row[0].answer, tuple(zip(revealed, row, strict=True))) for row in rows]


@register.filter
def voice_words(voice: Voice) -> str:
    """`inwoner`, `inwoners`, or the names of the roles that are counted together."""
    return voice_in_short(voice) if voice.count == 1 else roles_in_words(voice.roles)


@register.filter
def find_groups(path: Iterable[Step]) -> list[Voice]:
    """The roles whose houses stand along the path, each once."""
    return [voice for voice in _groups(path) if len(voice.roles) == 1]


@register.filter
def find_pools(path: Iterable[Step]) -> list[Voice]:
    """The roles that are counted together along the path, each combination once."""
    return [voice for voice in _groups(path) if len(voice.roles) > 1]


@register.filter
def days_held(held: Held) -> str:
    """`vrijdag 20 november 2026`, and until when a meeting went on."""
    return write_held(held)


@register.filter
def day(moment: date) -> str:
    """`12 februari`, with the year when it is another year than now."""
    moment = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return dateformat.format(moment, "j F" if moment.year == timezone.localdate().year else "j F Y")


@register.filter
def phases_in_words(trees: Iterable[Tree]) -> str:
    """`startfase en richtfase`."""
    return _join([tree.phase for tree in trees])


@register.filter
def phase_name(phase: str) -> str:
    """`Richt`, where there is no room for `richtfase`."""
    return phase.removesuffix("fase").capitalize()


@register.filter
def since(moment: datetime) -> str:
    """`vandaag om 19.42 uur`, or `dinsdag 20 januari`."""
    moment = timezone.localtime(moment)
    if moment.date() == timezone.localdate():
        return gettext("vandaag om %s uur") % dateformat.format(moment, "H.i")
    return f"{dateformat.format(moment, 'l')} {day(moment)}"


def _groups(path: Iterable[Step]) -> list[Voice]:
    groups = {
        group.roles: group
        for step in path
        for attempt in step.attempts
        if attempt.result
        for group in attempt.result.groups
    }
    return list(groups.values())


def _stop(text: str, next_label: str) -> str:
    """No stop inside a sentence: behind `We zien elkaar elke … om` the words go on."""
    goes_on = next_label and not next_label[0].isupper()
    return "" if not text or goes_on or text.endswith((".", "!", "?", "…")) else "."
