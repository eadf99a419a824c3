"""Which wifi phones in the hall can use, as the facilitator typed it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0008_deleted_meetings"),
    ]

    operations = [
        migrations.AddField("groupsession", "wifi_name", models.CharField(blank=True, default="", max_length=32)),
        migrations.AddField("groupsession", "wifi_password", models.CharField(blank=True, default="", max_length=63)),
    ]
