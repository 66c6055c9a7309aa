"""First tables of the room switches."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PersonKey',
            fields=[
                ('ref', models.UUIDField(primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField()),
                ('kept_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ProfileInForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=400)),
                ('data', models.CharField(blank=True, default='', max_length=400)),
                ('digest', models.CharField(max_length=64)),
                ('adopted_at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, unique=True)),
                ('days', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 36525)), name='retention_sensible')],
            },
        ),
        migrations.CreateModel(
            name='ScenarioSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('legal_basis', models.CharField(max_length=500)),
                ('purpose', models.CharField(max_length=500)),
                ('asked_by', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('approver', models.BigIntegerField(null=True)),
                ('approved', models.BooleanField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, default='', max_length=80)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('approver', None), models.Q(('approver', models.F('asked_by')), _negated=True), _connector='OR'), name='switch_two_hands'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('asked_at'))), name='switch_expires_later'), models.CheckConstraint(condition=models.Q(models.Q(('approved', None), ('approver', None), ('decided_at', None)), models.Q(('approved__isnull', False), ('approver__isnull', False), ('decided_at__isnull', False)), _connector='OR'), name='switch_decided_whole'), models.CheckConstraint(condition=models.Q(models.Q(('legal_basis', ''), _negated=True), models.Q(('purpose', ''), _negated=True)), name='switch_founded'), models.UniqueConstraint(condition=models.Q(('approved', True), ('ended_at', None)), fields=('key',), name='switch_one_at_a_time'), models.UniqueConstraint(condition=models.Q(('approved', None), ('ended_at', None)), fields=('key',), name='switch_one_request')],
            },
        ),
        migrations.CreateModel(
            name='VaultValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=20)),
                ('nonce', models.BinaryField()),
                ('ciphertext', models.BinaryField()),
                ('blind', models.BinaryField()),
                ('purpose', models.CharField(max_length=40)),
                ('kept_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='switches.personkey')),
            ],
            options={
                'indexes': [models.Index(fields=['blind'], name='vault_blind'), models.Index(fields=['expires_at'], name='vault_expiry'), models.Index(fields=['purpose', 'expires_at'], name='vault_purpose')],
                'constraints': [models.UniqueConstraint(fields=('person', 'field'), name='vault_one_value')],
            },
        ),
    ]
