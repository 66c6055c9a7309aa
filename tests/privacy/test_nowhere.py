"""Distinctive personal values through every door of the running product; afterwards only the vault has them."""

from __future__ import annotations

import base64
import csv
import io
import json
import mmap
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gezhi.lib.postgres import binaries
from tests.lib.product import Product, demo, gezhi
from tests.privacy.wire import Answer, Wire
from tests.town import EAST

NAME, AUTHOR = "欧阳鹤鸣", "司徒墨白"
PHONE, SECOND, THIRD, LANDLINE = "13987650413", "18612340977", "15511220933", "025-84467731"
SPACED = "186 1234 0977"
WIDE = "１５５１１２２０９３３"  # THIRD, typed with a Chinese keyboard's wide digits
IDENTITY = "320104198807154612"
EMAIL = "heming.ouyang@mail.example.net"
ADDRESS, AGENT = "127.0.71.93", "OuyangPhone/7.1.93"
VALUES = (NAME, AUTHOR, PHONE, SECOND, SPACED, THIRD, WIDE, LANDLINE, IDENTITY, EMAIL, ADDRESS, AGENT)
WORDS = f"楼道灯坏了，请打{PHONE}或{SPACED}找我，座机{LANDLINE}，身份证{IDENTITY}，邮箱{EMAIL}，也可{WIDE}。"
PROFILES = str(Path(__file__).parents[1] / "profiles")
MAP = """\
source: privacy
title: {zh: 隐私测试, en: Privacy}
as: new
zone: Asia/Shanghai
fields:
  source_id: {column: id}
  reported_at: {import_time: true}
  words: {column: words}
  channel: {constant: hotline}
  reporter:
    name: {column: name}
    phone: {column: phone}
"""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The test town as `gezhi demo` runs it, without a past."""
    folder = tmp_path_factory.mktemp("privacy")
    with demo(folder, "--profile", "town", "--days", "0", GEZHI_PROFILE_PATHS=PROFILES) as running:
        yield running


def photo() -> SimpleUploadedFile:
    """A photo whose camera wrote down whose it is; its file is named after them, too."""
    inside = Image.Exif()
    inside[0x013B], inside[0x8298] = AUTHOR, f"{AUTHOR} {EMAIL}"
    held = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 90)).save(held, "JPEG", exif=inside, comment=AUTHOR.encode())
    return SimpleUploadedFile(f"{NAME}-{PHONE}.jpg", held.getvalue(), "image/jpeg")


def wire(product: Product) -> Wire:
    """Somebody at the distinctive address."""
    return Wire(product.port, ADDRESS, AGENT)


def report(here: Wire, **changes: object) -> Answer:
    """A report by the portal's form, with everything somebody may tell about themselves."""
    once = here.get("/report").hidden("once")
    place = {"lon": str(EAST[0]), "lat": str(EAST[1]), "place_address": f"一号楼 {NAME[0]}家 {PHONE}"}
    given = {"once": once, "words": WORDS, "name": NAME, "phone": PHONE, "photos": [photo()], **place}
    return here.post("/report", given | changes)


def resident(product: Product) -> tuple[str, str]:
    """Report, be refused, follow with odd queries; the number and the code."""
    here = wire(product)
    taken = report(here)
    assert taken.status == 302, taken.body
    number, _query, code = taken.location.removeprefix("/receipt/").partition("?code=")
    assert here.get(taken.location).status == 200
    for refused in (
        report(here, lon="0", lat="0"),
        report(here, words="", photos=[], name=NAME * 40),
        report(here, once=PHONE),
        report(here, phone=f"{PHONE} {EMAIL} {IDENTITY}"),
        report(here, **{"class": NAME}),
    ):
        assert 400 <= refused.status < 500, refused.body
    for path in (f"/follow?code={code}&number={PHONE}", f"/follow?code={NAME}&x={EMAIL}", f"/{NAME}/{PHONE}?{EMAIL}"):
        assert here.get(path).status == 404
    here.post("/complaints", {"words": WORDS, "name": NAME, "phone": PHONE, "once": "0" * 32})
    return number, code


def program(product: Product) -> None:
    """The same by the API, taken and refused."""
    here = wire(product)
    whole = {"words": WORDS, "place": {"lon": EAST[0], "lat": EAST[1], "address": PHONE}}
    told = {"reporter": {"name": NAME, "phone": PHONE}}
    assert here.json("/api/v1/reports", whole | told).status == 201
    for refused in (
        whole | told | {"source_id": PHONE},
        whole | {"reporter": {"name": NAME, "phone": PHONE, "email": EMAIL}},
        whole | {"class": NAME, "reporter": {"name": NAME}},
        whole | {"channel": EMAIL},
        f'{{"words": "{WORDS}", "reporter": {{"name": "{NAME}"',
    ):
        assert here.json("/api/v1/reports", refused).status in {400, 403, 422}
    assert here.get(f"/api/v1/reports/{PHONE}?code={NAME}").status in {404, 422}
    assert here.send("GET", "/api/v1/queues", Authorization=f"Bearer {EMAIL}").status == 401


def staff(product: Product, number: str) -> None:
    """Sign in wrongly and rightly, look the reporter up, reveal, write the values into moves, search for them."""
    here = wire(product)
    here.get("/accounts/login/")
    for username, password in ((PHONE, NAME), (NAME, PHONE), ("acceptor", PHONE), (EMAIL, EMAIL)):
        assert here.post("/accounts/login/", {"login": username, "password": password}).status in {200, 429}
    username, password = product.logins["受理员"]
    assert here.post("/accounts/login/", {"login": username, "password": password}).status == 302
    page = here.get(f"/desk/cases/{number}")
    for value in VALUES[:9]:
        assert value not in page.body
    given = {"field": "phone", "why": reason(page), "words": "回电核实"}
    assert PHONE in here.post(f"/desk/cases/{number}/reveal", given).body
    assert here.post(f"/desk/cases/{number}/reveal", given | {"words": f"找{NAME} {PHONE}"}).status == 422
    assert here.post(f"/desk/cases/{number}/moves/{NAME}", {}).status in {404, 409, 422}
    assert here.post(f"/desk/cases/{number}/moves/accept", {}).status == 302
    reject = {"reason": "duplicate", "words": f"已联系 {PHONE}，{EMAIL}，{IDENTITY}"}
    assert here.post(f"/desk/cases/{number}/moves/reject", {"reason": PHONE, "words": reject["words"]}).status == 422
    for query in (f"q={PHONE}", f"q={NAME}", f"class={NAME}", f"area={PHONE}", f"after={EMAIL}"):
        assert here.get(f"/desk/cases?{query}").status in {200, 422}
    words = here.post(f"/desk/cases/{number}/moves/ask_to_verify", {"words": reject["words"]})
    assert words.status == 302


def reason(page: Answer) -> str:
    """The first reason the form of revealing offers."""
    form = page.body[page.body.index('id="reveal"') :]
    start = form.index('name="why" value="') + len('name="why" value="')
    return form[start : form.index('"', start)]


def hotline(product: Product, folder: Path) -> None:
    """An import with reporters, of whom some cannot be taken."""
    (folder / "map.yaml").write_text(MAP)
    with (folder / "calls.csv").open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "words", "name", "phone"])
        writer.writerow(["1", WORDS, NAME, PHONE])
        writer.writerow(["2", WORDS, NAME * 60, PHONE])
        writer.writerow(["3", "", NAME, f"{PHONE} {EMAIL}"])
    done = gezhi(
        "import", "cases", folder / "calls.csv", "--mapping", folder / "map.yaml", "--rejects", folder / "rejects.csv",
        GEZHI_DATA=str(product.folder), GEZHI_PROFILE_PATHS=PROFILES,
    )  # fmt: skip
    (product.folder / "logs" / "import.log").write_text(done.stdout + done.stderr)
    assert json.loads(done.stdout.splitlines()[-1])["created"] >= 1, done.stderr


def without_database(product: Product) -> None:
    """A report while the database is killed: refused with a sentence, or taken whole."""
    here = wire(product)
    once = here.get("/report").hidden("once")
    product.kill("postgres")
    given = {"once": once, "words": WORDS, "name": NAME, "phone": PHONE, "lon": str(EAST[0]), "lat": str(EAST[1])}
    assert here.post("/report", given).status in {302, 503}
    product.until_well()


def until_quiet(product: Product) -> None:
    """Wait until no job is left to do."""
    end = time.monotonic() + 60
    with psycopg.connect(product.database, autocommit=True) as connection:
        while connection.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') LIMIT 1"
        ).fetchone():
            if time.monotonic() > end:
                return
            time.sleep(0.2)


def shapes(value: str) -> dict[str, bytes]:
    """A value as it may stand somewhere: plain, in JSON, in a URL, in hex, in base64."""
    plain = value.encode()
    escaped = {} if value.isascii() else {f"{value} escaped": json.dumps(value)[1:-1].encode()}
    return {
        value: plain,
        **escaped,
        f"{value} in hex": plain.hex().encode(),
        f"{value} in base64": base64.b64encode(plain).rstrip(b"=")[:-1],
        f"{value} in a URL": "".join(f"%{byte:02X}" for byte in plain).encode(),
    }


def found_in(content: bytes | mmap.mmap) -> list[str]:
    """Which of the values stand in this content, and after what."""
    found = []
    for value in VALUES:
        for shape, sought in shapes(value).items():
            if (at := content.find(sought)) >= 0:
                found.append(f"{shape} after {content[max(0, at - 120) : at].decode('utf-8', 'replace')!r}")
    return found


def dump(product: Product) -> bytes:
    """The whole database as text."""
    done = subprocess.run([binaries() / "pg_dump", "--inserts", product.database], capture_output=True, check=True)
    return done.stdout


def sessions(product: Product) -> bytes:
    """What sessions hold, decoded."""
    secret = json.loads((product.folder / "secrets.json").read_text())["GEZHI_SECRET_KEY"]
    with psycopg.connect(product.database) as connection:
        rows = connection.execute("SELECT session_data FROM django_session").fetchall()
    salt = "django.contrib.sessions.SessionStore"
    held = [signing.loads(row[0], key=secret, salt=salt) for row in rows]
    return json.dumps(held, ensure_ascii=False).encode()


def test_personal_values_are_nowhere_but_in_the_vault(product: Product, tmp_path: Path) -> None:
    number, code = resident(product)
    program(product)
    staff(product, number)
    hotline(product, tmp_path)
    here = wire(product)
    rating = {"code": code, "number": number, "move": "rate", "grade": "5", "words": WORDS}
    assert here.post("/follow/rate", rating).status in {403, 409, 422}
    without_database(product)
    until_quiet(product)
    places = {"dump of the database": found_in(dump(product)), "sessions": found_in(sessions(product))}
    with psycopg.connect(product.database, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        kept = connection.execute("SELECT count(*) FROM switches_vaultvalue").fetchone()
    assert kept is not None
    assert kept[0] >= 8, "the vault has the values"
    for path in sorted(p for p in product.folder.rglob("*") if p.is_file() and p.stat().st_size):
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            places[str(path.relative_to(product.folder))] = found_in(content)
    assert "logs/web.log" in places
    assert "logs/postgres.log" in places
    assert [f"{place}: {one}" for place, found in places.items() for one in found] == []
