"""Two texts for one place in the plan."""

from django.db import models
from django.utils import timezone

from sessions.models.plan_line import PlanLine


class PlanClash(models.Model):
    """What somebody typed in a field of a line that somebody else changed meanwhile. Both stay until one is picked."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="clashes")
    field = models.CharField(max_length=20)  # a name of `Words.fields`
    page = models.CharField(max_length=20, blank=True)  # of which device: what it types next takes the place of this
    value = models.CharField(max_length=300, blank=True)  # as it stands in a form
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("line", "field", "page"), name="one_clash_per_device"),)

    def __str__(self) -> str:
        return f"{self.line_id} {self.field}: {self.value}"
