"""The plan is the trajectory's: its lines hang there, and have a history. A practice has a trajectory of its own."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0011_askings"),
    ]

    operations = [
        migrations.AddField("trajectory", "is_practice", models.BooleanField(default=False)),
        migrations.RemoveConstraint("trajectory", "one_trajectory_per_buurt"),
        migrations.AddConstraint(
            "trajectory",
            models.UniqueConstraint(
                condition=models.Q(("is_practice", False)), fields=("team", "buurt"), name="one_trajectory_per_buurt"
            ),
        ),
        migrations.AddField(
            "planline",
            "trajectory",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plan_lines",
                to="live_sessions.trajectory",
            ),
        ),
        migrations.AlterField(
            "planline",
            "session",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="plan_lines",
                to="live_sessions.groupsession",
            ),
        ),
        migrations.AlterField(
            "planline",
            "round",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="plan_lines",
                to="live_sessions.round",
            ),
        ),
        migrations.CreateModel(
            "PlanChange",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(blank=True, default="", max_length=150)),
                ("texts", models.JSONField(default=list)),
                ("who", models.CharField(blank=True, default="", max_length=80)),
                ("due", models.DateField(blank=True, null=True)),
                ("struck", models.BooleanField(default=False)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="live_sessions.planline"
                    ),
                ),
            ],
            options={"ordering": ("pk",)},
        ),
    ]
