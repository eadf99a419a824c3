"""What somebody offers to do at a step of the plan."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from sessions.models.plan_line import PlanLine
from sessions.rules.offers import NAME_LETTERS

NAME_LASTS = timedelta(days=365)


class Offer(models.Model):
    """Help with one step, of the phone that keeps the secret of which `owner` is the SHA-256.

    No seat and no vote hangs on it, so it outlives both. A name is only there by the tick of who gave it.
    """

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="offers")
    owner = models.CharField(max_length=64)
    helps = models.JSONField(default=list)  # slugs of `HELPS`
    name = models.CharField(max_length=NAME_LETTERS, blank=True, default="")
    made_on = models.DateField(default=timezone.localdate)  # no moment: nobody compares it with when a vote came

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("line", "owner"), name="one_offer_per_phone"),)

    def __str__(self) -> str:
        return ", ".join(self.helps)
