"""A database of the release before this one keeps all it held."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from content.editions import publish_library
from content.languages import BASE
from sessions.models import GroupSession, Round, Vote
from sessions.reading import read_summary

BEFORE = ("live_sessions", "0004_undone_decisions")
EVENING = datetime(2026, 11, 20, 20, 15, tzinfo=UTC)


def migrate(*targets: tuple[str, str]) -> Any:
    """The models as they were there."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connection).loader.project_state(list(targets)).apps if targets else None


@pytest.fixture
def old(transactional_db, shipped):
    """The models of the release before this one, on a database as it was then."""
    edition, _ = publish_library(shipped)
    yield migrate(BEFORE, ("content", "0001_editions")), edition
    migrate()


def make_meeting(apps: Any, edition_id: int) -> None:
    """With a round that was revealed, one with hands in it, and one that is open."""
    team_of, trajectory_of, session_of, person_of, round_of, vote_of, hand_of = (
        apps.get_model("live_sessions", name)
        for name in ("Team", "Trajectory", "GroupSession", "Participant", "Round", "Vote", "HandCount")
    )
    team = team_of.objects.create(name="Van toen")
    trajectory = trajectory_of.objects.create(team=team, buurt="Vogelbuurt")
    session = session_of.objects.create(
        trajectory=trajectory, edition_id=edition_id, title="Toen", phase="startfase", code="BCDFGH", version=9
    )
    roles = ["inwoner"] * 4 + ["wijkprofessional"] + ["beleidsambtenaar"] * 5
    people = [person_of.objects.create(session=session, role=role) for role in roles]
    times = {"entered_at": EVENING, "opened_at": EVENING}

    def make_round(number: int, status: str, votes: str) -> Any:
        row = round_of.objects.create(
            session=session, number=number, phase="startfase", node="aanleiding", attempt=number, status=status,
            split=status == "revealed", revealed_at=EVENING if status == "revealed" else None, **times,
        )  # fmt: skip
        for person, letter in zip(people, votes, strict=False):
            answer = {"A": "probleem", "B": "wens"}[letter]
            vote_of.objects.create(round=row, participant=person, role=person.role, answer=answer, cast_at=EVENING)
        return row

    make_round(1, "revealed", "AABBABBBBB")
    hand_of.objects.create(round=make_round(2, "revealed", "A"), role="inwoner", answer="wens", count=6)
    make_round(3, "open", "AAA")


def test_a_meeting_of_the_release_before_keeps_its_results_by_the_rules_of_now(old):
    apps, edition = old
    make_meeting(apps, edition.pk)

    migrate()

    rounds = list(Round.objects.order_by("number"))
    assert rounds[0].result["pools"] == [["wijkprofessional", "beleidsambtenaar"]]
    assert (rounds[1].result["totals"], rounds[1].result["held_back"]) == ([0, 6, 0, 0, 0], 1)
    assert rounds[2].result is None
    kept = GroupSession.objects.get(code="BCDFGH")
    assert kept.acted_at == EVENING
    shown = [attempt.result for attempt in read_summary(kept, BASE).path[0].attempts]
    assert [result and [row.total for row in result.rows] for result in shown] == [
        [3, 7, 0, 0, 0], [0, 6, 0, 0, 0], None,
    ]  # fmt: skip
    assert Vote.objects.filter(participant=None).count() == 0
