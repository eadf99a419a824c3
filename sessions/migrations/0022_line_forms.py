"""The form with which a line was added: sent twice, for its answer got lost, it makes one line."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0021_merged_trajectories"),
    ]

    operations = [
        migrations.AddField(
            model_name="planline",
            name="form",
            field=models.UUIDField(blank=True, null=True, unique=True),
        ),
    ]
