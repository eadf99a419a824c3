"""What one phone chose."""

from django.db import models

from sessions.models.participant import Participant
from sessions.models.round import Round


class Vote(models.Model):
    """What one participant chose in one round, in the role of that moment. Counted, never kept as a counter.

    Some time after the meeting it is nobody's: without participant and without time. See `tidying`.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, on_delete=models.SET_NULL, related_name="votes", null=True)
    role = models.CharField(max_length=40)
    answer = models.CharField(max_length=80)
    cast_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "participant"), name="one_vote_per_participant"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.answer}"
