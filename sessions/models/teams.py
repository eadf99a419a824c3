"""Facilitators who work together."""

from django.conf import settings
from django.db import models


class Team(models.Model):
    """Facilitators who see each other's sessions."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)

    def __str__(self) -> str:
        return self.name
