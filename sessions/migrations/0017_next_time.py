"""When and where a group meets again: a part of the plan of its trajectory."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0016_steps_of_a_line"),
    ]

    operations = [
        migrations.AddField("trajectory", "next_day", models.DateField(blank=True, null=True)),
        migrations.AddField("trajectory", "next_hour", models.TimeField(blank=True, null=True)),
        migrations.AddField("trajectory", "next_place", models.CharField(blank=True, default="", max_length=80)),
    ]
