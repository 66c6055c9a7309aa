"""Photos: what is kept is a clean picture and nothing else, once, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from gezhi.lib.actor import Actor
from gezhi.lib.errors import BadInput, NotThere, TooLarge, Unavailable
from gezhi.modules.files import disk, images, operations, policies, queries
from gezhi.modules.files.models import File
from gezhi.modules.ledger.models import Entry

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = Actor("account:3", 3)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.GEZHI_FILES = tmp_path / "files"  # type: ignore[attr-defined]
    return tmp_path / "files"


def photo(form: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "teal", **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **save)
    return out.getvalue()


def located() -> bytes:
    """A phone's photo: held upright, with the place it was taken and the owner's name."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x013B] = "Zhang Xiaofeng"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 2.0, 30.0), 3: "E", 4: (118.0, 47.0, 30.0)})
    return photo(exif=exif, comment=b"secret comment")


def store(raw: bytes) -> queries.StoredFile:
    return operations.store(stream=io.BytesIO(raw), by=BY, now=NOW)


def lying(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_form_becomes_a_jpeg_by_its_own_sum(form: str, folder: Path) -> None:
    stored = store(photo(form))
    with queries.open_content(stored) as content:
        raw = content.read()
    assert hashlib.sha256(raw).hexdigest() == stored.sha256
    assert (stored.kind, stored.width, stored.height, stored.size) == ("image/jpeg", 640, 480, len(raw))
    assert lying(folder)[1] == folder / stored.sha256[:2] / stored.sha256[2:4] / f"{stored.sha256}.jpg"
    with queries.open_content(stored, thumbnail=True) as small, Image.open(small) as shown:
        assert shown.size == (320, 240)


def test_place_name_and_comment_are_gone_and_the_picture_stands_upright() -> None:
    raw = located()
    assert b"Zhang Xiaofeng" in raw
    stored = store(raw)
    assert (stored.width, stored.height) == (480, 640)
    for thumbnail in (False, True):
        with queries.open_content(stored, thumbnail=thumbnail) as content:
            kept = content.read()
        assert b"Zhang" not in kept
        assert b"Exif" not in kept
        assert b"secret" not in kept
        with Image.open(io.BytesIO(kept)) as shown:
            assert not shown.getexif()
            assert not {"icc_profile", "comment", "exif"} & set(shown.info)


def test_transparent_and_odd_modes_become_plain(folder: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(out, "PNG")
    with queries.open_content(store(out.getvalue())) as content, Image.open(content) as shown:
        assert shown.getpixel((20, 20)) == (255, 255, 255)
    for mode in ("1", "L", "P", "I;16", "CMYK"):
        out = io.BytesIO()
        Image.new(mode, (40, 40)).save(out, "JPEG" if mode == "CMYK" else "PNG")
        assert store(out.getvalue()).width == 40


def test_large_photos_are_scaled_down() -> None:
    stored = store(photo(size=(5200, 2600)))
    assert (stored.width, stored.height) == (images.LONG_EDGE, images.LONG_EDGE // 2)


def test_equal_photos_are_kept_once(folder: Path) -> None:
    first = store(photo())
    assert store(photo()) == first
    assert File.objects.count() == 1
    assert len(lying(folder)) == 2
    assert Entry.objects.filter(subject=f"file:{first.sha256}").count() == 1


@pytest.mark.parametrize(
    ("raw", "said"),
    [(b"", "empty"), (b"just some text\n" * 100, "not a photo"), (b"GIF89a" + bytes(100), "not a photo"),
     (b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"), (photo()[:2000], "damaged"), (photo("PNG")[:300], "damaged"),
     (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a photo"), (b"%PDF-1.7", "not a photo")],
)  # fmt: skip
def test_what_is_no_photo_is_refused_with_a_sentence(raw: bytes, said: str, folder: Path) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        store(raw)
    assert refused.value.field == "photos"
    assert not lying(folder)
    assert not File.objects.exists()


def test_more_than_20_mb_is_not_even_read() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return bytes(size)

    stream = Endless()
    with pytest.raises(TooLarge, match="20 MB"):
        operations.prepare(stream=stream)  # type: ignore[arg-type]
    assert stream.given <= policies.MOST_BYTES + 1_000_000


@pytest.mark.parametrize("size", [(8000, 8000), (20_000, 20_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    with pytest.raises(TooLarge, match="pixels"):
        store(out.getvalue())


def test_at_most_nine_at_a_time() -> None:
    streams = [io.BytesIO(photo(size=(20 + i, 20))) for i in range(10)]
    with pytest.raises(BadInput, match="At most 9"):
        operations.prepare_many(streams=streams)
    nine = operations.record_many(prepared=operations.prepare_many(streams=streams[:9]), by=BY, now=NOW)
    assert [one.width for one in nine] == list(range(20, 29))


@pytest.mark.parametrize("failing", ["write", "replace", "mkstemp"])
def test_a_full_disk_stores_nothing_half(failing: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = {"write": (os, "fsync"), "replace": (os, "replace"), "mkstemp": (disk.tempfile, "mkstemp")}[failing]
    monkeypatch.setattr(*target, full)
    with pytest.raises(Unavailable, match="disk is full"):
        store(photo())
    assert not lying(folder)
    assert not File.objects.exists()


def test_a_disk_that_fills_between_the_two_files_keeps_neither(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.replace, []

    def second_fails(source: str, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", second_fails)
    with pytest.raises(Unavailable):
        store(photo())
    assert lying(folder) == []


def test_sweeping_takes_what_no_row_names_once_it_is_old(folder: Path) -> None:
    kept, lost = store(photo()), store(photo(colour="red"))
    File.objects.filter(id=lost.id).delete()  # what a rolled-back transaction leaves behind
    partial = disk.path_of(kept.sha256).with_name("cut-off.partial")
    partial.write_bytes(b"half")
    moment = datetime.now(tz=UTC)
    assert operations.sweep(now=moment) == 0
    assert operations.sweep(now=moment + timedelta(hours=2)) == 3
    assert lying(folder) == [disk.path_of(kept.sha256, thumbnail=True), disk.path_of(kept.sha256)]


def test_reads() -> None:
    stored = store(photo())
    assert queries.file(stored.id) == queries.file_of(stored.sha256) == queries.files([stored.id, 0])[stored.id]
    for missing in (lambda: queries.file(0), lambda: queries.file_of("0" * 64)):
        with pytest.raises(NotThere):
            missing()
    disk.path_of(stored.sha256).unlink()
    with pytest.raises(NotThere):
        queries.open_content(stored)
    with pytest.raises(ValueError, match="SHA-256"):
        disk.path_of("../../etc/passwd")
