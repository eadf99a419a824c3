import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0027_offers")]

    operations = [
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.DecimalField(decimal_places=2, max_digits=9)),
                ("unit", models.CharField(blank=True, default="", max_length=30)),
                ("day", models.DateField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measurements",
                        to="live_sessions.planline",
                    ),
                ),
            ],
            options={
                "ordering": ("day", "pk"),
                "constraints": [models.UniqueConstraint(fields=("line", "day"), name="one_measurement_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Tale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300)),
                ("day", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tales", to="live_sessions.planline"
                    ),
                ),
            ],
            options={"ordering": ("day", "pk")},
        ),
    ]
