"""What other people do with the mesh's LF-tag keys is theirs: it is shown, and neither revoked nor deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.model.plan import Plan
from tests.estate import CENTRAL, Edit, Estate, actions, variant

OUTSIDE = "insurance"
SENSITIVITY: Edit = ("lf-tags/sensitivity.yaml", "ordered: true", "ordered: true\nownership: mesh")


def tagged_outside(estate: Estate, on: str, **tags: str) -> None:
    """A database that is in no mesh, it or a table of it tagged with the mesh's own key."""
    glue, lake = estate.client("glue"), estate.client("lakeformation")
    glue.create_database(DatabaseInput={"Name": OUTSIDE})
    columns = {"Columns": [{"Name": "number", "Type": "string"}], "Location": "s3://insurance/policy/"}
    glue.create_table(DatabaseName=OUTSIDE, TableInput={"Name": "policy", "StorageDescriptor": columns})
    places: dict[str, Any] = {
        "database": {"Database": {"Name": OUTSIDE}},
        "table": {"Table": {"DatabaseName": OUTSIDE, "Name": "policy"}},
        "column": {"TableWithColumns": {"DatabaseName": OUTSIDE, "Name": "policy", "ColumnNames": ["number"]}},
    }
    rows = [{"TagKey": key, "TagValues": [value]} for key, value in tags.items()]
    answer = lake.add_lf_tags_to_resource(Resource=places[on], LFTags=rows)
    assert not answer["Failures"]


def give(estate: Estate, **terms: str) -> None:
    """A grant by tags to a role of somebody else."""
    trust = {"Version": "2012-10-17", "Statement": []}
    estate.client("iam").create_role(RoleName="actuary", AssumeRolePolicyDocument=json.dumps(trust))
    expression = [{"TagKey": key, "TagValues": [value]} for key, value in terms.items()]
    estate.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/actuary"},
        Resource={"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": "TABLE", "Expression": expression}},
        Permissions=["SELECT"],
    )


def left_alone(plan: Plan, word: str) -> bool:
    """Whether something with this in its name is shown as somebody else's, and in no step."""
    shown = any(word in str(other.resource.address) for other in plan.foreign)
    return shown and not any(word in action for action in actions(plan))


@pytest.mark.parametrize("on", ["database", "table", "column"])
def test_a_grant_by_our_key_that_reaches_other_peoples_data_is_left_alone(estate: Estate, on: str) -> None:
    estate.built()
    tagged_outside(estate, on, sensitivity="internal")
    give(estate, sensitivity="internal")
    plan = estate.plan()
    assert left_alone(plan, "sensitivity=internal")
    assert any(OUTSIDE in other.reason for other in plan.foreign)


def test_a_grant_by_our_key_that_reaches_our_data_only_is_drift(estate: Estate) -> None:
    estate.built()
    tagged_outside(estate, "database", sensitivity="restricted")
    give(estate, sensitivity="internal")
    assert any(action.startswith("delete grant SELECT on tables") for action in actions(estate.plan()))


def test_a_mesh_may_say_that_a_key_is_its_own(estate: Estate) -> None:
    estate.built()
    tagged_outside(estate, "database", sensitivity="internal")
    give(estate, sensitivity="internal")
    assert any(
        action.startswith("delete grant SELECT on tables") for action in actions(estate.plan(variant(SENSITIVITY)))
    )


def test_a_grant_that_also_asks_for_a_key_of_somebody_else_is_left_alone_while_it_reaches_nothing(
    estate: Estate,
) -> None:
    estate.built()
    estate.client("lakeformation").create_lf_tag(TagKey="factory-product", TagValues=["machines"])
    give(estate, sensitivity="internal", **{"factory-product": "machines"})
    assert left_alone(estate.plan(), "factory-product=machines")


def test_a_value_of_our_key_that_somebody_else_uses_is_not_deleted(estate: Estate) -> None:
    estate.built()
    lake = estate.client("lakeformation")
    lake.update_lf_tag(TagKey="product", TagValuesToAdd=["claims", "left-over"])
    tagged_outside(estate, "database", product="claims")
    plan = estate.plan()
    assert left_alone(plan, "product=claims") or left_alone(plan, "claims")
    assert any("left-over" in action and action.startswith("delete") for action in actions(plan))


def test_an_ordinary_plan_asks_for_no_reach(built: Estate) -> None:
    built.fresh_sessions()
    built.aws.calls.clear()
    assert built.plan().is_empty
    searches = [call.operation for call in built.aws.calls if call.operation.startswith("Search")]
    assert sorted(searches) == ["SearchDatabasesByLFTags", "SearchTablesByLFTags"]
