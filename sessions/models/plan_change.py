"""What was written in a plan before."""

from django.db import models
from django.utils import timezone

from sessions.models.plan_line import PlanLine
from sessions.models.worded import Worded


class PlanChange(Worded):
    """What a line held after a step, who made it and when: together its history, which is only added to.

    What one hand writes in one go is one step. The name of who will do it stays no longer than in the line: once that
    is another one, or none, the old name goes from here as well.
    """

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150, blank=True, default="")  # a facilitator; empty where nobody knows any more
    is_closed = models.BooleanField(default=False)  # what the same hand writes next is a step of its own

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.line_id}: {self.texts}"
