"""Files brought in at the desk, and the rows of them that were not taken."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_open_by_cell'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=100)),
                ('sealed', models.UUIDField(blank=True, null=True)),
                ('kind', models.CharField(max_length=10)),
                ('language', models.CharField(max_length=10)),
                ('columns', models.JSONField(default=list)),
                ('rows', models.IntegerField()),
                ('read', models.IntegerField(default=0)),
                ('created', models.IntegerField(default=0)),
                ('unchanged', models.IntegerField(default=0)),
                ('rejected', models.IntegerField(default=0)),
                ('state', models.CharField(choices=[('checking', 'checking'), ('checked', 'checked'), ('bringing', 'bringing'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='checking', max_length=12)),
                ('message', models.CharField(blank=True, default='', max_length=300)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ImportReject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.IntegerField()),
                ('field', models.CharField(blank=True, default='', max_length=40)),
                ('problem', models.CharField(max_length=300)),
                ('brought', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rejects', to='cases.import')),
            ],
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('read__lte', models.F('rows'))), name='import_read_within'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('created'), '+', models.F('unchanged')), '+', models.F('rejected')))), name='import_counts_add_up'),
        ),
        migrations.AddIndex(
            model_name='importreject',
            index=models.Index(fields=['brought', 'line', 'id'], name='import_reject_line'),
        ),
    ]
