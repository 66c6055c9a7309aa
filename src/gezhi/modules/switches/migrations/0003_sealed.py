"""Files full of personal values, kept sealed while they are worked on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('switches', '0002_calendar'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedFile',
            fields=[
                ('ref', models.UUIDField(primary_key=True, serialize=False)),
                ('wrapped', models.BinaryField()),
                ('kept_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at'], name='sealed_expiry')],
            },
        ),
        migrations.CreateModel(
            name='SealedPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('ciphertext', models.BinaryField()),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='switches.sealedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='sealed_part_once')],
            },
        ),
    ]
