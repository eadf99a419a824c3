"""Who deleted a meeting before this release was told that its plan goes too, and it does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0014_lines_have_trajectories"),
    ]

    operations = [
        migrations.AddField("groupsession", "leaves_plan", models.BooleanField(default=False)),
    ]
