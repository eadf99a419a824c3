"""Who is writing in the plan right now."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from sessions.models.plan_line import PlanLine

RESTS_AFTER = timedelta(seconds=20)  # without a sign of life a hand writes no more


class PlanHand(models.Model):
    """The line in which a device is writing. It goes when somebody leaves the line."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="hands")
    page = models.CharField(max_length=20, unique=True)  # which window of which device
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.page}: {self.line_id}"
