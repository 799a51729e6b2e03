"""What is not asked for: revoked or reported, by the first exception that fits, and by whose the database is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.database import Database
from reconciler.kinds.lakeformation.grant import GrantKind
from reconciler.kinds.territory import ownership_of
from reconciler.model.lakeformation import Grant, OnTable, OnTag
from reconciler.model.last_change import LastChange
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, specs, variant
from tests.grants import atom

KIND = GrantKind()
ETL = f"arn:aws:iam::{CENTRAL}:role/etl"


def mesh(territory: str) -> Mesh:
    return variant(("mesh.yaml", "territory:\n  undeclaredGrants: revoke\n", f"territory:\n{territory}"))


def on(database: str, principal: str = ETL, by: str = "") -> Resource[Grant]:
    grant = Grant(principal, OnTable(CENTRAL, database, "loans"), "SELECT")
    changed = LastChange(by, None) if by else None
    return replace(atom(grant), changed=changed)


def revoked(of: Mesh, have: Resource[Grant], marked: bool = True) -> bool:
    """Whether such a grant goes; `marked`: the databases carry the mesh's mark."""
    databases: list[Resource[Database]] = list(specs("database", of).values())
    found = databases if marked else [unmarked(each) for each in databases]
    owner = KIND.owner(have, ownership_of(of, Snapshot(databases), Snapshot(found)))
    return owner.is_ours and not owner.note


def unmarked(each: Resource[Database]) -> Resource[Database]:
    kept = tuple(pair for pair in each.spec.parameters if pair[0] != MARK)
    return replace(each, spec=replace(each.spec, parameters=kept))


EXCEPTIONS = """\
  undeclaredGrants: revoke
  exceptions:
    - {{{what}, undeclaredGrants: report}}
"""


@pytest.mark.parametrize(
    ("what", "database", "principal", "stays"),
    [
        ("product: credit-profile", "credit-card", ETL, True),
        ("product: credit-profile", "fund-prices", ETL, False),
        (f"principal: '{ETL}'", "fund-prices", ETL, True),
        (f"principal: '{ETL}'", "fund-prices", f"{ETL}-2", False),
        (f"principal: '{ETL}', product: credit-profile", "fund-prices", ETL, False),
        ("key: sensitivity", "credit-card", ETL, False),
    ],
)
def test_the_first_exception_that_fits_decides(what: str, database: str, principal: str, stays: bool) -> None:
    assert revoked(mesh(EXCEPTIONS.format(what=what)), on(database, principal)) is not stays
    assert revoked(mesh("  undeclaredGrants: revoke\n"), on(database, principal))


def test_an_exception_by_key_is_about_grants_by_it() -> None:
    of = mesh(EXCEPTIONS.format(what="key: sensitivity"))
    have = on("credit-card")
    for key, stays in (("sensitivity", True), ("subject", False)):
        assert revoked(of, replace(have, spec=replace(have.spec, target=OnTag(CENTRAL, key, "public")))) is not stays


def test_on_a_database_that_no_mesh_made_grants_stay_unless_an_exception_says_so() -> None:
    assert not revoked(mesh("  undeclaredGrants: revoke\n"), on("credit-card"), marked=False)
    said = "  exceptions: [{product: credit-profile, undeclaredGrants: revoke}]\n"
    assert revoked(mesh(said), on("credit-card"), marked=False)
    assert revoked(mesh("  takeOver: {database: [credit-card]}\n"), on("credit-card"), marked=False)


def test_what_a_dedicated_apply_role_gave_goes_even_where_it_is_only_reported() -> None:
    """A subscription that ends is no hand's grant. A role that others work with tells nothing."""
    report = "territory:\n  undeclaredGrants: report\n"
    roles = "plan: OrganizationAccountAccessRole\n  apply: OrganizationAccountAccessRole"
    old = "territory:\n  undeclaredGrants: revoke\n"
    own = variant(("mesh.yaml", old, report), ("mesh.yaml", roles, "plan: meshform-plan\n  apply: meshform-apply"))
    apply_role = f"arn:aws:iam::{CENTRAL}:role/meshform-apply"
    assert revoked(own, on("credit-card", by=apply_role))
    assert not revoked(own, on("credit-card", by=ETL))
    shared = variant(("mesh.yaml", old, report))
    assert not revoked(shared, on("credit-card", by=f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"))
