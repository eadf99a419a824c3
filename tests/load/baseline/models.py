from django.db import models


class Session(models.Model):
    code = models.CharField(max_length=20, unique=True)
    round = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return self.code


class Vote(models.Model):
    """One row per vote."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="votes")
    round = models.PositiveIntegerField()
    seat = models.CharField(max_length=32)
    answer = models.CharField(max_length=80)

    class Meta:
        app_label = "baseline"
        constraints = (models.UniqueConstraint(fields=("session", "round", "seat"), name="one_vote_per_seat"),)

    def __str__(self) -> str:
        return self.answer
