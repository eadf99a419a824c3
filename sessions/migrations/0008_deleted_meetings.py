"""A meeting can be deleted, with a week to bring it back; and a form sent twice makes one meeting."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0007_door"),
    ]

    operations = [
        migrations.AddField("groupsession", "deleted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("groupsession", "form", models.UUIDField(editable=False, null=True, unique=True)),
    ]
