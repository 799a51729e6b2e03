"""A database tells what the product says of itself, opens nothing by default, and keeps what other tools wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.database import Database, DatabaseKind
from reconciler.model.resource import Resource
from reconciler.spec.documents.subscription import Permission
from reconciler.spec.documents.writer import WriterPermission
from reconciler.spec.mesh import Mesh
from tests.estate import BANKING, CENTRAL, Estate, actions, bank, specs, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
POINTING = {"ALL", "ALTER", "CREATE_TABLE"}

KIND = DatabaseKind()
WANT: Resource[Database] = specs("database")["credit-card"]


def test_the_metadata_of_the_product_is_on_the_database() -> None:
    parameters = dict(WANT.spec.parameters)
    assert parameters[MARK] == "bank"
    assert parameters["data_owner"] == BANKING
    assert parameters["data_owner_name"] == "consumer-banking-stewards"
    assert parameters["pii_flag"] == "true"
    assert dict(specs("database")["fund-prices"].spec.parameters)["pii_flag"] == "false"
    assert WANT.spec.uri == f"s3://bank-consumer-banking-{BANKING}-eu-west-1/"


def given_to(who: str, permission: str) -> Mesh:
    """The example in which a writer of a product, or the readers of a subscription, may do something."""
    if who == "writer":
        writer = f"{{name: fixer, role: fixer, create: true, permissions: [{permission}]}}"
        return variant((CREDIT, "\ntables:\n", f"\nwriters:\n  - {writer}\ntables:\n"))
    return variant((REPORT, "purpose:", f"permissions: [{permission}]\npurpose:"))


@pytest.mark.parametrize(
    ("who", "permission"),
    [("writer", each) for each in get_args(WriterPermission)]
    + [("readers", each) for each in get_args(Permission) if each not in ("ALL", "DROP")],  # Not for other accounts.
)
def test_who_may_make_or_alter_tables_may_point_them_at_nothing_above_the_products(who: str, permission: str) -> None:
    of = {each.address.name: each.spec.uri for each in KIND.desired(given_to(who, permission))}
    before = {each.address.name: each.spec.uri for each in KIND.desired(bank())}
    narrow = {"credit-card": f"s3://bank-consumer-banking-{BANKING}-eu-west-1/credit_card/"}
    assert of == (before | narrow if permission in POINTING else before)


def test_new_tables_are_open_to_nobody() -> None:
    for want in specs("database").values():
        call, _ = KIND.create(want)
        assert call.params["DatabaseInput"]["CreateTableDefaultPermissions"] == []


def test_a_database_opened_by_default_is_drift(built: Estate) -> None:
    everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    glue = built.client("glue")
    found = glue.get_database(CatalogId=CENTRAL, Name="fund-prices")["Database"]
    kept = {name: found[name] for name in ("Name", "Description", "LocationUri", "Parameters")}
    opened = [{"Principal": everybody, "Permissions": ["ALL"]}]
    glue.update_database(Name="fund-prices", DatabaseInput={**kept, "CreateTableDefaultPermissions": opened})
    assert "update database fund-prices" in actions(built.plan())
    built.repair()


def test_parameters_of_other_tools_stay_and_ours_are_kept_true() -> None:
    own = dict(WANT.spec.parameters)
    have = replace(
        WANT, spec=replace(WANT.spec, parameters=(*sorted({**own, "crawler": "x", "data_owner": "forged"}.items()),))
    )
    settled = dict(KIND.merge_unmanaged(WANT, have).spec.parameters)
    assert settled["crawler"] == "x"
    assert settled["data_owner"] == BANKING


def test_a_parameter_of_ours_that_no_document_gives_any_more_goes() -> None:
    have = replace(WANT, spec=replace(WANT.spec, parameters=(*WANT.spec.parameters, ("quality:old", "words"))))
    assert "quality:old" not in dict(KIND.merge_unmanaged(WANT, have).spec.parameters)


def test_somebody_elses_database_of_that_name_is_taken_over_only_by_leave(estate: Estate) -> None:
    estate.client("glue").create_database(DatabaseInput={"Name": "credit-card", "Description": "Theirs"})
    review = estate.review()
    assert review.plan is not None
    assert not [
        step for step in review.plan.steps if step.address.kind == "database" and step.change.action == "update"
    ]
    (told,) = [each.reason for each in review.plan.foreign if each.resource.address.kind == "database"]
    assert told.startswith(
        "used as it is, since this mesh did not make it; the mesh's would have another description, uri"
    )
    mesh = variant(("mesh.yaml", "territory:\n", "territory:\n  takeOver: {database: [credit-card, other]}\n"))
    finding, unknown = [each for each in estate.review(mesh).findings if each.rule == "taking-over"][::-1]
    assert (unknown.severity, unknown.message) == (
        "warning",
        "No document asks for a database other; it is not taken over.",
    )
    assert finding.severity == "error"
    assert "credit-card exists in 111111111111 and was not made by a mesh" in finding.message
