"""Catalogues change in the product: drafts, and what a version descends from; classes say who supervises."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standard', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('rows', models.JSONField()),
                ('origin', models.CharField(max_length=20)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='catalogue',
            name='profile_digest',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='class',
            name='basis',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='class',
            name='grid',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='class',
            name='local',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='class',
            name='supervisor_kind',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddIndex(
            model_name='class',
            index=models.Index(fields=['key'], name='class_by_key'),
        ),
        migrations.AddConstraint(
            model_name='class',
            constraint=models.CheckConstraint(condition=models.Q(('supervisor_kind', ''), models.Q(('supervisor_kind', models.F('unit_kind')), _negated=True), _connector='OR'), name='class_two_hands'),
        ),
    ]
