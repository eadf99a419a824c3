"""One meeting, and the code by which phones find it."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from content.models import Edition
from sessions.models.trajectory import Trajectory
from sessions.rules.door import is_door_shut

# No O/0 and I/1, which look alike, and no vowels, so that no code is a word.
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
CODE_LENGTH = 6


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class NotDeleted(models.Manager["GroupSession"]):
    """Meetings that were not deleted: for nearly everybody the only ones there are."""

    def get_queryset(self) -> models.QuerySet["GroupSession"]:
        return super().get_queryset().filter(deleted_at=None)


class GroupSession(models.Model):
    """One meeting. The walk itself is a `State` of the rules; its rounds are rows of `Round`."""

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="sessions")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="sessions"
    )
    title = models.CharField(max_length=120)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    phase = models.CharField(max_length=40)
    is_practice = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)  # of the walk: a command says which one it saw
    # Raised by what changes and is no step of the walk: counted hands, the wifi of the hall. See ADR 0015.
    desk_revision = models.PositiveIntegerField(default=0)
    current_round = models.PositiveIntegerField(default=0)  # the number of the round the group is at
    paused = models.BooleanField(default=False)
    # Of which trajectory it was before two were merged, to undo that.
    came_from = models.ForeignKey(Trajectory, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    screen = models.CharField(max_length=100, default="walk")  # walk, plan or a card
    draft = models.JSONField(null=True, editable=False)  # a decision that was undone, as a `Choice` of the rules
    previous_state = models.BinaryField(null=True, editable=False)  # one undo, as JSON of a `State`
    door_shut = models.BooleanField(default=False)
    chairs = models.PositiveIntegerField(null=True)  # how many people the facilitator counted
    # Of the hall, as the facilitator typed it; it stands on the wall.
    wifi_name = models.CharField(max_length=32, blank=True, default="")
    wifi_password = models.CharField(max_length=63, blank=True, default="")
    gone = models.JSONField(default=dict)  # role -> people who took part and whose seat is gone
    created_at = models.DateTimeField(auto_now_add=True)
    acted_at = models.DateTimeField(null=True)  # of the last command
    ended_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # Deleted by who was told that what its group agreed stays; of earlier ones all was promised to go.
    leaves_plan = models.BooleanField(default=False)
    form = models.UUIDField(null=True, unique=True, editable=False)  # that made it: sent twice it makes one meeting

    objects = NotDeleted()
    everything: models.Manager["GroupSession"] = models.Manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_door_shut(self) -> bool:
        """Whether nobody new may come in by now."""
        return is_door_shut(self.door_shut, self.acted_at, timezone.now())
