"""Who helps with which step: counts for everybody, first names for the team, and to each phone what it offered."""

from collections import Counter
from collections.abc import Collection, Sequence

from sessions.models import Offer, Trajectory
from sessions.open_steps import list_open_steps
from sessions.reading.shapes import Helpers, MyOffer, OfferedStep
from sessions.rules.offers import HELPS
from sessions.rules.plan import join_texts


def read_helpers(trajectory: Trajectory, settled: Collection[int]) -> dict[int, Helpers]:
    """By line what was offered there, for devices of the team. Of lines that are `settled` nobody reads a name."""
    rows: dict[int, list[MyOffer]] = {}
    for line, helps, name in Offer.objects.filter(line__trajectory=trajectory).values_list("line", "helps", "name"):
        rows.setdefault(line, []).append(MyOffer(helps, "" if line in settled else name))
    return {line: _sum_up(offers) for line, offers in rows.items()}


def _sum_up(offers: Sequence[MyOffer]) -> Helpers:
    helps = Counter(slug for offer in offers for slug in offer.helps)
    names = tuple(offer.name for offer in offers if offer.name)
    return Helpers(len(offers), tuple((slug, helps[slug]) for slug in HELPS if helps[slug]), names)


def list_offered_steps(trajectory: Trajectory, owner: str) -> tuple[OfferedStep, ...]:
    """The steps that are still to be done, as a phone sees them: how many help, and what it offered itself."""
    steps = list_open_steps(trajectory.pk)
    offers = Offer.objects.filter(line__in=[row.pk for row in steps])
    counts = Counter(offers.values_list("line", flat=True))
    own = {row.line_id: MyOffer(row.helps, row.name) for row in offers.filter(owner=owner)}
    return tuple(OfferedStep(row.pk, join_texts(row.words), counts[row.pk], own.get(row.pk)) for row in steps)


def list_own_offers(owner: str) -> tuple[OfferedStep, ...]:
    """All that this phone ever offered and that is still kept, wherever that was."""
    rows = Offer.objects.filter(owner=owner).select_related("line")
    return tuple(OfferedStep(row.line_id, join_texts(row.line.words), own=MyOffer(row.helps, row.name)) for row in rows)
