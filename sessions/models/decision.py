"""What a group takes from a vote."""

from django.db import models

from sessions.models.round import Round
from sessions.rules.state import LINE_LENGTH


class Decision(models.Model):
    """Which answer the group takes, how and why. It stays when it is turned back."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="decision")
    answer = models.CharField(max_length=80)
    how = models.CharField(max_length=12)
    why = models.CharField(max_length=LINE_LENGTH)
    other = models.CharField(max_length=LINE_LENGTH, blank=True)
    more = models.JSONField(default=list)  # what it takes after the first, where it can be several

    def __str__(self) -> str:
        return self.answer
