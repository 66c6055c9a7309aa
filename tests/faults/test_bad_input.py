"""What goes wrong around a request or a start: each one clear sentence, and nothing stored half.

What a form itself refuses is tested beside the form (tests/interfaces); here are the whole product over a real
connection, a disk that is full while an upload arrives, a database that is gone, and a city with a mistake in it.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from gezhi.modules.cases.models import Case
from gezhi.modules.files.models import File
from tests.interfaces.visitor import Visitor, as_, hidden, photo, text_of
from tests.lib.product import Product, demo, free_port, gezhi
from tests.privacy.wire import Answer, Wire
from tests.town import EAST, Town, jpeg

PROFILES = Path(__file__).parents[1] / "profiles"
TOWN = ("--profile", "town", "--days", "0")
COUNTED = ("cases_case", "cases_attachment", "files_file", "ledger_entry", "switches_vaultvalue")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The test town as `gezhi demo` runs it."""
    with demo(tmp_path_factory.mktemp("bad"), *TOWN, GEZHI_PROFILE_PATHS=str(PROFILES)) as running:
        yield running


def counts(product: Product) -> dict[str, int]:
    """Rows of the tables that a report writes."""
    with psycopg.connect(product.database) as here:
        return {table: here.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}  # type: ignore[index, arg-type, call-overload]


def report(here: Wire, **given: Any) -> Answer:
    """A report over the wire that would be taken but for what is given."""
    once = here.get("/report").hidden("once")
    place = {"lon": str(EAST[0]), "lat": str(EAST[1])}
    return here.post("/report", {"once": once, "words": "路灯不亮", "name": "试报人", **place, **given})


def upload(size: int = 0, name: str = "photo.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it; padded to `size` bytes."""
    held = jpeg() if content is None else content
    return SimpleUploadedFile(name, held + bytes(max(0, size - len(held))), "image/jpeg")


@pytest.mark.parametrize(
    ("photos", "status", "sentence"),
    [
        ([upload(40 * 1024 * 1024)], 413, "20 MB"),
        ([upload(name=f"{n}.jpg") for n in range(20)], 422, "9 张"),
        ([upload(content="不是照片".encode() * 9)], 422, "不是照片"),
        ([upload(name=f"{n}.jpg") for n in range(60)], 413, "。"),
    ],
    ids=["40 MB", "20 photos", "text", "60 photos"],
)
def test_uploads_over_the_wire(product: Product, photos: list[SimpleUploadedFile], status: int, sentence: str) -> None:
    here = Wire(product.port, "127.0.0.1", "a browser")
    before = counts(product)
    answer = report(here, photos=photos)
    assert answer.status == status, answer.body[:500]
    assert sentence in answer.body
    assert counts(product) == before
    assert report(here, photos=[upload()]).status == 302


def test_a_disk_that_is_full_while_an_upload_arrives(today: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The photo does not even reach the temporary folder."""

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    public = Visitor(today)
    given = {"once": hidden(public.get("/report"), "once"), "words": "x", "photos": [photo()], "lon": "1", "lat": "2"}
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    answer = public.post("/report", given)
    assert answer.status_code == 503
    assert "disk is full" in text_of(answer)
    assert (Case.objects.count(), File.objects.count()) == (0, 0)
    answer = public.client.post("/api/v1/photos", {"photo": photo()})
    assert (answer.status_code, "disk is full" in answer.json()["error"]["sentence"]) == (503, True)


@pytest.fixture
def no_database() -> Iterator[None]:
    """Every statement fails, as when the server is gone."""
    gone = mock.Mock(side_effect=OperationalError("the connection is lost"))
    with mock.patch.object(CursorWrapper, "execute", gone), mock.patch.object(connection, "ensure_connection", gone):
        yield


@pytest.mark.parametrize(
    ("username", "path", "given"),
    [
        ("", "/report", {"once": "0" * 32, "words": "x", "lon": "118.8", "lat": "32.0"}),
        ("", "/follow/rate", {"code": "ABCDEFGH", "number": "1", "move": "rate"}),
        ("", "/accounts/login/", {"login": "acceptor", "password": "x"}),
        ("", "/complaints", {"words": "x", "once": "0" * 32}),
        ("acceptor", "/desk/cases/1/moves/accept", {}),
        ("acceptor", "/desk/notices/read", {}),
        ("system", "/admin/accounts/new", {"username": "x"}),
    ],
)
def test_a_form_sent_while_the_database_is_gone(
    today: Town, request: pytest.FixtureRequest, username: str, path: str, given: dict[str, str]
) -> None:
    visitor = as_(today, username) if username else Visitor(today)
    request.getfixturevalue("no_database")
    answer = visitor.post(path, given)
    assert answer.status_code == 503
    assert "The database does not answer just now" in text_of(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "reports"),
        ("get", "reports/1?code=ABCDEFGH"),
        ("get", "queues"),
        ("get", "classes"),
        ("get", "healthz"),
    ],
)
def test_the_api_while_the_database_is_gone(
    today: Town, request: pytest.FixtureRequest, method: str, path: str
) -> None:
    visitor = as_(today, "acceptor")
    request.getfixturevalue("no_database")
    more = {"data": {"words": "x"}, "content_type": "application/json"} if method == "post" else {}
    answer = getattr(visitor.client, method)(f"/api/v1/{path}", **more)
    assert answer.status_code in {200, 503}
    assert answer.status_code == 503 or path == "classes"  # the catalogue is in memory
    if answer.status_code == 503:
        assert "The database does not answer" in answer.json()["error"]["sentence"]


@pytest.mark.parametrize(
    "words",
    [
        ("import", "cases", "calls.csv", "--mapping", str(PROFILES / "maps" / "messages.yaml")),
        ("ledger", "verify"),
        ("profile", "adopt", "qinhuai"),
    ],
    ids=lambda words: words[0],
)
def test_a_command_while_the_database_is_gone(tmp_path: Path, words: tuple[Any, ...]) -> None:
    secrets = dict.fromkeys(("GEZHI_SECRET_KEY", "GEZHI_VAULT_KEY", "GEZHI_SIGNING_KEY"), "A" * 43 + "=")
    url = f"postgresql://gezhi@127.0.0.1:{free_port()}/gezhi"
    (tmp_path / "calls.csv").write_text("text,label\n路灯不亮,1\n")
    words = tuple(str(tmp_path / word) if word == "calls.csv" else word for word in words)
    done = gezhi(*words, GEZHI_DATA=str(tmp_path), GEZHI_DATABASE_URL=url, **secrets)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database does not answer")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_city_with_a_typo_is_named_and_comes_to_life_once_it_is_mended(tmp_path: Path) -> None:
    shutil.copytree(PROFILES / "town", tmp_path / "profiles" / "town")
    people = tmp_path / "profiles" / "town" / "people.yaml"
    sound = people.read_text()
    people.write_text(sound.replace("post: dispatcher", "post: dispatchr"))
    paths = {"GEZHI_PROFILE_PATHS": str(tmp_path / "profiles")}
    port = str(free_port())
    done = gezhi("demo", *TOWN, "--port", port, "--data", tmp_path / "data", **paths)
    assert done.returncode in {1, 2}
    told = done.stderr.strip().splitlines()
    assert len(told) == 1
    assert "people.yaml" in told[0]
    assert "dispatchr" in told[0]
    people.write_text(sound)
    with demo(tmp_path / "data", *TOWN, **paths) as running:
        assert Wire(running.port, "127.0.0.1", "a browser").get("/report").status == 200
