from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live_sessions', '0002_default_team'),
    ]

    operations = [
        migrations.AlterField(
            model_name='groupsession',
            name='screen',
            field=models.CharField(default='walk', max_length=100),
        ),
    ]
