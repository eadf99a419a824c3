"""Waar staan we: how the plan stands, as it is told before a group walks on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.utils import timezone

from content.graph import Library
from sessions.models import GroupSession
from sessions.reading.plan import read_plan_page
from sessions.reading.rounds import show_result
from sessions.reading.shapes import LookedBack, PlanPage, Reading, Stock, Wait
from sessions.reading.trajectory import find_waits
from sessions.rules.commands.stock import list_unasked
from sessions.rules.state import Asking
from sessions.rules.tally import Tally


def show_stock(reading: Reading) -> Stock:
    """What the room said of each step, what came in from outside, and what is left to tick."""
    page = read_plan_page(reading.session.trajectory)
    return Stock(
        show_looked_back(reading.library, reading.state.rounds, {}),
        tuple(find_news(page, _find_last_end(reading.session), timezone.localdate())),
        list_unasked(reading.state),
    )


def show_looked_back(
    library: Library, rounds: Iterable[Asking], results: Mapping[int, Tally | None]
) -> tuple[LookedBack, ...]:
    """The steps that the room was asked about and said something of, in that order, with the results that are given."""
    return tuple(
        LookedBack(
            round_.asked,
            round_.decision.answer,
            round_.decision.why,
            show_result(library, round_, tally) if (tally := results.get(round_.number)) else None,
        )
        for round_ in rounds
        if round_.kind == "progress" and round_.decision
    )


def find_news(page: PlanPage, since: date | None, today: date) -> Iterator[Wait]:
    """The answers of the municipality that came in since a day, those that are late, and what is to be looked back on.

    Steps were asked about one by one, so of those only what the municipality says is told here.
    """
    answered = [view for view in page.agreed if view.line.words.reply in ("yes", "no")]
    for view in answered:
        day = view.line.words.reply_on
        if day and (since is None or day >= since):
            yield Wait("answer", view, day)
    for wait in find_waits(page, today):
        if wait.kind == "reply" or (wait.kind == "look-back" and wait.view.line.kind != "actie"):
            yield wait


def _find_last_end(session: GroupSession) -> date | None:
    """The day on which the meeting before this one ended."""
    before = session.trajectory.sessions.exclude(pk=session.pk).exclude(ended_at=None).order_by("-ended_at").first()
    return timezone.localdate(before.ended_at) if before and before.ended_at else None
