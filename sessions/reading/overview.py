"""The list of sessions of a team."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from content.editions import load_library
from sessions.attendance import count_took_part
from sessions.deleted import REGRET
from sessions.models import GroupSession, PlanLine, Round, Team, Trajectory
from sessions.reading.dates import find_held
from sessions.reading.shapes import SessionCard
from sessions.rules.names import fold_name
from sessions.rules.state import OF_A_TREE

LATELY = timedelta(days=2)
MOST_BUURTEN = 500


class Overview(NamedTuple):
    """The sessions of these teams, newest first; what runs comes first. None is read before it is shown."""

    now: QuerySet[GroupSession]  # made or walked lately, and not ended
    unused: QuerySet[GroupSession]  # made before that, and never begun
    earlier: QuerySet[GroupSession]
    deleted: QuerySet[GroupSession]  # that can still be brought back


def sort_sessions(teams: QuerySet[Team]) -> Overview:
    """What a facilitator may want to go on with, and what is behind them."""
    since = timezone.now() - LATELY
    ours = (
        GroupSession.objects.filter(trajectory__team__in=teams)
        .select_related("trajectory")
        .order_by("-created_at", "-pk")
    )
    lately = Q(ended_at=None) & (Q(created_at__gte=since) | Q(acted_at__gte=since))
    unused = Q(ended_at=None, acted_at=None) & ~lately
    deleted = GroupSession.everything.filter(trajectory__team__in=teams, deleted_at__gte=timezone.now() - REGRET)
    return Overview(
        now=ours.filter(lately).order_by(Coalesce("acted_at", "created_at").desc(), "-pk"),
        unused=ours.filter(unused),
        earlier=ours.exclude(lately).exclude(unused),
        deleted=deleted.select_related("trajectory").order_by("-deleted_at"),
    )


def list_known_buurten(teams: QuerySet[Team]) -> Sequence[Trajectory]:
    """The trajectories with which a new meeting of these teams can go on, in the alphabet.

    Of two that are one buurt in two spellings the one that met last: until somebody puts them together.
    """
    known = Trajectory.objects.filter(team__in=teams, is_practice=False, merged_into=None).select_related("team")
    last_met = known.annotate(last=Max("sessions__pk")).order_by(F("last").asc(nulls_first=True), "pk")
    offered = {(there.team_id, fold_name(there.buurt)): there for there in last_met}
    return sorted(offered.values(), key=lambda there: fold_name(there.buurt))[:MOST_BUURTEN]


def show_cards(sessions: Collection[GroupSession], language: str) -> tuple[SessionCard, ...]:
    """What the cards of these sessions tell. A fixed number of queries."""
    rounds: dict[int, list[Round]] = {}
    for round_ in Round.objects.filter(session__in=sessions, withdrawn=False, kind__in=OF_A_TREE):
        rounds.setdefault(round_.session_id, []).append(round_)
    nameless: dict[int, int] = {}
    actions = PlanLine.objects.filter(session__in=sessions, kind="actie", who="", role="", struck=False)
    for line in actions.select_related("round__decision"):
        if line.session_id and any(line.texts) and line.stands:
            nameless[line.session_id] = nameless.get(line.session_id, 0) + 1
    people, held = count_took_part(sessions), find_held(sessions)
    return tuple(
        SessionCard(
            session=session,
            tree=library.tree(walked[-1].phase if walked else session.phase),
            trees=library.trees,
            people=people[session.pk].total(),
            held=held[session.pk],
            questions=len({(row.phase, row.node) for row in walked if row.decided_at}),
            actions_without_name=nameless.get(session.pk, 0),
        )
        for session in sessions
        for library in [load_library(session.edition_id, language)]
        for walked in [rounds.get(session.pk, [])]
    )
