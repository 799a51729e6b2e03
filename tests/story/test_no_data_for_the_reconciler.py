"""Whoever makes a table may read it, says AWS: Meshform gives that back, and keeps only what its work takes."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.kinds import addresses
from tests.estate import CENTRAL, Estate, actions, bank, failures, step_of, variant

OWN = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
PORTFOLIO = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
ROW = f"table {CENTRAL}:credit-card.credit_card"


def held(estate: Estate) -> dict[str, set[str]]:
    """What the apply role may do in the central catalog, by target; a star for the grant option."""
    found: dict[str, set[str]] = {}
    for address, resource in estate.look().found.items():
        if address.kind == addresses.GRANT and resource.spec.principal == OWN and address.placement.account == CENTRAL:
            words = f"{resource.spec.permission}{'*' if resource.spec.grantable else ''}"
            found.setdefault(str(resource.spec.target), set()).add(words)
    return {target: rights for target, rights in found.items() if target.startswith(("table", "database", "every"))}


def by_hand(estate: Estate, **resource: Any) -> None:
    estate.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": OWN}, Resource=resource, Permissions=["SELECT"]
    )


def test_after_apply_the_reconciler_can_change_tables_but_reads_none(built: Estate) -> None:
    rights = held(built)
    assert set(map(frozenset, rights.values())) == {
        frozenset({"ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"}),
        frozenset({"ALTER", "DESCRIBE", "DROP"}),
    }
    assert len(rights) == 2 * len(bank().products)
    assert not any(ROW in target for target in rights), "nothing hangs on having made a table"


def test_it_is_given_back_in_the_step_that_makes_the_table(estate: Estate) -> None:
    step = step_of(estate.plan(), "table", "credit_card")
    assert [call.operation for call in step.calls] == ["CreateTable", "RevokePermissions"]
    rights = {address for address in step.waits_for if address.kind == addresses.GRANT}
    assert {address.name.split()[0] for address in rights} == {"ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"}


@pytest.mark.parametrize("on", [{"Name": "credit_card"}, {"TableWildcard": {}}], ids=["a table", "every table"])
def test_data_for_the_reconciler_by_hand_is_drift(built: Estate, on: dict[str, Any]) -> None:
    by_hand(built, Table={"DatabaseName": "credit-card", **on})
    (found,) = actions(built.plan())
    assert found.startswith("delete grant SELECT on ")
    assert found.endswith(f"to {OWN}")
    built.repair()
    assert "SELECT" not in {right for rights in held(built).values() for right in rights}


def test_without_its_rights_it_takes_them_again_and_goes_on(built: Estate) -> None:
    """An administrator may always grant himself what he lost."""
    lake = built.client("lakeformation")
    everything = {"Table": {"DatabaseName": "credit-card", "TableWildcard": {}}}
    lake.revoke_permissions(
        Principal={"DataLakePrincipalIdentifier": OWN}, Resource=everything, Permissions=["ALTER", "DROP"]
    )
    product = "domains/consumer-banking/products/credit-profile.yaml"
    mesh = variant((product, "curated from the core banking system.", "curated by hand."))
    built.repair(mesh)
    built.repair()


def test_rights_of_an_earlier_version_as_creator_are_revoked_and_the_table_can_still_go(built: Estate) -> None:
    """Tables made before: their maker holds everything on them, and nothing on the database besides."""
    lake = built.client("lakeformation")
    one = {"Table": {"DatabaseName": "fund-prices", "Name": "fund_price"}}
    whole = ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": OWN},
        Resource=one,
        Permissions=whole,
        PermissionsWithGrantOption=whole,
    )
    lake.revoke_permissions(
        Principal={"DataLakePrincipalIdentifier": OWN},
        Resource={"Table": {"DatabaseName": "fund-prices", "TableWildcard": {}}},
        Permissions=["ALTER", "DESCRIBE", "DROP"],
    )
    run = built.apply_reviewed(variant(without=["domains/asset-management/products/", PORTFOLIO]))
    assert not run.failed, failures(run)
    assert not any("fund-prices" in target for target in held(built))
