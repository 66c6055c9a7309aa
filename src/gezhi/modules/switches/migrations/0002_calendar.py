"""The working calendar is changed in the product, day by day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('switches', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=10)),
                ('shifts', models.CharField(blank=True, default='', max_length=200)),
                ('why', models.CharField(blank=True, default='', max_length=200)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['day', '-id'], name='calendar_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['off', 'working', 'usual'])), name='calendar_day_kind'), models.CheckConstraint(condition=models.Q(('shifts', ''), ('kind', 'working'), _connector='OR'), name='calendar_shifts_of_work')],
            },
        ),
    ]
