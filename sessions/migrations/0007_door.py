"""A door that can be shut, newcomers who wait, and when somebody last did something."""

from typing import Any

from django.db import migrations, models
from django.db.models import Max

MOMENTS = ("entered_at", "opened_at", "closed_at", "revealed_at", "decided_at")


def find_last_commands(apps: Any, schema_editor: Any) -> None:
    for session in apps.get_model("live_sessions", "GroupSession").objects.iterator():
        moments = session.rounds.aggregate(**{name: Max(name) for name in MOMENTS}).values()
        session.acted_at = max((moment for moment in (*moments, session.ended_at) if moment), default=None)
        session.save(update_fields=["acted_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0006_votes_of_nobody"),
    ]

    operations = [
        migrations.AddField("groupsession", "door_shut", models.BooleanField(default=False)),
        migrations.AddField("groupsession", "chairs", models.PositiveIntegerField(null=True)),
        migrations.AddField("groupsession", "acted_at", models.DateTimeField(null=True)),
        migrations.AddField("participant", "waits_round", models.PositiveIntegerField(null=True)),
        migrations.AddField("participant", "waits_turn", models.PositiveIntegerField(default=0)),
        migrations.AddField("round", "let_ins", models.PositiveIntegerField(default=0)),
        migrations.RunPython(find_last_commands, migrations.RunPython.noop),
    ]
