"""A line that a phone proposes for the plan."""

import secrets

from django.db import models

from sessions.models.participant import Participant
from sessions.models.round import Round
from sessions.rules.ideas import MOST_LETTERS


def new_handle() -> str:
    return secrets.token_hex(4)


class Proposal(models.Model):
    """What one participant proposes, which the facilitator reads before anybody else. Its value is an `Idea`.

    It goes with the links of the votes, a day after the meeting: what was let through stands in its round by then.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="proposals")
    participant = models.ForeignKey(Participant, on_delete=models.SET_NULL, related_name="proposals", null=True)
    handle = models.CharField(max_length=8, default=new_handle)
    words = models.CharField(max_length=MOST_LETTERS)  # of the sender
    text = models.CharField(max_length=MOST_LETTERS)  # as the facilitator reworded it
    status = models.CharField(max_length=8, default="waiting")  # or shown, or parked
    to = models.ForeignKey("self", on_delete=models.SET_NULL, related_name="same", null=True)  # that says the same

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("round", "participant", "words"), name="one_proposal_once"),)

    def __str__(self) -> str:
        return self.text
