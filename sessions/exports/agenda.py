"""Plan and meetings -> a buurtagenda: the same content in the order of seven building blocks, for who decides with us.

Inspired by *Hoe maak ik een buurtagenda? Zeven bouwstenen voor een vliegende start* (Platform31 and Movisie, 2021).
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions import words
from sessions.exports.chart import draw_chart
from sessions.exports.pdf import Paper
from sessions.exports.sheet import Sheet, SheetGoal, SheetList, group_steps, make_list
from sessions.reading import PlanPage, Summary, list_taken
from sessions.rules.evaluation import COUNTED
from sessions.rules.state import Frozen

URGENT = "startfase"  # in which a group says why


class Said(Frozen, frozen=True):
    """Something that was decided, answered or said, and about what."""

    about: str
    text: str
    why: str = ""


class Drawing(Frozen, frozen=True):
    """Numbers in time, drawn as SVG, and all of them in words for who hears it."""

    text: str
    svg: str
    alt: str


class Block(Frozen, frozen=True):
    """One of the seven. `asks` says what belongs in it; that also stands there as long as nothing does."""

    heading: str
    asks: str
    said: tuple[Said, ...] = ()
    lists: tuple[SheetList, ...] = ()
    texts: tuple[str, ...] = ()
    goals: tuple[SheetGoal, ...] = ()
    drawings: tuple[Drawing, ...] = ()


class Agenda(Paper, frozen=True):
    """A plan in seven blocks."""

    drawing: ClassVar[str] = "agenda"
    heading: str
    intro: str
    blocks: tuple[Block, ...]
    last: str
    words: dict[str, str]


def make_agenda(sheet: Sheet, page: PlanPage, meetings: Iterable[Summary], *, decisions: bool) -> Agenda:
    """The buurtagenda of a plan, in the language that its caller made active.

    With `decisions` also what the group decided in its startfase and why, and who thought otherwise: a group hears that
    this is kept for itself, so somebody has to choose that it leaves the building.
    """
    return Agenda(
        language=sheet.language,
        title=_("Buurtagenda: %(buurt)s") % {"buurt": page.buurt},
        made=sheet.made,
        heading=" · ".join(filter(None, (page.buurt, _("oefening") * page.is_practice))),
        intro=_(
            "Dit schreef de groep samen op. De indeling lijkt op die in ‘Hoe maak ik een buurtagenda?’ "
            "van Platform31 en Movisie (2021)."
        ),
        blocks=tuple(_tell_blocks(sheet, page, tuple(meetings), decisions=decisions)),
        next=sheet.next,
        place=sheet.place,
        last=sheet.last,
        words={
            "kind": _("Buurtagenda"),
            "nothing": _("Hier staat nog niets."),
            **{name: sheet.words[name] for name in ("step", "who", "when", "again")},
        },
    )


def _tell_blocks(sheet: Sheet, page: PlanPage, meetings: tuple[Summary, ...], *, decisions: bool) -> Iterator[Block]:
    def pick(*kinds: str) -> tuple[SheetList, ...]:
        return tuple(make_list(page, kind, lines) for kind in kinds if (lines := page.list_of(kind)))

    told = meetings if decisions else ()
    asks = _("Wat speelt er, en voor wie is dat belangrijk?")
    yield Block(_("Waarom nu?"), asks, said=tuple(_list_decisions(told)), lists=pick("opdracht"))
    asks = _("Welke plekken en cijfers vertellen hoe het hier is?")
    yield Block(_("Wat is er hier?"), asks, lists=pick("plekken", "cijfers"))
    asks = _("Welke mensen en organisaties zijn erbij, en wie missen we nog?")
    yield Block(_("Wie doen mee?"), asks, lists=pick("mensen"), texts=tuple(_tell_people(page, meetings)))
    asks = _("Welke verhalen horen we, ook van wie er anders over denkt?")
    yield Block(_("Wat vertellen mensen?"), asks, said=tuple(_list_voices(told)), lists=pick("verhalen"))
    asks = _("Waaraan merken we dat het beter gaat?")
    signs = pick("voortgang", "tellen", "vertellen")
    yield Block(_("Tellen en vertellen"), asks, lists=signs, drawings=tuple(_draw_numbers(page)))
    asks = _("Wat vroegen we, en wat was het antwoord?")
    yield Block(_("Wat zegt de gemeente?"), asks, said=tuple(_list_replies(page)))
    asks = _("Wat willen we bereiken, en wie doet wat?")
    yield Block(_("Onze agenda"), asks, goals=group_steps(sheet), lists=pick("moment", "nodig", "voorwaarde"))


def _list_decisions(meetings: Iterable[Summary]) -> Iterator[Said]:
    for taken in list_taken(meetings, URGENT):
        yield Said(taken.question, taken.decided.answer.text, taken.decided.why)


def _list_voices(meetings: Iterable[Summary]) -> Iterator[Said]:
    for taken in list_taken(meetings):
        if taken.decided.other:
            yield Said(taken.question, taken.decided.other)


def _draw_numbers(page: PlanPage) -> Iterator[Drawing]:
    for view in page.list_of(COUNTED):
        held = page.evidence.get(view.line.key)
        if held and len(held.measured) > 1:
            told = ", ".join(map(words.say_measured, held.measured))
            yield Drawing(words.say_line(view), draw_chart(held.measured), told)


def _tell_people(page: PlanPage, meetings: tuple[Summary, ...]) -> Iterator[str]:
    """How many came together, and which roles and organisations do something; no first names."""
    if meetings:
        count = len(meetings)
        yield ngettext("We hielden %(count)s bijeenkomst.", "We hielden %(count)s bijeenkomsten.", count) % {
            "count": count
        }
    doing = (name for step in page.all_steps for name in (step.line.words.role, step.line.words.partners) if name)
    if names := tuple(dict.fromkeys(doing)):
        yield _("In het plan staan: %(names)s.") % {"names": words.join_words(names)}


def _list_replies(page: PlanPage) -> Iterator[Said]:
    for view in page.agreed:
        held = view.line.words
        if reply := words.say_reply(held):
            told = (held.reply_by, words.say_full_day(held.reply_on) if held.reply_on else "")
            yield Said(words.say_line(view), reply, ", ".join(filter(None, told)))
