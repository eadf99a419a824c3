"""Lines of the plan go to the trajectory of their meeting, and practices to one of their own."""

from django.db import migrations


def move_practices(apps, schema_editor):
    """A practice joined the trajectory of its buurt, with its lines in the same plan."""
    sessions, trajectories = (apps.get_model("live_sessions", name) for name in ("GroupSession", "Trajectory"))
    for session in sessions.objects.filter(is_practice=True).select_related("trajectory"):
        shared = session.trajectory
        session.trajectory = trajectories.objects.create(
            team_id=shared.team_id,
            buurt=shared.buurt,
            is_practice=True,
            # The revision of what its screens show may not drop.
            plan_revision=shared.plan_revision,
        )
        session.save(update_fields=["trajectory"])
        if not shared.sessions.exists():
            shared.delete()


def move_lines(apps, schema_editor):
    """Each line hangs on the trajectory of its meeting, and its history begins with what it holds."""
    lines, changes = (apps.get_model("live_sessions", name) for name in ("PlanLine", "PlanChange"))
    for line in lines.objects.select_related("session"):
        line.trajectory_id = line.session.trajectory_id
        lines.objects.filter(pk=line.pk).update(trajectory=line.trajectory_id)  # without touching `changed_at`
        if any(line.texts) or line.struck:
            held = {"texts": line.texts, "who": line.who, "due": line.due, "struck": line.struck}
            changes.objects.create(line=line, at=line.changed_at, **held)


def join_practices(apps, schema_editor):
    """Back: the release before knows one trajectory of a name in a team, and no line without a meeting."""
    sessions, trajectories, lines = (
        apps.get_model("live_sessions", name) for name in ("GroupSession", "Trajectory", "PlanLine")
    )
    lines.objects.filter(session=None).delete()
    for own in trajectories.objects.filter(is_practice=True):
        shared, _ = trajectories.objects.get_or_create(team_id=own.team_id, buurt=own.buurt, is_practice=False)
        sessions.objects.filter(trajectory=own).update(trajectory=shared)
        lines.objects.filter(trajectory=own).update(trajectory=shared)
        own.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0012_trajectory_plan"),
    ]

    operations = [
        migrations.RunPython(move_practices, join_practices),
        migrations.RunPython(move_lines, migrations.RunPython.noop),
    ]
