"""What was counted without phones."""

from django.db import models

from sessions.models.round import Round


class HandCount(models.Model):
    """Raised hands or paper cards, counted by the facilitator: one number per answer and role."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="hand_counts")
    role = models.CharField(max_length=40)
    answer = models.CharField(max_length=80)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "role", "answer"), name="one_hand_count_per_cell"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.answer} x {self.count}"
