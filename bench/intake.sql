INSERT INTO cases_case (number, query_code, channel, source, source_id, procedure_id, stage, ended, revision, counts,
  facts, klass_id, class_name, words, lon, lat, cell, address, area_id, areas, area_name, reported_by, reported_at,
  due_at, soon, late, exempt, solved_at, matter, history, "limit")
VALUES (left(md5(random()::text || clock_timestamp()), 20), upper(left(md5(random()::text || clock_timestamp()), 12)), 'resident', 'pgbench',
  md5(random()::text || clock_timestamp()), :procedure, 'reported', false, 1, '{}', '{}', :klass, '暴露垃圾', '井盖破损',
  118.8, 32.0, 1, '', :area, ARRAY[1, 2, 3, :area], '街道·社区·网格', 'reporter:case-1', now(), now(), now(), false, false, '', '', false, '')
RETURNING id AS case_id \gset
INSERT INTO cases_clock (case_id, assignment_key, name, "limit", why, started_at, amber_at, due_at, missed, pauses,
  extras, fired)
VALUES (:case_id, '', 'accept', '15 min', 'procedure', now(), now(), now(), false, '[]', '[]', 0);
INSERT INTO ledger_entry (subject, seq, at, kind, by, body, prev, hash)
VALUES ('case:' || :case_id, 1, now(), 'case.reported', 'public', '{"number": "1", "channel": "resident"}', NULL,
  sha256('x'));
