"""A round is one asking of any kind, a vote one of several choices, and a meeting knows which round it is at."""

from django.db import migrations, models


def note_current_rounds(apps, schema_editor):
    """The group was at its last round."""
    rounds = apps.get_model("live_sessions", "Round").objects.filter(session=models.OuterRef("pk"))
    last = rounds.order_by("-number").values("number")[:1]
    sessions = apps.get_model("live_sessions", "GroupSession").objects.filter(rounds__isnull=False)
    sessions.update(current_round=models.Subquery(last))


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0010_revisions"),
    ]

    operations = [
        migrations.AddField("groupsession", "current_round", models.PositiveIntegerField(default=0)),
        migrations.AddField("round", "kind", models.CharField(default="question", max_length=12)),
        migrations.AddField("round", "subject", models.CharField(blank=True, default="", max_length=80)),
        migrations.AddField("round", "options", models.JSONField(default=list)),
        migrations.AddField("vote", "place", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("vote", "source", models.CharField(default="phone", max_length=8)),
        migrations.AddField("vote", "cast_as", models.CharField(blank=True, default="", max_length=40)),
        migrations.RemoveConstraint("vote", "one_vote_per_participant"),
        migrations.AddConstraint(
            "vote", models.UniqueConstraint(fields=("round", "participant", "place"), name="one_vote_per_place")
        ),
        migrations.RunPython(note_current_rounds, migrations.RunPython.noop),
    ]
