"""A procedure as a picture: Mermaid `stateDiagram-v2`, always the same text for the same procedure.

The case's stages come first; each kind of assignment is a state of its own with its stages inside. A label says the
move and the duties it belongs to, or "⟳" where it follows by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gezhi.engines.procedure.model import CLOCK, Kind, Move, Procedure, Stage, Text
from gezhi.engines.procedure.refusals import in_language


def diagram(procedure: Procedure, lang: str = "zh") -> str:
    """Mermaid source with titles in `lang`, ending in a newline."""
    lines = ["---", f"title: {_plain(procedure.title, lang)}", "---", "stateDiagram-v2"]
    lines += _part(procedure, procedure.stages, procedure.moves.values(), "case_", lang)
    for kind in procedure.kinds.values():
        lines += _kind(procedure, kind, lang)
    for stage in procedure.stages.values():
        lines += [f"    case_{stage.key} --> {key}_tasks : ⇉ {_plain(procedure.kinds[key].title, lang)}"
                  for key in stage.assignments]  # fmt: skip
    return "\n".join(lines) + "\n"


def _kind(procedure: Procedure, kind: Kind, lang: str) -> list[str]:
    inside = _part(procedure, kind.stages, kind.moves.values(), f"{kind.key}_", lang)
    head = f'    state "{_plain(kind.title, lang)}" as {kind.key}_tasks {{'
    return [head, *(f"    {line}" for line in inside), "    }"]


def _part(
    procedure: Procedure, stages: Mapping[str, Stage], moves: Iterable[Move], prefix: str, lang: str
) -> list[str]:
    lines = [f'    state "{_plain(s.title, lang)}" as {prefix}{s.key}' for s in stages.values()]
    lines.append(f"    [*] --> {prefix}{next(iter(stages))}")
    for move in moves:
        for source in move.sources:
            target = move.target or source
            lines.append(f"    {prefix}{source} --> {prefix}{target} : {_label(procedure, move, lang)}")
    lines += [f"    {prefix}{s.key} --> [*]" for s in stages.values() if s.end]
    return lines


def _label(procedure: Procedure, move: Move, lang: str) -> str:
    title = _plain(move.title, lang)
    if move.automatic:
        return f"⟳ {title}"
    clock = {"zh": "时钟", "en": "clock"}
    hands = [_plain(clock if d == CLOCK else procedure.duties[d].title, lang) for d in move.by]
    brackets = ("（", "、", "）") if lang == "zh" else (" (", ", ", ")")
    return f"{title}{brackets[0]}{brackets[1].join(hands)}{brackets[2]}"


def _plain(text: Text, lang: str) -> str:
    """A title without what Mermaid would read as its own: colons, quotation marks, semicolons, line breaks."""
    words = in_language(text, lang)
    return " ".join(words.replace('"', "'").replace(":", "：").replace(";", "；").replace("#", "＃").split())
