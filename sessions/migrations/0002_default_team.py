from django.db import migrations

DEFAULT_TEAM = "Ons team"


def make_default_team(apps, schema_editor):
    apps.get_model("live_sessions", "Team").objects.get_or_create(name=DEFAULT_TEAM)


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0001_rooms")]

    operations = [migrations.RunPython(make_default_team, migrations.RunPython.noop)]
