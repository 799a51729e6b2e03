"""Lake Formation's limits that only a large mesh meets."""

from __future__ import annotations

import re

import pytest
from botocore.session import Session

from reconciler.spec import limits
from tests.spec import model
from tests.spec.small import PRODUCT, STUDY, changed, said


def test_a_resource_takes_50_lf_tags() -> None:
    tags = {f"key-{number}": "x" for number in range(49)}
    document = "apiVersion: meshform/v1\nkind: LFTag\ndescription: x\nvalues: [{value: x, description: x}]\nname: "
    declared = [(f"lf-tags/{key}.yaml", "", document + key) for key in tags]
    written = ", ".join(f"{key}: {value}" for key, value in tags.items())
    files = changed(*declared, (PRODUCT, "tags: {subject: trade}", f"tags: {{{written}}}"))
    assert [text.split("  ")[:2] for text in said(files)] == [["mesh/" + PRODUCT + ":8:1", "lf-tag-limit"]]


def test_more_than_1000_values_are_a_warning() -> None:
    values = "".join(f"  - {{value: v{number}, description: x}}\n" for number in range(1000))
    files = changed(("lf-tags/subject.yaml", "", values))
    assert [text.split("  ")[:2] for text in said(files)] == [["mesh/lf-tags/subject.yaml:5:1", "lf-tag-quota"]]


def test_an_expression_has_900_bytes() -> None:
    many = [f"a-value-that-is-rather-long-{number:03}" for number in range(30)]
    values = "".join(f"  - {{value: {value}, description: x}}\n" for value in many)
    asked = f"clearance: {{sensitivity: [internal], subject: [trade, {', '.join(many)}]}}"
    files = changed(("lf-tags/subject.yaml", "", values), (STUDY, "clearance: {sensitivity: [internal]}", asked))
    assert [text.split("  ")[:2] for text in said(files)] == [["mesh/" + STUDY + ":6:1", "expression-too-long"]]


@pytest.mark.parametrize(
    ("ours", "service", "shape"),
    [
        (limits.COLUMN_COMMENT, "glue", "CommentString"),
        (limits.DESCRIPTION, "glue", "DescriptionString"),
        (limits.GLUE_NAME, "glue", "NameString"),
        (limits.RULESET, "glue", "DataQualityRulesetString"),
        (limits.BREW_OPERATION, "databrew", "Operation"),
        (limits.BREW_PARAMETER_KEY, "databrew", "ParameterName"),
        (limits.BREW_PARAMETER_VALUE, "databrew", "ParameterValue"),
        (limits.ASKED_VALUES, "lakeformation", "TagValueList"),
        (limits.ADMINS, "lakeformation", "DataLakePrincipalList"),
        (limits.PRINCIPAL, "lakeformation", "DataLakePrincipalString"),
        (limits.ROW_FILTER + 1, "lakeformation", "PredicateString"),
        (limits.TAG_KEY, "iam", "tagKeyType"),
        (limits.TAG_VALUE, "iam", "tagValueType"),
        (limits.TAGS, "iam", "tagListType"),
        (limits.ROLE_NAME, "iam", "roleNameType"),
        (limits.EVENT_RULE_NAME, "events", "RuleName"),
    ],
)
def test_a_limit_is_what_awss_model_says(ours: int, service: str, shape: str) -> None:
    assert ours == model.limit(service, shape)


def test_the_name_of_a_workgroup_is_as_long_as_its_pattern_says() -> None:
    pattern = Session().get_service_model("athena").shape_for("WorkGroupName").metadata["pattern"]
    assert re.fullmatch(pattern, "w" * limits.WORKGROUP_NAME)
    assert not re.fullmatch(pattern, "w" * (limits.WORKGROUP_NAME + 1))


def test_limits_of_the_guides_are_within_those_of_the_model() -> None:
    assert model.limit("lakeformation", "LFTagKey") >= limits.LF_TAG_TEXT
    assert model.limit("lakeformation", "LFTagValue") >= limits.LF_TAG_TEXT


def test_a_reader_has_100_row_filters_on_a_table() -> None:
    text = (
        "apiVersion: meshform/v1\nkind: Subscription\nname: {0}\nconsumer: lab\nproduct: sales/orders\npurpose: x\n"
        "tables: [{{name: order, rows: amount = {1}}}]\napproval: {{by: x, at: 2026-11-01}}\n"
    )
    files = [(f"consumers/lab/subscriptions/s{n}.yaml", "", text.format(f"s{n:03}", n)) for n in range(101)]
    assert [each.split("  ")[:2] for each in said(changed(*files))] == [
        ["mesh/consumers/lab/subscriptions/s100.yaml:7:10", "too-many-filters"]
    ]


def test_every_region_that_botocore_knows_is_known() -> None:
    from botocore.loaders import create_loader

    from reconciler.spec.aws_regions import REGIONS

    parts = {each["id"]: set(each["regions"]) for each in create_loader().load_data("partitions")["partitions"]}
    known = parts["aws"] | parts["aws-cn"] | parts["aws-us-gov"]
    assert {name for name in known if not name.endswith("-global")} == REGIONS
