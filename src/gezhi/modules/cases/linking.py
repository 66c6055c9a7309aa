"""Cases that belong together: merged, split off, whistles and projects, decisions of meetings."""

from __future__ import annotations

from dataclasses import dataclass

from gezhi.engines import procedure as engine
from gezhi.modules.cases import rules
from gezhi.modules.cases.deeds import MERGED
from gezhi.modules.cases.models import Case, Link


@dataclass(frozen=True, slots=True)
class Joined:
    """Another case and how it belongs to this one; `later`: it came of this one (not this one of it)."""

    case: int
    number: str
    kind: str
    later: bool
    title: str
    stage: engine.Text
    ended: bool


def merged_into(case: int) -> Joined | None:
    """The open end of a chain of merges: the case that a merged one is worked on in. One query a link."""
    found: Joined | None = None
    seen = {case}
    while (link := _merge_of(case)) is not None and link.other_id not in seen:
        case = link.other_id
        seen.add(case)
        found = _joined(link.other, link.kind, later=False)
    return found


def _merge_of(case: int) -> Link | None:
    return Link.objects.filter(case=case, kind=MERGED).select_related("other").first()


def _joined(case: Case, kind: str, *, later: bool) -> Joined:
    procedure = rules.procedure(case.procedure_id)
    return Joined(
        case=case.id,
        number=case.number,
        kind=kind,
        later=later,
        title=case.class_name or case.words[:40],
        stage=procedure.stages[case.stage].title,
        ended=case.ended,
    )
