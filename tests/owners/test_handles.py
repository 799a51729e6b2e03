"""Handles that would be something else to GitHub or GitLab are refused with what to write."""

from __future__ import annotations

import pytest

from reconciler.errors import MeshformError
from reconciler.owners.handles import Handles
from tests.estate import Edit, bank, variant

NO_OWNER: Edit = ("lf-tags/sensitivity.yaml", "owner: data-protection-office\n", "")


@pytest.mark.parametrize("organization", ["acme", "a-b/c.d/e_f", "0"])
def test_an_organization_is_one_name_or_groups_in_each_other(organization: str) -> None:
    assert Handles(organization).of(bank(), "stewards") == (f"@{organization}/stewards",)


@pytest.mark.parametrize("organization", ["", "a b", "/a", "a/", "a//b", "-a", "@a", "a\n", "ä"])
def test_nothing_else_is_an_organization(organization: str) -> None:
    with pytest.raises(MeshformError, match="is no organization"):
        Handles(organization)


@pytest.mark.parametrize("governance", ["rulers", "@ada", "@other/rulers", "rulers@example.com"])
def test_governance_may_be_somebody_else_at_the_forge(governance: str) -> None:
    handle = "@acme/rulers" if governance == "rulers" else governance
    assert Handles("acme", governance).ruler(bank()) == (handle,)
    assert Handles("acme").ruler(bank()) == ("@example-bank/data-protection-office",)


@pytest.mark.parametrize("governance", ["", "a b", "@", "a@b", "x # y", "@a @b"])
def test_nothing_else_stands_for_governance(governance: str) -> None:
    with pytest.raises(MeshformError, match="is no team: write its name, @user or @organization/team"):
        Handles("acme", governance)


def test_without_an_owner_of_the_sensitivity_key_governance_is_a_team_of_that_name() -> None:
    assert Handles("acme").ruler(variant(NO_OWNER)) == ("@acme/governance",)
