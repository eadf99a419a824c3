import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0026_proposals")]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=64)),
                ("helps", models.JSONField(default=list)),
                ("name", models.CharField(blank=True, default="", max_length=40)),
                ("made_on", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="live_sessions.planline"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [models.UniqueConstraint(fields=("line", "owner"), name="one_offer_per_phone")],
            },
        ),
    ]
