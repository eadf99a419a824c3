"""Summary -> blocks, once: what a paper tells, in order. Each format only writes blocks.

A report speaks the language that its caller made active, and holds words alone: no rows, and nothing that was not
revealed.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from sessions import words
from sessions.reading import Attempt, Find, LineView, LookedBack, Plan, Result, Step, Summary


class Heading(NamedTuple):
    """A title. `level` 1 is the paper itself, 2 a chapter, 3 a phase, 4 a step of the road."""

    level: int
    text: str


class Line(NamedTuple):
    """A point in a list, with a name before it where it has one."""

    text: str
    label: str = ""


class Text(NamedTuple):
    """Words on their own."""

    text: str


class Action(NamedTuple):
    """A line of the plan: its kind, its words, and for what is to be done who and when. `who` may be that nobody is."""

    kind: str
    text: str
    who: str = ""
    due: date | None = None


class Chart(NamedTuple):
    """The result of one vote: per letter how many, in all and per group. `notes` say what is held back, or tied."""

    name: str
    totals: tuple[tuple[str, int], ...]
    groups: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    notes: tuple[str, ...]


class Table(NamedTuple):
    """Rows under names of columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Line | Text | Action | Chart | Table


def make_report(summary: Summary) -> tuple[Block, ...]:
    """The whole summary, in the order of the page: the plan first, then the road."""
    return tuple(_tell(summary))


def _tell(summary: Summary) -> Iterator[Block]:
    yield Heading(1, summary.title)
    if summary.is_practice:
        yield Text(_("Dit was een oefening."))
    yield Text(f"{summary.buurt}, {words.say_held(summary.held)}")
    if summary.people:
        groups = ", ".join(map(words.count_voice, summary.people))
        yield Text(_("Wie waren er: %(groups)s.") % {"groups": groups})
    if summary.looked_back:
        yield Heading(2, _("Zo stonden we ervoor"))
        yield from map(_tell_looked_back, summary.looked_back)
    yield from _tell_plan(_("Dit spraken we af"), summary.plan)
    yield from (Text(f"{chosen.asked} {words.say_supported(chosen)}") for chosen in summary.supported)
    yield from (Text(words.say_verdict(verdict)) for verdict in summary.verdicts)
    yield from _tell_plan(_("Ons beeld van de buurt"), summary.picture)
    yield from _tell_plan(_("Wat we tellen en vertellen"), summary.indicators)
    yield Heading(2, _("De weg die we liepen"))
    phase = None
    for step in summary.path:
        if step.tree.phase != phase:
            phase = step.tree.phase
            yield Heading(3, f"{phase.capitalize()}: {step.tree.title.lower()}")
        yield from _tell_step(step)
    if summary.finds:
        yield Heading(2, _("Dit kwamen we tegen"))
        yield from map(_tell_find, summary.finds)
    yield Text(_("Inhoud: Buurtboom, uitgave %(edition)s.") % {"edition": summary.edition})


# ---- The plan ----


def _tell_looked_back(step: LookedBack) -> Line:
    state = words.name_state(step.state)
    return Line(f"{step.text} ({step.follow_up})" if step.follow_up else step.text, state)


def _tell_plan(title: str, plan: Plan) -> Iterator[Block]:
    if not (plan.agreed or plan.turned_back):
        return
    yield Heading(2, title)
    yield from map(_tell_line, plan.agreed)
    if plan.turned_back:
        if not plan.agreed:
            yield Text(_("Hier staat nog niets."))
        yield Text(_("Van een besluit dat is teruggedraaid:"))
        yield from map(_tell_line, plan.turned_back)


def _tell_line(view: LineView) -> Action:
    line = view.line
    text = " ".join(f"{part.label} {part.text}".strip() for part in view.parts if part.text)
    if line.kind == "moment" and line.words.due and not text:
        return Action(words.name_one(line.kind), f"{view.parts[0].label} {words.say_full_day(line.words.due)}")
    who = words.say_who(line.words) or (_("nog geen naam") if view.lacks_name else "")
    return Action(words.name_one(line.kind), text, who, line.words.due)


# ---- The road ----


def _tell_step(step: Step) -> Iterator[Block]:
    node = step.end or (step.question and step.question.node)
    marks = [
        _("%(nth)s keer") % {"nth": words.say_ordinal(step.visit)} if step.visit > 1 else "",
        _("teruggedraaid") if step.withdrawn else "",
        _("niet afgemaakt") if step.is_unfinished else "",
    ]
    mark = ", ".join(filter(None, marks))
    yield Heading(4, f"{node.heading if node else ''}{f' ({mark})' if mark else ''}")
    for attempt in step.attempts:
        if attempt.result:
            yield _tell_votes(attempt, attempt.result)
    if step.decided:
        yield from _tell_decision(step)
    if step.back_why:
        yield Line(step.back_why, _("Waarom terug"))


def _tell_decision(step: Step) -> Iterator[Block]:
    decided = step.decided
    assert decided
    yield Line(f"{decided.answer.letter}. {decided.answer.text}", _("Besluit"))
    yield Line(words.say_how(decided.how))
    yield Line(decided.why, _("Waarom"))
    if decided.other:
        yield Line(decided.other, _("Ander geluid"))
    if not step.withdrawn:
        yield Line(decided.reflection, _("Om over na te denken"))


def _tell_votes(attempt: Attempt, result: Result) -> Chart:
    nth = words.say_ordinal(attempt.number).capitalize()
    name = _("Stemmen") if attempt.number == 1 else _("%(nth)s stemming") % {"nth": nth}
    if not result.voters:
        note = words.say_held_back(result) if result.held_back else _("Er is niet gestemd.")
        return Chart(name, (), (), (note,))
    totals = tuple((row.answer.letter, row.total) for row in result.rows)
    return Chart(name, totals, tuple(_tell_groups(result)), tuple(_tell_notes(result)))


def _tell_groups(result: Result) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    """What each role chose, or roles that are counted together."""
    for group in result.groups:
        name = words.name_roles(group.roles)
        name = _("%(roles)s samen") % {"roles": name} if group.is_pooled else name
        counts = (
            (row.answer.letter, sum(voice.count for voice in row.voices if voice.roles == group.roles))
            for row in result.rows
        )
        yield name.capitalize(), tuple((letter, count) for letter, count in counts if count)


def _tell_notes(result: Result) -> Iterator[str]:
    if result.held_back:
        yield words.say_held_back(result)
    elif result.hands:
        yield words.say_sources(result)
    if result.tie:
        yield words.say_tie(result.tie)
    if result.only_total:
        yield words.say_only_total()


def _tell_find(find: Find) -> Line:
    if find.element:
        label = _("Werkzaam element %(number)d") % {"number": find.element.number}
        return Line(f"{find.element.title}. {find.why}", label)
    return Line(f"{find.intervention.title if find.intervention else ''}. {find.why}", _("Aanpak die al bestaat"))
