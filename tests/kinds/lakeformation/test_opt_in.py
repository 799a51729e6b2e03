"""Hybrid access mode: who subscribed is opted in, everybody else goes on by IAM."""

from __future__ import annotations

from tests.estate import ANALYTICS, CENTRAL, Estate, actions, mesh_of, specs, variant
from tests.kinds.full import FUNDS_DOMAIN, full

HYBRID = (FUNDS_DOMAIN, "stewards: [asset-management-steward]", "stewards: [asset-management-steward]\nhybrid: true")
EVERYBODY = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}


def test_the_account_is_opted_in_by_the_owner_and_its_people_by_itself() -> None:
    found = specs("opt-in", mesh_of(full()))
    by_account = {
        resource.address.placement.account for resource in found.values() if resource.spec.principal == ANALYTICS
    }
    by_people = {
        resource.address.placement.account for resource in found.values() if "role/" in resource.spec.principal
    }
    assert (by_account, by_people) == ({CENTRAL}, {ANALYTICS})


def test_all_tables_are_opted_in_only_beside_their_database() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html"""
    names = set(specs("opt-in", mesh_of(full())))
    wild = {name for name in names if name.endswith("fund-prices.*")}
    assert wild
    assert all(name.replace("table", "database").replace(".*", "") in names for name in wild)


def test_nobody_is_opted_in_where_no_domain_is_hybrid() -> None:
    assert specs("opt-in") == {}


def test_what_is_open_to_iam_stays_so_in_hybrid_mode_and_goes_without_it(built: Estate) -> None:
    built.client("lakeformation").grant_permissions(
        Principal=EVERYBODY, Resource={"Database": {"Name": "fund-prices"}}, Permissions=["ALL"]
    )
    hybrid = built.plan(variant(HYBRID))
    revoked = [name for name in actions(hybrid) if name.startswith("delete grant")]
    assert revoked == []
    assert any("hybrid access mode" in other.reason for other in hybrid.foreign)
    assert any(name.startswith("delete grant") and "IAM_ALLOWED" in name for name in actions(built.plan()))
