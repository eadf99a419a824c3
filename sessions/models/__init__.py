"""What happened, a file per noun. Thin on purpose: `writing` writes, `reading` reads."""

from sessions.models.decision import Decision
from sessions.models.evaluation import Measurement, Tale
from sessions.models.hands import HandCount
from sessions.models.meeting import CODE_LENGTH, CODE_LETTERS, GroupSession, new_code
from sessions.models.offer import Offer
from sessions.models.participant import Participant
from sessions.models.plan_change import PlanChange
from sessions.models.plan_clash import PlanClash
from sessions.models.plan_hand import PlanHand
from sessions.models.plan_line import PlanLine, order_lines
from sessions.models.plan_link import PlanLink, new_token
from sessions.models.proposal import Proposal
from sessions.models.reminder import Reminder, SentReminder
from sessions.models.round import Round
from sessions.models.teams import Team
from sessions.models.trajectory import Trajectory
from sessions.models.vote import Vote

__all__ = [
    "CODE_LENGTH",
    "CODE_LETTERS",
    "Decision",
    "GroupSession",
    "HandCount",
    "Measurement",
    "Offer",
    "Participant",
    "PlanChange",
    "PlanClash",
    "PlanHand",
    "PlanLine",
    "PlanLink",
    "Proposal",
    "Reminder",
    "Round",
    "SentReminder",
    "Tale",
    "Team",
    "Trajectory",
    "Vote",
    "new_code",
    "new_token",
    "order_lines",
]
