"""The address at which everybody who has it reads a plan."""

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from sessions.models.trajectory import Trajectory

TOKEN_BYTES = 16  # 128 bits: nobody guesses one
LASTS = timedelta(days=365)


def new_token() -> str:
    """For a link, or for a phone to keep."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def find_end() -> datetime:
    """When a link that is made now stops working."""
    return timezone.now() + LASTS


class PlanLink(models.Model):
    """A plan that was shared. It shows the plan of now, or the `frozen` sheet of the evening on which it was made."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="links")
    token = models.CharField(max_length=22, unique=True, default=new_token)
    with_names = models.BooleanField(default=False)  # first names that have their tick
    frozen = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=150, blank=True, default="")
    ends_at = models.DateTimeField(default=find_end)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.trajectory_id} until {self.ends_at:%Y-%m-%d}"
