"""What one hand writes in a line in one go is one step of its history; a strike and an undo are steps of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0015_leaves_plan"),
    ]

    operations = [
        migrations.AddField("planchange", "is_closed", models.BooleanField(default=False)),
    ]
