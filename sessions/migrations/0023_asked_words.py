from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0022_line_forms")]

    operations = [
        migrations.AddField(
            model_name="round",
            name="asked",
            field=models.TextField(blank=True, default=""),
        ),
    ]
