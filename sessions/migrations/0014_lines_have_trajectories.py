"""No line of the plan is without a trajectory."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0013_lines_to_trajectories"),
    ]

    operations = [
        migrations.AlterField(
            "planline",
            "trajectory",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plan_lines",
                to="live_sessions.trajectory",
            ),
        ),
    ]
