"""The words of the catalogue's tables, in both languages: a table written in one is read in either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gezhi.lib.texts import Text, said

KINDS: Mapping[str, Text] = {
    "component": {"zh": "部件", "en": "Component"},
    "event": {"zh": "事件", "en": "Matter"},
}
GRID: Mapping[str, Text] = {
    "report": {"zh": "上报", "en": "Report"},
    "handle": {"zh": "即办", "en": "Handle on the spot"},
}
LOCAL: Mapping[str, Text] = {"local": {"zh": "是", "en": "Yes"}}
UNITS: Mapping[str, Text] = {
    "min": {"zh": "分钟", "en": "minutes"},
    "hours": {"zh": "小时", "en": "hours"},
    "urgent_hours": {"zh": "紧急工作时", "en": "urgent hours"},
    "urgent_days": {"zh": "紧急工作日", "en": "urgent days"},
    "natural_days": {"zh": "自然日", "en": "natural days"},
    "work_hours": {"zh": "工作时", "en": "work hours"},
    "work_days": {"zh": "工作日", "en": "work days"},
}
SHEETS: Mapping[str, Text] = {
    "classes": {"zh": "小类", "en": "Classes"},
    "conditions": {"zh": "立案条件", "en": "Conditions"},
    "notes": {"zh": "说明", "en": "Notes"},
}
COLUMNS: Mapping[str, Text] = {
    "kind": {"zh": "类型", "en": "Kind"},
    "major_code": {"zh": "大类代码", "en": "Major code"},
    "major": {"zh": "大类名称", "en": "Major class"},
    "major_en": {"zh": "大类英文", "en": "Major class in English"},
    "code": {"zh": "小类代码", "en": "Code"},
    "name": {"zh": "小类名称", "en": "Name"},
    "name_en": {"zh": "英文名称", "en": "Name in English"},
    "unit_kind": {"zh": "责任单位", "en": "Responsible unit"},
    "supervisor_kind": {"zh": "监督单位", "en": "Supervising unit"},
    "grid": {"zh": "网格清单", "en": "Grid list"},
    "local": {"zh": "本地扩展", "en": "Local"},
    "basis": {"zh": "依据", "en": "Basis"},
    "condition": {"zh": "条件", "en": "Condition"},
    "filing_zh": {"zh": "立案条件", "en": "Filing condition (Chinese)"},
    "filing_en": {"zh": "立案条件（英文）", "en": "Filing condition (English)"},
    "closing_zh": {"zh": "结案条件", "en": "Closing condition (Chinese)"},
    "closing_en": {"zh": "结案条件（英文）", "en": "Closing condition (English)"},
    "limit": {"zh": "时限", "en": "Limit"},
    "limit_unit": {"zh": "时限单位", "en": "Unit of the limit"},
}
STANDARD: Text = {"zh": "标准", "en": "Standard"}


def word(words: Mapping[str, Text], key: str) -> str:
    """A key in the active language; the key itself where it has no words."""
    return said(words[key]) if key in words else key


def meant(words: Mapping[str, Text], text: str) -> str | None:
    """The key that a text means, in either language or as a key, whatever its case; None where it means nothing."""
    wanted = text.strip().casefold()
    for key, texts in words.items():
        if wanted in {key.casefold(), *(one.casefold() for one in texts.values())}:
            return key
    return None


def listed(words: Mapping[str, Text], keys: Iterable[str] | None = None) -> str:
    """All of them in the active language, for a sentence."""
    between = said({"zh": "、", "en": ", "})
    return between.join(word(words, key) for key in (words if keys is None else keys))
