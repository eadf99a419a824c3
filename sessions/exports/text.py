"""Summary -> plain text: for a mail, a message or a note, in any editor."""

import textwrap
from collections.abc import Iterable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.reading import Attempt, Find, LineView, PlanSection, Result, Step, Summary, Voice
from sessions.reading.dates import write_held

WIDTH = 78  # columns: a line that no mail program breaks


def write_text(summary: Summary) -> str:
    """The whole summary as text, in the order of the page: plan first, then the road."""
    session = summary.session
    blocks = [
        _heading(session.title, "="),
        f"{session.trajectory.buurt}, {write_held(summary.held)}",
        _people(summary.people),
        *_plan(_("Dit spraken we af"), summary.plan),
        *_plan(_("Ons buurtbeeld"), summary.picture),
        *_plan(_("Tellen en vertellen"), summary.indicators),
        _heading(_("De weg die we liepen"), "-"),
        *_path(summary.path),
        *_finds(summary.finds),
        _("Inhoud: Buurtboom, uitgave %(edition)s.") % {"edition": session.edition.name},
    ]
    if session.is_practice:
        blocks.insert(1, _("Dit was een oefening."))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * min(len(text), WIDTH)}"


def _people(people: Iterable[Voice]) -> str:
    groups = ", ".join(_number(voice) for voice in people)
    return _("Wie waren er: %(groups)s.") % {"groups": groups} if groups else ""


def _number(voice: Voice) -> str:
    """`1 inwoner`, `3 inwoners`."""
    (role,) = voice.roles
    return f"{voice.count} {role.title.lower() if voice.count == 1 else role.plural}"


def _plan(title: str, sections: Iterable[PlanSection]) -> Iterable[str]:
    agreed = [_plan_bullet(section, line) for section in sections for line in section.agreed]
    turned_back = [_plan_bullet(section, line) for section in sections for line in section.turned_back]
    if turned_back:
        turned_back.insert(0, _("Van een besluit dat is teruggedraaid:"))
        agreed = agreed or [_("Hier staat nog niets.")]
    return [_heading(title, "-"), "\n".join(agreed), "\n".join(turned_back)] if agreed else []


def _plan_bullet(section: PlanSection, line: LineView) -> str:
    return _bullet(_line(line), f"{section.kind.capitalize()}: ")


def _line(view: LineView) -> str:
    words = " ".join(f"{part.label} {part.text}".strip() for part in view.parts if part.text)
    who = view.line.who or (_("nog geen naam") if view.lacks_name else "")
    when = date_format(view.line.due, "j F Y") if view.line.due else ""
    extra = ", ".join(filter(None, (who, when)))
    return f"{words} ({extra})" if extra else words


def _path(path: Iterable[Step]) -> Iterable[str]:
    """The steps, with the name of the phase wherever a new one begins."""
    phase = None
    for step in path:
        if step.tree.phase != phase:
            phase = step.tree.phase
            yield _heading(f"{phase.capitalize()}: {step.tree.title.lower()}", "~")
        yield _step(step)


def _step(step: Step) -> str:
    node = step.end or (step.question and step.question.node)
    marks = [
        _("%(visit)se keer") % {"visit": step.visit} if step.visit > 1 else "",
        _("teruggedraaid") if step.withdrawn else "",
        _("niet afgemaakt") if step.is_unfinished else "",
    ]
    mark = ", ".join(filter(None, marks))
    lines = [f"{node.heading if node else ''}{f' ({mark})' if mark else ''}"]
    lines += [line for attempt in step.attempts if attempt.result for line in _votes(attempt, attempt.result)]
    if step.decided:
        decided = step.decided
        lines.append(_bullet(f"{decided.answer.letter}. {decided.answer.text}", _("Besluit: ")))
        lines.append(_bullet(_how(decided.how)))
        lines.append(_bullet(decided.why, _("Waarom: ")))
        if decided.other:
            lines.append(_bullet(decided.other, _("Een ander geluid: ")))
        if not step.withdrawn:
            lines.append(_bullet(decided.reflection, _("Om over na te denken: ")))
    if step.back_why:
        lines.append(_bullet(step.back_why, _("Waarom terug: ")))
    return "\n".join(lines)


def _how(how: str) -> str:
    return {
        "vote": _("Besloten met de stemming."),
        "talk": _("Besloten in gesprek."),
        "facilitator": _("Besloten door de begeleider."),
    }[how]


def _votes(attempt: Attempt, result: Result) -> Iterable[str]:
    name = _("Stemmen") if attempt.number == 1 else _("Stemmen, keer %(number)d") % {"number": attempt.number}
    if not result.voters:
        return [_bullet(_held_back(result) if result.held_back else _("geen"), f"{name}: ")]
    lines = [_bullet(_counts((row.answer.letter, row.total) for row in result.rows), f"{name}: ")]
    lines += [_group(group, result) for group in result.groups]
    if result.held_back:
        lines.append(_bullet(_held_back(result)))
    elif result.hands:
        numbers = {"phones": result.phones, "hands": result.hands}
        lines.append(_bullet(_("%(phones)d met de telefoon, %(hands)d met de hand.") % numbers))
    if result.tie:
        lines.append(_bullet(_("%(letters)s waren gelijk.") % {"letters": _join(result.tie)}))
    if result.only_total:
        lines.append(_bullet(_("Alleen het totaal. De groepen zijn te klein om per rol te tonen.")))
    return lines


def _held_back(result: Result) -> str:
    """What is said of phones that were too few to show."""
    if not result.hands:
        return _("te weinig telefoons om te laten zien zonder dat je ziet wie wat koos.")
    hands = ngettext("%(hands)d hand.", "%(hands)d handen.", result.hands) % {"hands": result.hands}
    phones = ngettext(
        "Ook %(phones)d telefoon stemde; dat laten we niet zien.",
        "Ook %(phones)d telefoons stemden; dat laten we niet zien.",
        result.held_back,
    ) % {"phones": result.held_back}
    return f"{hands} {phones}"


def _group(group: Voice, result: Result) -> str:
    """What a role chose, or roles that are counted together."""
    name = _join([role.plural for role in group.roles])
    name = _("%(roles)s samen") % {"roles": name} if group.is_pooled else name
    counts = [
        (row.answer.letter, sum(voice.count for voice in row.voices if voice.roles == group.roles))
        for row in result.rows
    ]
    return _bullet(_counts((letter, count) for letter, count in counts if count), f"{name.capitalize()}: ")


def _finds(finds: Iterable[Find]) -> Iterable[str]:
    lines = [_find(find) for find in finds]
    return [_heading(_("Dit kwamen we tegen"), "-"), "\n".join(lines)] if lines else []


def _find(find: Find) -> str:
    if find.element:
        label = _("Werkzaam element %(number)d") % {"number": find.element.number}
        return _bullet(f"{find.element.title}. {find.why}", f"{label}: ")
    return _bullet(f"{find.intervention.title if find.intervention else ''}. {find.why}", _("Aanpak die al bestaat: "))


def _counts(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{letter} {count}" for letter, count in counts)


def _join(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s en %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _bullet(text: str, label: str = "") -> str:
    return textwrap.fill(f"- {label}{text}", WIDTH, subsequent_indent="  ", break_long_words=False)
