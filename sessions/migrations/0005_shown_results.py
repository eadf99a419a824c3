"""A result is kept as it was shown. Those of earlier meetings are counted now, by the rules of now."""

from typing import Any

import msgspec
from django.db import migrations, models
from django.db.models import Count

from content.graph import Library, Place
from sessions.tally import FLOOR, NO_FLOOR, Votes, count_votes

SHOWN = ("revealed", "decided")


def keep_results(apps: Any, schema_editor: Any) -> None:
    Edition = apps.get_model("content", "Edition")
    Round = apps.get_model("live_sessions", "Round")
    for edition in Edition.objects.iterator():
        library = msgspec.convert(edition.document, Library)
        shown = Round.objects.filter(session__edition=edition, status__in=SHOWN).select_related("session")
        pools: dict[tuple[int, Place], list[tuple[str, ...]]] = {}
        for row in shown.order_by("session", "number"):
            place = Place(row.phase, row.node)
            known = pools.setdefault((row.session_id, place), [])
            tally = _count(row, library, place, known)
            known.extend(tally.pools)
            row.result = msgspec.to_builtins(tally)
            row.save(update_fields=["result"])


def _count(row: Any, library: Library, place: Place, pools: list[tuple[str, ...]]) -> Any:
    node = library.node(place)
    votes = row.votes.values_list("role", "answer").annotate(Count("pk")).order_by("role", "answer")
    return count_votes(
        [Votes(*vote) for vote in votes],
        [Votes(*hand) for hand in row.hand_counts.values_list("role", "answer", "count")],
        answers=[answer.slug for answer in node.answers],
        roles=[role.slug for role in library.roles],
        pools=pools,
        bound={answer.slug: answer.roles for answer in node.answers if len(answer.roles) < len(library.roles)},
        floor=NO_FLOOR if row.session.is_practice else FLOOR,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_editions"),
        ("live_sessions", "0004_undone_decisions"),
    ]

    operations = [
        migrations.AddField("round", "result", models.JSONField(null=True)),
        migrations.RunPython(keep_results, migrations.RunPython.noop),
    ]
