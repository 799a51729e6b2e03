"""Tags on databases, tables and columns: one value a key, replaced without a gap, and never inherited by accident."""

from __future__ import annotations

from reconciler.kinds.lakeformation.tag_assignment import TagAssignmentKind
from tests.estate import CENTRAL, Estate, actions, specs, step_of, variant

WANT = specs("tag-assignment")
CREDIT = "domains/consumer-banking/products/credit-profile.yaml"


def test_the_sensitivity_of_a_table_is_put_on_its_declared_columns_only() -> None:
    assert "credit-card.credit_card sensitivity" not in WANT
    on_columns = {name: want.spec.value for name, want in WANT.items() if name.startswith("credit-card.credit_card.")}
    assert len(on_columns) == 21
    assert on_columns["credit-card.credit_card.age sensitivity"] == "restricted"
    assert on_columns["credit-card.credit_card.status sensitivity"] == "internal"


def test_product_domain_and_subject_are_on_the_database() -> None:
    found = {name.partition(" ")[2]: want.spec.value for name, want in WANT.items() if name.startswith("credit-card ")}
    assert found == {"product": "credit-profile", "domain": "consumer-banking", "subject": "credit"}


def test_a_changed_value_is_one_addition_and_no_removal(built: Estate) -> None:
    mesh = variant(
        (
            CREDIT,
            '"Age in years"\n        tags: {sensitivity: restricted}',
            '"Age in years"\n        tags: {sensitivity: confidential}',
        )
    )
    plan = built.plan(mesh)
    assert actions(plan) == {"update tag-assignment credit-card.credit_card.age sensitivity"}
    calls = step_of(plan, "tag-assignment", ".age sensitivity").calls
    assert [call.operation for call in calls] == ["AddLFTagsToResource"]
    built.repair(mesh)


def test_a_tag_of_somebody_elses_key_on_our_table_stays(built: Estate) -> None:
    lakeformation = built.client("lakeformation")
    lakeformation.create_lf_tag(TagKey="theirs", TagValues=["x"])
    place = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}}
    lakeformation.add_lf_tags_to_resource(Resource=place, LFTags=[{"TagKey": "theirs", "TagValues": ["x"]}])
    assert built.plan().is_empty
    built.clean = False
    built.empty()


def test_a_tag_of_ours_that_a_hand_put_on_the_whole_table_is_taken_off(built: Estate) -> None:
    """It would open every column that turns up later."""
    place = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}}
    tags = [{"TagKey": "sensitivity", "TagValues": ["internal"]}]
    built.client("lakeformation").add_lf_tags_to_resource(Resource=place, LFTags=tags)
    assert actions(built.plan()) == {"delete tag-assignment credit-card.credit_card sensitivity"}
    built.repair()


def test_a_tag_waits_for_its_value_and_its_table() -> None:
    needed = {need.kind for need in TagAssignmentKind().needs(WANT["credit-card.credit_card.age sensitivity"])}
    assert needed == {"lf-tag-value", "database", "table", "grant"}, "a right on a key of others comes first"
