from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0024_plan_links")]

    operations = [
        migrations.AddField(
            model_name="round",
            name="page",
            field=models.JSONField(default=list),
        ),
    ]
