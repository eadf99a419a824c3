"""Two trajectories that turn out to be one neighbourhood's are merged, and can be parted again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0020_earlier_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="groupsession",
            name="came_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="live_sessions.trajectory",
            ),
        ),
        migrations.AddField(
            model_name="planline",
            name="came_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="live_sessions.trajectory",
            ),
        ),
        migrations.AddField(
            model_name="trajectory",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged",
                to="live_sessions.trajectory",
            ),
        ),
    ]
