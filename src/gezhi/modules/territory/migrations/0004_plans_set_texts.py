"""A plan holds the texts that it sets, no copy of those that were in force when it was begun: copies are forgotten."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def forget_copies(apps: Any, schema_editor: Any) -> None:
    """In plans that are not decided and not from a file: nothing else ever set texts."""
    names = ("Plan", "PlanArea", "PlanStep")
    plans, areas, steps = (apps.get_model("territory", name).objects for name in names)
    undecided = plans.filter(state__in=["draft", "scheduled"]).exclude(source="file").values("id")
    areas.filter(plan__in=undecided, origin__isnull=False).update(fixes={})
    for step in steps.filter(plan__in=undecided).iterator(chunk_size=100):
        for one in (*step.before.values(), *step.after.values()):
            if one and one.get("origin"):
                one["fixes"] = {}
        step.save(update_fields=["before", "after"])


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("territory", "0003_run_notes")]
    operations = [migrations.RunPython(forget_copies, migrations.RunPython.noop)]
