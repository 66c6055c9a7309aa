"""Who has a case open just now: an unlogged table, empty after a crash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_search")]
    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_key", models.BigIntegerField()),
                ("account", models.BigIntegerField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case_key", "account"), name="presence_once")],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE cases_presence SET UNLOGGED", reverse_sql="ALTER TABLE cases_presence SET LOGGED"
        ),
    ]
