import django.db.models.deletion
from django.db import migrations, models

import sessions.models.proposal


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0025_checked_pages")]

    operations = [
        migrations.AddField(model_name="decision", name="more", field=models.JSONField(default=list)),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handle", models.CharField(default=sessions.models.proposal.new_handle, max_length=8)),
                ("words", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=120)),
                ("status", models.CharField(default="waiting", max_length=8)),
                (
                    "participant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposals",
                        to="live_sessions.participant",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="live_sessions.round",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="same",
                        to="live_sessions.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("round", "participant", "words"), name="one_proposal_once")
                ],
            },
        ),
    ]
