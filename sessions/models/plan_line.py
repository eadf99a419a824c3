"""What a group writes down to do."""

from django.db import models
from django.db.models import F, QuerySet

from sessions.models.meeting import GroupSession
from sessions.models.round import Round
from sessions.models.trajectory import Trajectory
from sessions.models.worded import Worded


class PlanLine(Worded):
    """A line of the plan, the buurtbeeld or the evaluation, drafted by a decided answer and filled in by the group.

    It is of the trajectory, and knows the meeting and the round it comes from as long as these are there.
    """

    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="plan_lines")
    session = models.ForeignKey(GroupSession, on_delete=models.SET_NULL, related_name="plan_lines", null=True)
    round = models.ForeignKey(Round, on_delete=models.SET_NULL, related_name="plan_lines", null=True)
    answer = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12)
    prompt = models.CharField(max_length=300)
    form = models.UUIDField(null=True, blank=True, unique=True)  # with which somebody added it, also when sent twice
    # Of which trajectory it was before two were merged, to undo that.
    came_from = models.ForeignKey(Trajectory, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    rank = models.PositiveIntegerField(default=0)  # where people put it among the lines of its kind
    is_earlier = models.BooleanField(default=False)  # of a meeting before, and not of the plan of now
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("round", "answer", "position"), name="one_plan_line_per_prompt"),
        )

    def __str__(self) -> str:
        return self.prompt

    @property
    def stands(self) -> bool:
        """Whether the decision that drafted it stands. What the group added itself always does."""
        if self.round is None:
            return True
        decision = getattr(self.round, "decision", None)
        return not self.round.withdrawn and decision is not None and self.answer in (decision.answer, *decision.more)

    @property
    def mark(self) -> str:
        """All that the line holds, in short."""
        return self.words.mark


def order_lines(lines: QuerySet[PlanLine]) -> QuerySet[PlanLine]:
    """As people put them; where they did not, as the meetings went."""
    return lines.select_related("round__decision").order_by(
        "rank", F("session").asc(nulls_last=True), F("round__number").asc(nulls_last=True), "position", "pk"
    )
