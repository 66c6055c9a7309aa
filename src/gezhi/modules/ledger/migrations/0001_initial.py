"""The ledger's tables: a month a partition, no way to change or remove an entry."""

from django.db import migrations, models

CREATE = """
CREATE TABLE ledger_entry (
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject varchar(80) NOT NULL,
    seq integer NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    kind varchar(60) NOT NULL,
    by varchar(80) NOT NULL,
    body jsonb NOT NULL,
    prev bytea CHECK ((seq = 1) = (prev IS NULL)),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (subject, seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX ledger_entry_id ON ledger_entry (id);
CREATE TABLE ledger_entry_rest PARTITION OF ledger_entry DEFAULT;

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_entry_fixed BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_entry_kept BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_entry_rest_kept BEFORE TRUNCATE ON ledger_entry_rest
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE FUNCTION ledger_month(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', day)::date;
    name text := 'ledger_entry_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger_month'));
    IF to_regclass(name) IS NOT NULL THEN RETURN false; END IF;
    IF EXISTS (SELECT 1 FROM ledger_entry_rest
               WHERE at >= first::timestamp AT TIME ZONE 'UTC'
                 AND at < (first + interval '1 month') AT TIME ZONE 'UTC') THEN RETURN false; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger_entry FOR VALUES FROM (%L) TO (%L)', name,
        to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(first + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
    EXECUTE format('CREATE TRIGGER kept BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()',
        name);
    RETURN true;
END $$;
"""

FIX_ROOTS = """
CREATE TRIGGER ledger_root_fixed BEFORE UPDATE OR DELETE ON ledger_root
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_root_kept BEFORE TRUNCATE ON ledger_root
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            CREATE,
            "DROP TABLE ledger_entry; DROP FUNCTION ledger_refuse CASCADE; DROP FUNCTION ledger_month",
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("pk", models.CompositePrimaryKey("subject", "seq", "at")),
                        ("id", models.BigIntegerField(db_default=models.Value(0), editable=False)),
                        ("subject", models.CharField(max_length=80)),
                        ("seq", models.IntegerField()),
                        ("at", models.DateTimeField()),
                        ("kind", models.CharField(max_length=60)),
                        ("by", models.CharField(max_length=80)),
                        ("body", models.JSONField()),
                        ("prev", models.BinaryField(null=True)),
                        ("hash", models.BinaryField()),
                    ],
                    options={"db_table": "ledger_entry", "managed": False},
                )
            ],
        ),
        migrations.CreateModel(
            name="Root",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField(unique=True)),
                ("count", models.IntegerField()),
                ("root", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("public_key", models.BinaryField()),
            ],
            options={
                "ordering": ["last_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(last_id__gte=models.F("first_id")), name="root_range_forward"
                    )
                ],
            },
        ),
        migrations.RunSQL(FIX_ROOTS, migrations.RunSQL.noop),
    ]
