"""What changes without a step of the walk has a revision of its own, so that a lost word is found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0009_hall_wifi"),
    ]

    operations = [
        migrations.AddField("groupsession", "desk_revision", models.PositiveIntegerField(default=0)),
        migrations.AddField("trajectory", "plan_revision", models.PositiveIntegerField(default=0)),
    ]
