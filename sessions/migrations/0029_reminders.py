import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import sessions.models.plan_link


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0028_evaluation")]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                (
                    "secret",
                    models.CharField(default=sessions.models.plan_link.new_token, max_length=22, unique=True),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "trajectory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="live_sessions.trajectory",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("trajectory", "email"), name="one_reminder_per_address")
                ],
            },
        ),
        migrations.CreateModel(
            name="SentReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=60)),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sent", to="live_sessions.reminder"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("reminder", "about"), name="one_mail_about_one_day")],
            },
        ),
    ]
