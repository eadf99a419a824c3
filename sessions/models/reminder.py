"""Who asked for a mail before the days of a plan."""

from django.db import models
from django.utils import timezone

from sessions.models.plan_link import new_token
from sessions.models.trajectory import Trajectory


class Reminder(models.Model):
    """An address that gets a mail, once who it belongs to said yes. The `secret` in each mail is the key to stop."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="reminders")
    email = models.EmailField(max_length=254)
    secret = models.CharField(max_length=22, unique=True, default=new_token)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("trajectory", "email"), name="one_reminder_per_address"),)

    def __str__(self) -> str:
        return f"reminder {self.pk}"  # no address in a log


class SentReminder(models.Model):
    """That a mail about this was sent, or is on its way: the same is never sent twice."""

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="sent")
    about = models.CharField(max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("reminder", "about"), name="one_mail_about_one_day"),)

    def __str__(self) -> str:
        return self.about
