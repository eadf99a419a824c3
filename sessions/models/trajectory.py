"""What one neighbourhood does in all its meetings."""

from django.db import models

from sessions.models.teams import Team
from sessions.rules.plan import NextTime


class Trajectory(models.Model):
    """One neighbourhood's work over months: several sessions, one shared plan. A practice has one of its own."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="trajectories")
    buurt = models.CharField(max_length=80)
    is_practice = models.BooleanField(default=False)
    # When and where the next meeting is, as far as the group knows.
    next_day = models.DateField(null=True, blank=True)
    next_hour = models.TimeField(null=True, blank=True)
    next_place = models.CharField(max_length=80, blank=True, default="")
    # Where its meetings and lines went when it turned out to be one with another; none while it stands on its own.
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")
    plan_revision = models.PositiveIntegerField(default=0)  # raised by every change of the plan. See ADR 0015
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("buurt",)
        constraints = (
            models.UniqueConstraint(
                fields=("team", "buurt"), condition=models.Q(is_practice=False), name="one_trajectory_per_buurt"
            ),
        )

    def __str__(self) -> str:
        return self.buurt

    @property
    def next_time(self) -> NextTime:
        return NextTime(self.next_day, self.next_hour, self.next_place)
