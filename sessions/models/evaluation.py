"""What a group counted and was told since: how it knows whether something got better."""

from django.db import models
from django.utils import timezone

from sessions.models.plan_line import PlanLine
from sessions.rules.evaluation import TALE_LENGTH, UNIT_LENGTH


class Measurement(models.Model):
    """A number at a line that says what to count; one for each day."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="measurements")
    value = models.DecimalField(max_digits=9, decimal_places=2)
    unit = models.CharField(max_length=UNIT_LENGTH, blank=True, default="")
    day = models.DateField()

    class Meta:
        ordering = ("day", "pk")
        constraints = (models.UniqueConstraint(fields=("line", "day"), name="one_measurement_a_day"),)

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"


class Tale(models.Model):
    """A short story at a line that says what to tell. Who told it agreed on `day` that it is kept and shown."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="tales")
    text = models.CharField(max_length=TALE_LENGTH)
    day = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ("day", "pk")

    def __str__(self) -> str:
        return self.text
