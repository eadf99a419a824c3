"""The list of sessions of a team."""

from django.db.models import QuerySet

from content.editions import load_library
from sessions.attendance import count_took_part
from sessions.models import GroupSession, PlanLine, Round, Team
from sessions.queries.plan import stands
from sessions.queries.shapes import SessionCard


def list_sessions(teams: QuerySet[Team]) -> tuple[SessionCard, ...]:
    """All sessions of these teams, newest first, with what their cards tell. A fixed number of queries."""
    sessions = list(
        GroupSession.objects.filter(trajectory__team__in=teams)
        .select_related("trajectory", "edition")
        .defer("edition__document")
        .order_by("-created_at", "-pk")
    )
    rounds: dict[int, list[Round]] = {}
    for round_ in Round.objects.filter(session__in=sessions, withdrawn=False):
        rounds.setdefault(round_.session_id, []).append(round_)
    nameless: dict[int, int] = {}
    actions = PlanLine.objects.filter(session__in=sessions, kind="actie", who="", struck=False)
    for line in actions.select_related("round__decision"):
        if any(line.texts) and stands(line):
            nameless[line.session_id] = nameless.get(line.session_id, 0) + 1
    people = count_took_part(sessions)
    return tuple(
        _show_card(session, rounds.get(session.pk, []), nameless.get(session.pk, 0), people[session.pk].total())
        for session in sessions
    )


def _show_card(session: GroupSession, rounds: list[Round], nameless: int, people: int) -> SessionCard:
    library = load_library(session.edition_id)
    return SessionCard(
        session=session,
        tree=library.tree(rounds[-1].phase if rounds else session.phase),
        trees=library.trees,
        people=people,
        questions=len({(row.phase, row.node) for row in rounds if row.decided_at}),
        actions_without_name=nameless,
    )
