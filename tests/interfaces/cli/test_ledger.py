"""`gezhi ledger verify`: an untouched ledger holds; every way of touching it shows, in the database and in dumps."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from gezhi.engines import chain
from gezhi.lib.postgres import FAST, binaries
from gezhi.modules.ledger import operations
from tests import town as towns
from tests.interfaces.cli.importing_world import Ran, run
from tests.lib.deployment import deployed
from tests.lib.product import gezhi
from tests.town import Town

Lines = list[dict[str, Any]]


@pytest.fixture
def lived(db: None) -> Town:
    """A town where one case was closed and another withdrawn, its ledger sealed."""
    town = towns.install()
    town.until("closed")
    town.report()
    seal()
    return town


def seal(key: bytes | None = None) -> None:
    """Sign what is not signed yet."""
    operations.seal(now=timezone.now(), private_key=key or base64.b64decode(settings.GEZHI_SIGNING_KEY))


def touch(sql: str, *values: object) -> None:
    """What only somebody with the database's own powers can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        assert cursor.rowcount > 0
        cursor.execute("SET session_replication_role = origin")


def faults(ran: Ran) -> set[str]:
    """The kinds of what is broken."""
    return {one["fault"] for one in ran.told["broken"]}


def test_the_ledger_played_again_leads_to_the_tables(lived: Town) -> None:
    ran = run("ledger", "replay")
    assert (ran.code, ran.told) == (0, {"cases": 2, "different": []})
    touch("UPDATE cases_case SET stage = 'void' WHERE stage = 'closed'")
    touch("DELETE FROM cases_hand WHERE duty = 'close'")
    ran = run("ledger", "replay")
    assert ran.code == 1
    assert [(one["what"], one["rows"][:4]) for one in ran.told["different"]] == [("stage", "void"), ("hands", "{'ac")]
    number = ran.told["different"][0]["number"]
    assert run("ledger", "replay", number).told["cases"] == 1


def test_an_untouched_ledger_holds(lived: Town) -> None:
    ran = run("ledger", "verify")
    assert ran.code == 0
    assert set(ran.told) == {"entries", "subjects", "broken"}
    assert ran.told["broken"] == []
    assert ran.told["entries"] > ran.told["subjects"] > 2


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE ledger_entry SET by = 'account:7' WHERE kind = 'case.moved' AND seq = 3", "changed"),
        (
            "UPDATE ledger_entry SET body = body || '{\"to\": \"void\"}' WHERE kind = 'case.moved'",
            "changed",
        ),
        ("DELETE FROM ledger_entry WHERE kind = 'case.moved' AND seq = 4", "missing"),
        ("DELETE FROM ledger_entry WHERE kind = 'case.reported'", "count"),
        ("DELETE FROM ledger_entry e USING (SELECT max(id) AS id FROM ledger_entry) m WHERE e.id = m.id", "count"),
        ("UPDATE ledger_root SET count = count - 1", "signature"),
        ("UPDATE ledger_root SET root = sha256('x')", "signature"),
    ],
)
def test_whatever_is_touched_shows(lived: Town, sql: str, fault: str) -> None:
    touch(sql)
    ran = run("ledger", "verify")
    assert ran.code == 1
    assert fault in faults(ran)


def test_a_root_signed_by_another_key_shows(db: None) -> None:
    towns.install()
    key = chain.new_key()
    seal(key)
    assert faults(run("ledger", "verify")) == {"key"}
    assert run("ledger", "verify", "--key", chain.public_key(key).hex()).code == 0


def test_an_export_proves_itself_without_database_or_settings(lived: Town, tmp_path: Path) -> None:
    whole = run("ledger", "verify").told
    for name in ("ledger.jsonl", "ledger.jsonl.gz"):
        assert run("ledger", "export", tmp_path / name).told == {"entries": whole["entries"]}
        alone = gezhi("ledger", "verify", tmp_path / name)
        assert (alone.returncode, json.loads(alone.stdout)) == (0, whole)
        assert "signed by" in alone.stderr


def _cut(lines: Lines) -> Lines:
    return [one for one in lines if one.get("entry", {}).get("kind") != "case.reported"]


def _forge(lines: Lines) -> Lines:
    lines[5]["entry"]["body"] = {"forged": True}
    return lines


@pytest.mark.parametrize(("change", "fault"), [(_cut, "count"), (_forge, "changed")])
def test_a_changed_export_shows(lived: Town, tmp_path: Path, change: Callable[[Lines], Lines], fault: str) -> None:
    path = tmp_path / "ledger.jsonl"
    run("ledger", "export", path)
    changed = change([json.loads(line) for line in path.read_text("utf-8").splitlines()])
    path.write_text("".join(json.dumps(one) + "\n" for one in changed), "utf-8")
    ran = run("ledger", "verify", path)
    assert ran.code == 1
    assert fault in faults(ran)


def test_a_plain_pg_dump_proves_itself(tmp_path: Path) -> None:
    with deployed(tmp_path / "deployment", options=FAST) as town:
        town.run("gezhi.interfaces.cli.main", "ledger", "seal")
        whole = json.loads(town.run("gezhi.interfaces.cli.main", "ledger", "verify"))
        assert whole["broken"] == []
        for form, name in (("plain", "dump.sql"), ("custom", "dump.bin")):
            dump = [binaries() / "pg_dump", f"--dbname={town.url}", f"--format={form}", f"--file={tmp_path / name}"]
            subprocess.run([str(word) for word in dump], check=True)
    alone = gezhi("ledger", "verify", tmp_path / "dump.sql")
    assert (alone.returncode, json.loads(alone.stdout)) == (0, whole)
    spoiled = (tmp_path / "dump.sql").read_text("utf-8").replace("profile.adopted", "profile.dropped")
    (tmp_path / "spoiled.sql.gz").write_bytes(gzip.compress(spoiled.encode()))
    broken = json.loads(gezhi("ledger", "verify", tmp_path / "spoiled.sql.gz").stdout)["broken"]
    assert "changed" in {one["fault"] for one in broken}
    refused = gezhi("ledger", "verify", tmp_path / "dump.bin")
    assert refused.returncode == 2
    assert "plain" in refused.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no ledger"),
        (b"hello", "holds no ledger"),
        (b'{"gezhi": "ledger", "version": 9}\n', "another version"),
        (b'{"gezhi": "ledger", "version": 1}\n{"entry": {"id": 1}}\n', "Line 2"),
        (b"\x1f\x8bxxxx", "cannot be read"),
        (b"\xff\xfe\xff", "cannot be read"),
        (b"COPY public.ledger_entry_rest (id, subject) FROM stdin;\nx\n\\.\n", "Line 2"),
    ],
)
def test_a_dump_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "dump"
    path.write_bytes(content)
    ran = run("ledger", "verify", path)
    assert ran.code == 2
    assert told in ran.err


def test_no_dump_there_and_no_key_are_sentences(tmp_path: Path) -> None:
    assert "no file" in run("ledger", "verify", tmp_path / "none").err
    assert "not a public key" in run("ledger", "verify", "--key", "abc").err
