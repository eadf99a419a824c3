"""Some time after a meeting a vote is nobody's: without participant and without time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0005_shown_results"),
    ]

    operations = [
        migrations.AddField("round", "sealed", models.BooleanField(default=False)),
        migrations.AddField("participant", "took_part", models.BooleanField(default=False)),
        migrations.AddField("groupsession", "gone", models.JSONField(default=dict)),
        migrations.AlterField("vote", "cast_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "vote",
            "participant",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="votes",
                to="live_sessions.participant",
            ),
        ),
    ]
