"""What a meeting before the last one left folds away: nobody knows yet what of it the group goes on with."""

from django.db import migrations


def fold_lines(apps, schema_editor):
    lines, trajectories = (apps.get_model("live_sessions", name) for name in ("PlanLine", "Trajectory"))
    for trajectory in trajectories.objects.all():
        written = lines.objects.filter(trajectory=trajectory).exclude(texts=[])
        last = written.exclude(session=None).order_by("-session_id").values_list("session_id", flat=True).first()
        lines.objects.filter(trajectory=trajectory, session_id__lt=last or 0).update(is_earlier=True)


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0019_two_hands"),
    ]

    operations = [
        migrations.RunPython(fold_lines, migrations.RunPython.noop),
    ]
