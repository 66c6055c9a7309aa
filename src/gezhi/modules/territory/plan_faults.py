"""What keeps a plan from being adopted: its areas judged by the rules of their layer, beside what is in force."""

from __future__ import annotations

from collections.abc import Mapping

from shapely.geometry import shape

from gezhi.engines.geometry import Fault, Piece
from gezhi.modules.switches import queries as switches
from gezhi.modules.territory import checks
from gezhi.modules.territory.drafting import Draft
from gezhi.modules.territory.models import Area, Plan


def faults(row: Plan, drafts: Mapping[int, Draft]) -> list[Fault]:
    """What is wrong with the areas of a plan, by the rules of its layer; keys are those of the plan."""
    ranks = {one.key: one.rank for one in switches.profile().levels}
    by_code = {one.code: key for key, one in drafts.items()}
    outside = {one.parent_code for one in drafts.values()} - by_code.keys()
    in_force = Area.objects.filter(valid_to=None).defer("fixes")
    above = {area.code: -area.id for area in in_force.filter(code__in=outside)}
    beside = in_force.filter(level__in=in_force.filter(code__in=outside).values("level"), layer__position=0)
    parents = {-area.id: _piece_of(area) for area in (in_force.filter(code__in=outside) | beside)}
    pieces: dict[str, list[Piece]] = {}
    for key, one in sorted(drafts.items(), key=lambda item: ranks.get(item[1].level, 99)):
        parent = by_code.get(one.parent_code, above.get(one.parent_code))
        piece = Piece(key, one.code, one.name, one.shape, parent, one.level)
        pieces.setdefault(one.level, []).append(piece)
        parents[key] = piece
    found = checks.judge(row.layer, pieces, parents, checks.rule_pieces(row.layer))
    clash = Area.objects.filter(layer=row.layer, valid_to=None, code__in=by_code).exclude(id__in=row.basis)
    for area in clash:
        params = {"code": area.code, "count": 2, "areas": f"{drafts[by_code[area.code]].name}, {area.name}"}
        found.append(Fault("code_taken", (by_code[area.code],), params))
    for key, one in drafts.items():
        if one.parent_code not in by_code and one.parent_code not in above:
            found.append(Fault("parent_missing", (key,), {"area": one.name or one.code, "parent": one.parent_code}))
    return found


def _piece_of(area: Area) -> Piece:
    return Piece(-area.id, area.code, area.name, shape(area.geometry) if area.geometry else None, None, area.level)
