"""Who is in a meeting."""

import uuid

from django.db import models

from sessions.models.meeting import GroupSession


class Participant(models.Model):
    """One phone (or one table), one role, no account and no name. `seat` is what its cookie holds."""

    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="participants")
    seat = models.UUIDField(default=uuid.uuid4)
    role = models.CharField(max_length=40, blank=True)  # empty: watches along, without a vote
    # Who came while a vote was open waits: see `Ticket`.
    waits_round = models.PositiveIntegerField(null=True)
    waits_turn = models.PositiveIntegerField(default=0)
    took_part = models.BooleanField(default=False)  # known once the votes are nobody's any more
    joined_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("session", "seat"), name="one_participant_per_seat"),)
        indexes = (models.Index(fields=("session", "seen_at")),)

    def __str__(self) -> str:
        return f"{self.role or 'kijkt mee'} #{self.pk}"
