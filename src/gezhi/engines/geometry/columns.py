"""What the columns of a file of areas mean: names in English and in Chinese, as offices write them.

`rows` reads the properties of features into `Row`s and says of each what is wrong with it: a key of SENTENCES with
parameters and the number of the feature (from 1). Nothing is guessed and nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from gezhi.engines.geometry.geojson import Feature

TEXTS = ("scope", "content", "duty", "standard", "patrol")
COLUMNS = (
    "code", "name", "name_en", "level", "layer", "parent", "households", "population", "kind", "synthetic", *TEXTS
)  # fmt: skip
_ALSO: Mapping[str, str] = {
    "编码": "code", "代码": "code", "网格编码": "code", "网格代码": "code", "gridcode": "code", "id": "code",
    "名称": "name", "网格名称": "name", "zh": "name", "英文名称": "name_en", "en": "name_en",
    "层级": "level", "级别": "level", "图层": "layer", "上级": "parent", "上级编码": "parent", "parent_code": "parent",
    "户数": "households", "household": "households", "人口": "population", "人口数": "population", "类型": "kind",
    "范围": "scope", "内容": "content", "职责": "duty", "标准": "standard", "巡查": "patrol",
}  # fmt: skip

SENTENCES: Mapping[str, str] = {
    "no_column": "The file has no column for the code or none for the name. Call them “code” and “name”; "
    "its columns are: {columns}.",
    "row_code": "Area {row} has no code.",
    "row_code_long": "Area {row}: a code has at most 40 characters.",
    "row_name": "Area {row} ({code}) has no name.",
    "row_twice": "Area {row}: the code {code} was used by area {first} already.",
    "row_negative": "Area {row} ({code}): “{column}” is {value}; it cannot be negative.",
    "row_number": "Area {row} ({code}): “{column}” is “{value}”, which is not a whole number.",
    "row_long": "Area {row} ({code}): the text of “{column}” is too long.",
}
_LONGEST = {"name": 120, "name_en": 160, "kind": 40, "level": 40, "parent": 40, "layer": 40}


@dataclass(frozen=True, slots=True)
class Row:
    """One area of a file; texts are "" and numbers None where nothing is said."""

    number: int
    code: str
    name: str
    geometry: BaseGeometry | None
    name_en: str = ""
    level: str = ""
    layer: str = ""
    parent: str = ""
    households: int | None = None
    population: int | None = None
    kind: str = ""
    synthetic: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: key and parameters of SENTENCES."""

    key: str
    params: Mapping[str, Any]


def rows(features: Sequence[Feature]) -> tuple[list[Row], list[RowProblem]]:
    """The rows of a file, and everything wrong with them."""
    names = list(dict.fromkeys(name for one in features for name in one.properties))
    meant = {name: _meaning(name) for name in names}
    if not {"code", "name"} <= set(meant.values()):
        return [], [RowProblem("no_column", {"columns": ", ".join(names[:30]) or "–"})]
    found: list[Row] = []
    wrong: list[RowProblem] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(features, 1):
        said = {
            column: feature.properties[name] for name, column in meant.items() if column and name in feature.properties
        }
        row, problems = _row(number, said, feature.geometry)
        wrong += problems
        first = seen.setdefault(row.code, number)
        if row.code and first != number:
            wrong.append(RowProblem("row_twice", {"row": number, "code": row.code, "first": first}))
        found.append(row)
    return found, wrong


def _meaning(name: str) -> str:
    tidy = name.strip().lower()
    return tidy if tidy in COLUMNS else _ALSO.get(tidy, "")


def _row(number: int, said: Mapping[str, Any], geometry: BaseGeometry | None) -> tuple[Row, list[RowProblem]]:
    words = {name: _word(said.get(name)) for name in COLUMNS}
    wrong = []
    code = words["code"]
    if not code:
        wrong.append(RowProblem("row_code", {"row": number}))
    elif len(code) > 40:
        wrong.append(RowProblem("row_code_long", {"row": number}))
    if not words["name"]:
        wrong.append(RowProblem("row_name", {"row": number, "code": code}))
    for column, most in {**_LONGEST, **dict.fromkeys(TEXTS, 1000)}.items():
        if len(words[column]) > most:
            wrong.append(RowProblem("row_long", {"row": number, "code": code, "column": column}))
    counts = {}
    for column in ("households", "population"):
        counts[column], problem = _count(said.get(column), number, code, column)
        wrong += [problem] if problem else []
    texts = {name: words[name] for name in TEXTS if words[name]}
    row = Row(
        number, code, words["name"], geometry, words["name_en"], words["level"], words["layer"], words["parent"],
        counts["households"], counts["population"], words["kind"], words["synthetic"] in {"1", "True", "true"}, texts,
    )  # fmt: skip
    return row, wrong


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _count(value: Any, row: int, code: str, column: str) -> tuple[int | None, RowProblem | None]:
    if value is None or value == "":
        return None, None
    params = {"row": row, "code": code, "column": column, "value": str(value)[:20]}
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None, RowProblem("row_number", params)
    if number < 0:
        return None, RowProblem("row_negative", params)
    if not number.is_integer() or number > 2**31 - 1:
        return None, RowProblem("row_number", params)
    return int(number), None
