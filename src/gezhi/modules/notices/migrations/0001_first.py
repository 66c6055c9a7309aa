"""First tables of the room notices."""
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.BigIntegerField(null=True)),
                ('organisation', models.BigIntegerField(null=True)),
                ('area', models.BigIntegerField(null=True)),
                ('post', models.CharField(blank=True, default='', max_length=60)),
                ('subject', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=60)),
                ('params', models.JSONField(default=dict)),
                ('dedupe', models.CharField(max_length=200, unique=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['id'], name='notice_unsent'), models.Index(condition=models.Q(('account__isnull', False)), fields=['account', '-id'], name='notice_account'), models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation', 'post', '-id'], name='notice_organisation'), models.Index(condition=models.Q(('area__isnull', False)), fields=['area', 'post', '-id'], name='notice_area'), models.Index(fields=['created_at'], name='notice_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('area', None), ('organisation', None), ('post', '')), models.Q(('account', None), ('area', None), ('organisation__isnull', False)), models.Q(('account', None), ('area__isnull', False), ('organisation', None), models.Q(('post', ''), _negated=True)), _connector='OR'), name='notice_one_recipient')],
            },
        ),
        migrations.CreateModel(
            name='NoticeRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.BigIntegerField()),
                ('read_at', models.DateTimeField()),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reads', to='notices.notice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'notice'), name='notice_read_once')],
            },
        ),
    ]
