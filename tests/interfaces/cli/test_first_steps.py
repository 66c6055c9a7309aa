"""The first steps of a deployment at the console: a profile in force, three administrators, each once."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from gezhi.interfaces.cli import account, profile
from gezhi.modules.people import queries as people
from gezhi.modules.territory import queries as territory
from tests.town import EAST, PROFILE, forget


@pytest.mark.django_db
def test_a_profile_is_adopted_and_administrators_are_made_once() -> None:
    run = CliRunner()
    done = run.invoke(profile.group, ["adopt", PROFILE])
    assert done.exit_code == 0, done.output
    assert "8 areas" in done.output
    forget()
    assert territory.locate(lon=EAST[0], lat=EAST[1])
    given = ["administrator", "root.audit", "--role", "audit", "--name", "审计", "--password", "long-enough-1-word"]
    refused = run.invoke(account.group, given)
    assert (refused.exit_code, "already" in refused.output) == (1, True)
    forget()


@pytest.mark.django_db
def test_an_empty_installation_gets_its_three_administrators() -> None:
    run = CliRunner()
    for role in account.ROLES:
        given = ["administrator", f"first.{role}", "--role", role, "--name", role, "--password", "long-enough-1-word"]
        done = run.invoke(account.group, given)
        assert done.exit_code == 0, done.output
    assert sorted(a.administration for a in people.administrators()) == ["audit", "security", "system"]
