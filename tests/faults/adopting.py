"""`python -m tests.faults.adopting`: a plan adopted by a process of its own; prints the moment it was committed."""

from __future__ import annotations

import json
import os
import sys
import time


def adopt() -> float:
    """Split a grid of the ward and put it in force today; seconds since the epoch right after the commit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gezhi.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    from gezhi.modules.people import queries as people
    from gezhi.modules.territory import adoption, plans, queries
    from gezhi.modules.territory.drafting import Split

    def who(name: str) -> object:
        account = people.account_named(name)
        assert account is not None
        return queries.actor_for(account.id, on=now.date())

    now = timezone.now()
    street = queries.areas_in_force().by_code["999001001"].id
    planner, head = who("planner"), who("centre.leader")
    plan = plans.begin(name="方案", layer="base", scope=street, level="grid", by=planner, now=now)  # type: ignore[arg-type]
    cut = Split(1, ((118.8033, 31.99), (118.8033, 32.02)))
    plans.edit(plan=plan, revision=0, act=cut, by=planner, now=now)  # type: ignore[arg-type]
    today = timezone.localdate()
    adoption.adopt(plan=plan, on=today, today=today, reported_since=0, by=head, now=now)  # type: ignore[arg-type]
    return time.time()


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"committed": adopt()}) + "\n")
