"""Who may do what with cases. One page; each refusal is a sentence.

Seeing: a case is in somebody's territory when they sit at the centre (`case.see.all`), hold a post over one of its
areas (`case.see.area`), or belong to a unit that works on it (`case.see.unit`). Foreign territory is «not there», not
«forbidden».
Acting: decided by the procedure's duties (engines/procedure), never here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from gezhi.lib.actor import Actor
from gezhi.lib.errors import NotAllowed, NotThere

if TYPE_CHECKING:
    from gezhi.modules.cases.models import Case

SEE_ALL = "case.see.all"
SEE_UNIT = "case.see.unit"
SEE_AREA = "case.see.area"


def check_may_install(by: Actor) -> None:
    """Procedures come from the profile: the system administrator, or the installation itself."""
    if not (by.may("administer.system") or by.ref == "system"):
        raise NotAllowed(_("Procedures are put in force by the system administrator only."), code="not_system")


def check_may_use_desk(by: Actor) -> None:
    """The desk is for people who hold a post; administrators have no business post."""
    if not (by.may(SEE_ALL) or by.may(SEE_UNIT) or by.may(SEE_AREA)):
        raise NotAllowed(_("The desk is for people who hold a post in the work on cases."), code="no_post")


def check_may_look_up(by: Actor) -> None:
    """A caller's earlier cases are for those who take calls and may see who reported."""
    if not (by.may("case.report") and by.may("person.reveal")):
        raise NotAllowed(
            _("Looking up a caller is for those who take reports and may see who reported."), code="no_right"
        )


def check_may_bring_in(by: Actor) -> int:
    """A file of the hotline is full of callers: it is brought in by those who take their calls. Returns the account."""
    if by.account_id is None or not (by.may("case.report") and by.may("person.reveal")):
        sentence = _("Bringing in the hotline's files is for those who take reports and may see who reported.")
        raise NotAllowed(sentence, code="no_right")
    return by.account_id


def brought_in(by: Actor) -> Q:
    """The files somebody may look at, as a filter over imports: the centre's people all, others their own."""
    return Q() if by.may(SEE_ALL) else Q(created_by=by.account_id)


def may_see(by: Actor, *, areas: Iterable[int], units: Iterable[int], reporter: str | None) -> bool:
    """Does a case with these areas, units and reporter lie in the actor's territory?"""
    if by.ref in {"clock", "system", "import"} or by.may(SEE_ALL) or (reporter is not None and by.ref == reporter):
        return True
    if by.may(SEE_AREA) and by.areas() & set(areas):
        return True
    return by.may(SEE_UNIT) and bool(by.organisations() & set(units))


def check_may_see(by: Actor, case: Case, units: Iterable[int]) -> None:
    """Raises NotThere where the case is foreign."""
    if not may_see(by, areas=case.areas, units=units, reporter=case.reported_by):
        raise NotThere(_("There is no such case within your responsibility."))


def visible(by: Actor) -> Q:
    """The same rule as a filter over cases."""
    from gezhi.modules.cases.models import Assignment

    if by.may(SEE_ALL) or by.ref == "system":
        return Q()
    found = Q(reported_by=by.ref)
    if by.may(SEE_AREA) and by.areas():
        found |= Q(areas__overlap=list(by.areas()))
    if by.may(SEE_UNIT) and by.organisations():
        found |= Q(Exists(Assignment.objects.filter(case=OuterRef("pk"), unit__in=list(by.organisations()))))
    return found


def visible_sql(by: Actor) -> tuple[str, list[Any]]:
    """The same rule once more, as SQL over `cases_case c` with its values: for what is asked for with every page."""
    if by.may(SEE_ALL) or by.ref == "system":
        return "TRUE", []
    parts: list[str] = ["c.reported_by = %s"]
    values: list[Any] = [by.ref]
    if by.may(SEE_AREA) and by.areas():
        parts.append("c.areas && %s::bigint[]")
        values.append(list(by.areas()))
    if by.may(SEE_UNIT) and by.organisations():
        parts.append("EXISTS (SELECT FROM cases_assignment a WHERE a.case_id = c.id AND a.unit_id = ANY(%s))")
        values.append(list(by.organisations()))
    return f"({' OR '.join(parts)})", values
