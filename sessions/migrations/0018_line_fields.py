"""All that a line of the plan can know, beside its words, who and when."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live_sessions", "0017_next_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="planchange",
            name="doer",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planchange",
            name="follow_up",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planchange",
            name="goal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="live_sessions.planline",
            ),
        ),
        migrations.AddField(
            model_name="planchange",
            name="look_back",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="planchange",
            name="may_name",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="planchange",
            name="money",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="planchange",
            name="money_from",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="planchange",
            name="needs",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planchange",
            name="partners",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planchange",
            name="reply",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planchange",
            name="reply_by",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="planchange",
            name="reply_due",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="planchange",
            name="reply_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="planchange",
            name="reply_words",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planchange",
            name="role",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="planchange",
            name="size",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planchange",
            name="state",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planchange",
            name="term",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planline",
            name="doer",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planline",
            name="follow_up",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planline",
            name="goal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="live_sessions.planline",
            ),
        ),
        migrations.AddField(
            model_name="planline",
            name="is_earlier",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="planline",
            name="look_back",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="planline",
            name="may_name",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="planline",
            name="money",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="planline",
            name="money_from",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="planline",
            name="needs",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planline",
            name="partners",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planline",
            name="rank",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="planline",
            name="reply",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planline",
            name="reply_by",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="planline",
            name="reply_due",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="planline",
            name="reply_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="planline",
            name="reply_words",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="planline",
            name="role",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="planline",
            name="size",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planline",
            name="state",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="planline",
            name="term",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AlterField(
            model_name="planline",
            name="who",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
    ]
