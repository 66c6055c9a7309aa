"""First tables of the room people."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True)),
                ('display_name', models.CharField(max_length=60)),
                ('invented', models.BooleanField(default=False)),
                ('active', models.BooleanField(default=True)),
                ('administration', models.CharField(blank=True, choices=[('', 'none'), ('system', 'system administrator'), ('security', 'security administrator'), ('audit', 'audit administrator')], default='', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('must_change_password', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('username', django.db.models.functions.text.Lower(models.F('username')))), name='account_username_lower'), models.CheckConstraint(condition=models.Q(models.Q(('username', ''), _negated=True), models.Q(('display_name', ''), _negated=True)), name='account_named'), models.CheckConstraint(condition=models.Q(('administration__in', ['', 'system', 'security', 'audit'])), name='account_administration_known')],
            },
        ),
        migrations.CreateModel(
            name='PostKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, default='', max_length=120)),
                ('scope', models.CharField(max_length=20)),
                ('single', models.BooleanField(default=False)),
                ('capabilities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('key', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='post_kind_named')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, default='', max_length=160)),
                ('kind', models.CharField(max_length=40)),
                ('source_systems', models.JSONField(blank=True, default=list)),
                ('invented', models.BooleanField(default=False)),
                ('active', models.BooleanField(default=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='organisation_not_own_parent'), models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='organisation_named')],
            },
        ),
    ]
