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
    place = models.PositiveSmallIntegerField(default=0)  # which of several choices; most rounds take one
    source = models.CharField(max_length=8, default="phone")  # or table
    cast_as = models.CharField(max_length=40, blank=True, default="")  # in an other-role round
    cast_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "participant", "place"), name="one_vote_per_place"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.answer}"
