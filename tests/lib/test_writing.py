"""Whatever the database refuses is raised as Django's error, by whichever way the rows went in. A door that sees one
knows what to say; tests/faults kills the server itself."""

from __future__ import annotations

import pytest
from django.db import DataError, IntegrityError, transaction

from gezhi.lib import jobs
from gezhi.lib.rows import FEW, write_rows

NOT_STORABLE = "a\x00b"  # PostgreSQL keeps no NUL in JSON


@pytest.mark.django_db
def test_jobs_that_cannot_be_queued() -> None:
    with pytest.raises(DataError), transaction.atomic():
        jobs.enqueue("gezhi.send_notices", subject=NOT_STORABLE)
    with pytest.raises(DataError), transaction.atomic():
        jobs.enqueue_many("gezhi.send_notices", [{"subject": "a"}, {"subject": NOT_STORABLE}])


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, FEW + 1])
def test_rows_that_may_not_be(count: int) -> None:
    rows = [("same", "name", "", 0, ["grid"])] * count
    with pytest.raises(IntegrityError), transaction.atomic():
        write_rows("territory_layer", ("key", "name", "name_en", "position", "levels"), rows)
