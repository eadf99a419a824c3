"""One asking of the room, or the visit of a place where nobody votes."""

from django.db import models

from sessions.models.meeting import GroupSession
from sessions.rules.state import LINE_LENGTH


class Round(models.Model):
    """One asking of the room; voting again makes a new round. Its value in the rules is an `Asking`."""

    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, default="question")
    subject = models.CharField(max_length=80, blank=True, default="")  # what it is about, when it is no question
    asked = models.TextField(blank=True, default="")  # in words, when it is no question
    options = models.JSONField(default=list)  # the texts it asked, when it is no question: `Option`s
    page = models.JSONField(default=list)  # of the plan, that it asked about: `PageLine`s
    phase = models.CharField(max_length=40)
    node = models.CharField(max_length=80)
    visit = models.PositiveIntegerField(default=1)
    attempt = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, default="reading")
    split = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    back_why = models.CharField(max_length=LINE_LENGTH, blank=True)
    sealed = models.BooleanField(default=False)
    let_ins = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)  # as it was shown: a `Tally`
    entered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("session", "number"), name="one_round_per_number"),)

    def __str__(self) -> str:
        return f"{self.phase}/{self.node} #{self.number}"

    @property
    def was_shown(self) -> bool:
        """As that of its `Asking`."""
        return self.revealed_at is not None
