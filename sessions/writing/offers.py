"""*Ik doe mee*: what phones offer to do at a step, and what they take back.

What comes in together is written together, and raises the revision of a plan once.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from sessions.models import Offer, Participant, Trajectory
from sessions.models.offer import NAME_LASTS
from sessions.open_steps import list_open_steps
from sessions.rules.offers import MOST_OF_ONE, judge_offer
from sessions.rules.plan import is_settled
from sessions.rules.refusals import Reason
from sessions.writing.plan import raise_revision
from sessions.writing.transactions import write


class Offering(NamedTuple):
    """What a participant offers at a line, on its way in. None for `helps` takes it back."""

    participant: int
    owner: str
    line: int
    helps: tuple[str, ...] | None = None
    name: str = ""
    may_name: bool = False


def keep_offers(sent: Sequence[Offering]) -> list[Reason | None]:
    """Write offers in one transaction. Returns per offer None, or why it was refused. The last of a phone counts."""
    with write():
        people = Participant.objects.select_related("session").filter(
            pk__in={offering.participant for offering in sent}
        )
        plans = {person.pk: person.session.trajectory_id for person in people if not person.session.deleted_at}
        _lock_plans(set(plans.values()))
        steps = {plan: {row.pk for row in list_open_steps(plan)} for plan in set(plans.values())}
        refusals = [_keep(offering, steps.get(plans.get(offering.participant, 0))) for offering in sent]
        touched = {
            plans[offering.participant] for offering, refusal in zip(sent, refusals, strict=True) if refusal is None
        }
        for plan in sorted(touched):
            raise_revision(plan)
    return refusals


def _keep(offering: Offering, steps: Collection[int] | None) -> Reason | None:
    if steps is None:
        return Reason.NO_SEAT
    own = Offer.objects.filter(owner=offering.owner)
    if offering.helps is None:
        own.filter(line__in=steps, line=offering.line).delete()
        return None
    if offering.line not in steps:
        return Reason.STEP_CLOSED
    if reason := judge_offer(offering.helps, offering.name, may_name=offering.may_name):
        return reason
    if own.exclude(line=offering.line).count() >= MOST_OF_ONE:
        return Reason.TOO_MANY_OFFERS
    Offer.objects.update_or_create(
        line_id=offering.line,
        owner=offering.owner,
        defaults={"helps": list(offering.helps), "name": offering.name, "made_on": timezone.localdate()},
    )
    return None


def take_offers_back(owner: str, *, line: int | None = None) -> None:
    """The phone takes back what it offered: at one line, or everywhere. Twice is harmless."""
    offers = Offer.objects.filter(owner=owner)
    with write():
        _change(offers if line is None else offers.filter(line=line), QuerySet.delete)


def forget_old_names() -> int:
    """First names go when the step is done or struck, and after a year. Returns how many went; the counts stay."""
    since = timezone.localdate() - NAME_LASTS
    with write():
        named = Offer.objects.exclude(name="").select_related("line")
        over = [row.pk for row in named if row.made_on < since or row.line.struck or is_settled(row.line.words)]
        _change(Offer.objects.filter(pk__in=over), lambda offers: offers.update(name=""))
    return len(over)


def _change(offers: QuerySet[Offer], change: Callable[[QuerySet[Offer]], object]) -> None:
    """Change offers in the plans that they belong to, and tell who shows these."""
    plans = set(offers.values_list("line__trajectory", flat=True))
    _lock_plans(plans)
    change(offers)
    for plan in sorted(plans):
        raise_revision(plan)


def _lock_plans(plans: Collection[int]) -> None:
    """Nobody else writes in these plans until the transaction ends. Always in the same order."""
    list(Trajectory.objects.select_for_update().filter(pk__in=plans).order_by("pk"))
