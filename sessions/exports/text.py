"""Summary -> plain text: for a mail, a message or a note, in any editor."""

import textwrap
from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sessions.queries import Attempt, LineView, PlanSection, Step, Summary, Voice

WIDTH = 78  # columns: a line that no mail program breaks


def write_text(summary: Summary) -> str:
    """The whole summary as text, in the order of the page: plan first, then the road."""
    session = summary.session
    day = date_format(timezone.localtime(session.created_at), "l j F Y")
    blocks = [
        _heading(session.title, "="),
        f"{session.trajectory.buurt}, {day}",
        _people(summary.people),
        *_plan(_("Dit spraken we af"), summary.plan),
        *_plan(_("Ons buurtbeeld"), summary.picture),
        *_plan(_("Tellen en vertellen"), summary.indicators),
        _heading(_("De weg die we liepen"), "-"),
        *(_step(step) for step in summary.path),
        _("Inhoud: Buurtboom, uitgave %(edition)s.") % {"edition": session.edition.name},
    ]
    if session.is_practice:
        blocks.insert(1, _("Dit was een oefening."))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * min(len(text), WIDTH)}"


def _people(people: Iterable[Voice]) -> str:
    groups = ", ".join(f"{voice.count} {voice.roles[0].plural}" for voice in people)
    return _("Wie waren er: %(groups)s.") % {"groups": groups} if groups else ""


def _plan(title: str, sections: Iterable[PlanSection]) -> Iterable[str]:
    lines = [_bullet(_line(line), section.kind.capitalize() + ": ") for section in sections for line in section.filled]
    return [_heading(title, "-"), "\n".join(lines)] if lines else []


def _line(view: LineView) -> str:
    words = " ".join(f"{part.label} {part.text}".strip() for part in view.parts if part.text)
    who = view.line.who or (_("nog geen naam") if view.lacks_name else "")
    when = date_format(view.line.due, "j F Y") if view.line.due else ""
    extra = ", ".join(filter(None, (who, when)))
    return f"{words} ({extra})" if extra else words


def _step(step: Step) -> str:
    node = step.end or (step.question and step.question.node)
    marks = [
        _("%(visit)se keer") % {"visit": step.visit} if step.visit > 1 else "",
        _("teruggedraaid") if step.withdrawn else "",
        _("niet afgemaakt") if step.is_unfinished else "",
    ]
    mark = ", ".join(filter(None, marks))
    lines = [f"{node.heading if node else ''}{f' ({mark})' if mark else ''}"]
    lines += [_votes(attempt) for attempt in step.attempts if attempt.result]
    if step.decided:
        decided = step.decided
        lines.append(_bullet(f"{decided.answer.letter}. {decided.answer.text}", _("Besluit: ")))
        lines.append(_bullet(decided.why, _("Waarom: ")))
        if decided.other:
            lines.append(_bullet(decided.other, _("Een ander geluid: ")))
    if step.back_why:
        lines.append(_bullet(step.back_why, _("Waarom terug: ")))
    return "\n".join(lines)


def _votes(attempt: Attempt) -> str:
    result = attempt.result
    if result is None:
        return ""
    counts = ", ".join(f"{row.answer.letter} {row.total}" for row in result.rows)
    name = _("Stemmen") if attempt.number == 1 else _("Stemmen, keer %(number)d") % {"number": attempt.number}
    return _bullet(counts, f"{name}: ")


def _bullet(text: str, label: str) -> str:
    return textwrap.fill(f"- {label}{text}", WIDTH, subsequent_indent="  ", break_long_words=False)
