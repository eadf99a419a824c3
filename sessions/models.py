"""What happened. Thin on purpose: `commands` writes, `queries` reads."""

import json
import secrets
import uuid
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone

from content.models import Edition
from sessions.rules.door import is_door_shut
from sessions.rules.state import LINE_LENGTH

# No O/0 and I/1, which look alike, and no vowels, so that no code is a word.
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
CODE_LENGTH = 6


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class Team(models.Model):
    """Facilitators who see each other's sessions."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)

    def __str__(self) -> str:
        return self.name


class Trajectory(models.Model):
    """One neighbourhood's work over months: several sessions, one shared plan."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="trajectories")
    buurt = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("buurt",)
        constraints = (models.UniqueConstraint(fields=("team", "buurt"), name="one_trajectory_per_buurt"),)

    def __str__(self) -> str:
        return self.buurt


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
    version = models.PositiveIntegerField(default=0)
    paused = models.BooleanField(default=False)
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


class Round(models.Model):
    """One visit of a node with its votes; voting again makes a new round. Its value in the rules is an `Asking`."""

    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
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


class Decision(models.Model):
    """Which answer the group takes, how and why. It stays when it is turned back."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="decision")
    answer = models.CharField(max_length=80)
    how = models.CharField(max_length=12)
    why = models.CharField(max_length=LINE_LENGTH)
    other = models.CharField(max_length=LINE_LENGTH, blank=True)

    def __str__(self) -> str:
        return self.answer


class PlanLine(models.Model):
    """A line of the plan, the buurtbeeld or the evaluation, drafted by a decided answer and filled in by the group."""

    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="plan_lines")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="plan_lines", null=True)
    answer = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12)
    prompt = models.CharField(max_length=300)
    texts = models.JSONField(default=list)  # one text per blank of the prompt
    who = models.CharField(max_length=80, blank=True)
    due = models.DateField(null=True, blank=True)
    struck = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("round", "answer", "position"), name="one_plan_line_per_prompt"),
        )

    def __str__(self) -> str:
        return self.prompt

    @property
    def mark(self) -> str:
        """All that the line holds, in short. Who writes gives the mark of what was in sight."""
        texts = self.texts if any(self.texts) else []
        held = json.dumps([texts, self.who, str(self.due or ""), self.struck])
        return sha256(held.encode()).hexdigest()[:16]
