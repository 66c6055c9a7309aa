"""A small sound profile on disk, and a way to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gezhi.modules.switches.profiles import Problem, check

FILES = {
    "profile.yaml": """\
name: hill
title: {zh: 山区, en: Hill}
extends: base
zone: Asia/Shanghai
language: zh-hans
languages: [zh-hans, en]
centre: desk
""",
    "organisations.yaml": """\
organisations:
  desk: {zh: 中心, en: Centre, kind: centre}
  street: {zh: 街道, en: Street, kind: street, parent: desk, area: "999001001"}
""",
    "areas.yaml": """\
areas:
  "999001": {level: district, zh: 山区, en: Hill}
  "999001001": {level: street, zh: 山街, en: Hill Street}
  "999001001001": {level: community, zh: 山社, en: Hill Community}
""",
    "people.yaml": """\
people:
  acceptor: {zh: 甲, en: A, posts: [{post: acceptor, organisation: desk}]}
crews:
  keepers: {username: "k{area}", each: {level: community}, post: grid_worker, employer: street}
""",
    "catalogue.yaml": """\
inherit: false
standard: Hill
version: "1"
majors:
  event:
    "06": {zh: 环境, en: Environment}
""",
    "catalogue/own.csv": """\
kind,code,zh,en,conditions,unit
event,06001,脏,Dirt,dirt,street
""",
}

Check = Callable[[], list[Problem]]


class Hill:
    """The folder of the profile and what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def problems(self) -> list[tuple[str, int, int, str]]:
        """File (as seen from the folder), line, column and sentence of every problem."""
        return [(self.inside(p.file), p.line, p.column, p.problem) for p in check(self.folder)]

    def inside(self, file: str) -> str:
        path = Path(file)
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.name


@pytest.fixture
def hill(tmp_path: Path) -> Hill:
    return Hill(tmp_path / "hill")
