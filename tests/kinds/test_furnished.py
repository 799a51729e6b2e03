"""What others set on a thing stays when we change it, for every kind: each member that AWS takes, through each update.

What is found is made of botocore's own shapes with every member set, so a new member of AWS is a new case here. A law
says which request writes which part of what was found; what it leaves out would be gone.
"""

# A law is a line, however long, so that the table can be read down the page.
# ruff: noqa: E501

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import botocore.session
import pytest

from reconciler.kinds import AnyKind, registry
from reconciler.kinds.common.marks import MARK, mark_text
from reconciler.model.call import Call
from reconciler.model.resource import AnyResource
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, mesh_of
from tests.kinds.full import full

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Law:
    """`written` by a request (below `inside` of its parameters) is what was `found` by another (below `below`).

    `ours` are members that we say as a whole, with the reason beside them.
    """

    written: str
    found: str
    below: str = ""
    inside: str = ""
    ours: frozenset[str] = frozenset()
    settings: frozenset[Path] = frozenset()
    """Of a declared table: a setting that nobody lists may decide what a column shows, and is the documents' alone."""


# fmt: off
LAWS: dict[str, tuple[Law, ...]] = {
    "bucket": (
        Law("PutBucketEncryption", "GetBucketEncryption", "ServerSideEncryptionConfiguration.Rules", "ServerSideEncryptionConfiguration.Rules", frozenset({"KMSMasterKeyID", "SSEAlgorithm"})),  # the algorithm follows the key
        Law(
            "PutBucketLifecycleConfiguration",
            "GetBucketLifecycleConfiguration",
            "Rules",
            "LifecycleConfiguration.Rules",
        ),
        Law(
            "PutBucketLifecycleConfiguration",
            "GetBucketLifecycleConfiguration",
            ours=frozenset({"ChecksumAlgorithm", "ExpectedBucketOwner"}),
        ),
        Law("PutBucketTagging", "GetBucketTagging", "TagSet", "Tagging.TagSet"),
    ),
    "brew-dataset": (Law("UpdateDataset", "ListDatasets", "Datasets", ours=frozenset({"FormatOptions", "DataCatalogInputDefinition", "DatabaseInputDefinition"})),),
    # Where the files of a product come from and go to is declared as a whole.
    "brew-job": (Law("UpdateRecipeJob", "ListJobs", "Jobs", ours=frozenset({"FormatOptions"})),),
    "brew-recipe": (Law("UpdateRecipe", "ListRecipes", "Recipes", ours=frozenset({"Steps"})),),
    # One target a crawler: what else somebody has it crawl, nobody declared.
    "crawler": (Law("UpdateCrawler", "GetCrawlers", "Crawlers", ours=frozenset({"Targets", "Schedule"})),),
    "database": (
        # A link and a federated database are no databases of ours.
        Law(
            "UpdateDatabase",
            "GetDatabases",
            "DatabaseList",
            "DatabaseInput",
            frozenset({"TargetDatabase", "FederatedDatabase", "CreateTableDefaultPermissions"}),
        ),
    ),
    "event-rule": (
        Law("PutRule", "ListRules", "Rules", ours=frozenset({"EventBusName", "Tags"})),
        # What a target of ours is told of an event, and as which role, is ours: by another form readers were told too much.
        Law("PutTargets", "ListTargetsByRule", "Targets", "Targets", frozenset({"RoleArn", "Input", "InputPath", "InputTransformer"})),
    ),
    # The capacity of a job is said by its workers; AWS takes one or the other. Its arguments are declared as a whole.
    "glue-job": (
        Law(
            "UpdateJob",
            "GetJobs",
            "Jobs",
            "JobUpdate",
            frozenset({"AllocatedCapacity", "MaxCapacity", "DefaultArguments"}),
        ),
    ),
    "lake-settings": (
        Law(
            "PutDataLakeSettings",
            "GetDataLakeSettings",
            "DataLakeSettings",
            "DataLakeSettings",
            frozenset({"CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"}),
        ),
    ),
    "location": (Law("UpdateResource", "ListResources", "ResourceInfoList"),),
    "table": (
        # A view or a federated table is no table of files.
        Law(
            "UpdateTable",
            "GetTables",
            "TableList",
            "TableInput",
            frozenset(
                {"TargetTable", "FederatedTable", "ViewDefinition", "ViewOriginalText", "ViewExpandedText", "TableType"}
            ),
            frozenset({("Parameters", "theirs"), ("StorageDescriptor", "SerdeInfo", "Parameters", "theirs")}),
        ),
    ),
}
# fmt: on
"""Kinds with an update that replaces something whole."""

IN_PARTS = {
    "bucket-policy": "merged by statement, see test_bucket_policy",
    "catalog-policy": "merged by statement, see test_catalog_policy",
    "data-filter": "all that a filter is, is declared",
    "event-bus": "its policy is merged by statement; nothing else is written",
    "grant": "an atom",
    "iam-role": "the trust and the policy are ours; tags and the boundary below",
    "kms-key": "only shown",
    "lf-tag": "values are added and deleted one by one",
    "lf-tag-value": "an atom",
    "notice": "an event",
    "opt-in": "an atom",
    "ram-acceptance": "an act",
    "ram-share": "only shown",
    "resource-link": "made anew",
    "ruleset": "all that UpdateDataQualityRuleset takes is declared",
    "tag-assignment": "an atom",
    "tag-mark": "all that a mark is, is ours",
    "topic": "attributes are set one by one, see below",
    "topic-subscription": "attributes are set one by one",
    "used-mark": "all that a mark is, is ours",
    "center-identity": "it is looked up, never written",
    "workgroup": "only what is named is updated, see below",
}


@cache
def mesh() -> Mesh:
    return mesh_of(full())


def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


class Furnished:
    """A reader to whom everything has every member set, under the names of what is wanted."""

    role = "reader"

    def __init__(self, want: AnyResource, written: Mapping[str, Any]) -> None:
        self.want, self.written = want, written

    def read(self, _: Any, service: str, operation: str, *__: Any, **___: Any) -> dict[str, Any]:
        answer: dict[str, Any] = filled(model(service).operation_model(operation).output_shape)
        match operation:
            case "ListBuckets":
                answer["Buckets"] = [{"Name": self.want.address.name}]
            case "GetTopicAttributes":
                answer["Attributes"] = {"Policy": "{}", "KmsMasterKeyId": "theirs"}
            case "GetLFTag" | "GetResourceLFTags":
                return {}
        return answer

    def once(self, key: str, make: Any) -> Any:
        return make()

    def pages(self, _: Any, service: str, operation: str, request: Any = None, *, items: str) -> Iterator[Any]:
        shape = model(service).operation_model(operation).output_shape.members[items]
        yield self.named(operation, filled(shape.member))

    def named(self, operation: str, row: Any) -> Any:
        """The row of what is wanted: by its name, and for tables with its columns."""
        want = self.want
        if not isinstance(row, dict):
            return row
        match operation:
            case "GetTables":
                row |= {"Name": want.spec.table, "DatabaseName": want.spec.database, "TableType": "EXTERNAL_TABLE"}
                for keys, place in (("Columns", row["StorageDescriptor"]), ("PartitionKeys", row)):
                    ours = self.written.get(keys) or self.written["StorageDescriptor"].get(keys, ())
                    place[keys] = [{**column, "Parameters": {"iceberg.field.id": "1"}} for column in ours]
            case "GetDatabases":
                row["Name"] = getattr(want.spec, "database", want.address.name)
                row.pop("TargetDatabase")
            case "ListEventBuses" | "ListTopics":
                row["Name"] = want.address.name
                row["TopicArn"] = f"arn:aws:sns:eu-west-1:{CENTRAL}:{want.address.name}"
            case "ListRules":
                row |= {
                    "Name": want.spec.name,
                    "EventPattern": "{}",
                    "State": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
                }
            case "ListTargetsByRule":
                row["Id"] = want.spec.targets[0].id
            case "ListResources":
                row["ResourceArn"] = want.address.name
            case "GetCrawlers":
                row |= {"Name": want.address.name, "Configuration": "{}", "LakeFormationConfiguration": {}}
            case "ListJobs":
                row |= {"Name": want.address.name, "Type": "RECIPE"}
            case _ if "Name" in row:
                row["Name"] = want.address.name
        return row


def filled(shape: Any, deep: int = 0) -> Any:
    """A value with every member of a shape set; recursive shapes end after a few steps."""
    match shape.type_name:
        case "structure":
            return {name: filled(each, deep + 1) for name, each in shape.members.items() if deep < 7}
        case "list":
            return [filled(shape.member, deep + 1)] if deep < 7 else []
        case "map":
            return {"theirs": filled(shape.value, deep + 1)}
        case "string":
            return shape.enum[0] if shape.enum else "theirs"
        case "integer" | "long":
            return 7
        case "double" | "float":
            return 7.0
        case "boolean":
            return True
        case other:
            return f"a {other}"


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    match value:
        case dict():
            for key, each in value.items():
                yield from leaves(each, (*at, key))
        case list() | tuple():
            for number, each in enumerate(value):
                yield from leaves(each, (*at, number))
        case _:
            yield at, value


def below(value: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        value = value[name]
    return value


def member(shape: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        shape = shape.members[name]
    return shape.member if shape.type_name == "list" else shape


def found_and_wanted(name: str) -> tuple[AnyResource, AnyResource, tuple[Call, ...], Furnished]:
    """Something furnished of a kind, the richest that the full mesh asks for, and how that would be made."""
    kind: AnyKind = registry()[name]
    want = max(compile_mesh(mesh(), registry()).of_kind(name), key=lambda each: len(str(each.spec)))
    made = kind.create(want)
    written = next((call.params["TableInput"] for call in made if "TableInput" in call.params), {})
    aws = Furnished(want, written)
    (have,) = [each for each in kind.observe(aws, want.address.placement, mesh()) if each.address == want.address]
    return have, want, made, aws


def test_every_kind_that_updates_has_a_law() -> None:
    assert set(LAWS) | set(IN_PARTS) == {kind.name for kind in registry().values()}
    assert not set(LAWS) & set(IN_PARTS)


@pytest.mark.parametrize(
    ("name", "law"),
    [(name, law) for name, laws in LAWS.items() for law in laws],
    ids=lambda each: each if isinstance(each, str) else each.written,
)
def test_what_others_set_comes_back_as_it_was(name: str, law: Law) -> None:
    kind = registry()[name]
    have, want, made, aws = found_and_wanted(name)
    # Whatever the mesh may want otherwise, is: so no request is left out.
    merged = kind.merge_unmanaged(want, have)
    if name == "bucket":
        other = {"encryption": "arn:aws:kms:eu-west-1:222222222222:key/other", "expires": (("theirs/", 3),)}
        merged = replace(merged, spec=replace(merged.spec, **other))
    (call,) = [each for each in kind.update(have, merged) if each.operation == law.written]
    takes = member(model(call.service).operation_model(law.written).input_shape, law.inside)
    answer = aws.read(None, call.service, law.found)
    top = law.below.partition(".")[0]
    if top and isinstance(answer[top], list):
        answer[top] = list(aws.pages(None, call.service, law.found, items=top))
    row = below(answer, law.below)
    came = below(dict(call.params), law.inside)
    row = row[0] if isinstance(row, list) else row
    if isinstance(came, list):
        # Of many, that which is most like what is there.
        came = max(came, key=lambda each: sum(dict(leaves(each)).get(path) == value for path, value in leaves(row)))
    ours = {path for each in made for path, _ in leaves(_document(each, law))}
    lost = {
        path: value
        for path, value in leaves(row)
        if path[0] in takes.members
        and path[0] not in law.ours
        and not ({*path} & law.ours)
        and path not in ours
        and path not in law.settings
        and dict(leaves(came)).get(path) != value
    }
    assert lost == {}


def _document(call: Call, law: Law) -> Any:
    """What we write of it when we make it, so say as a whole."""
    try:
        found = below(dict(call.params), law.inside)
    except KeyError:
        documents = [each for each in call.params.values() if isinstance(each, dict)]
        found = documents[0] if len(documents) == 1 else dict(call.params)
    return found[0] if isinstance(found, list) and found else found


def test_updates_that_name_what_they_change_lower_nothing() -> None:
    """Workgroups and topics: what the mesh does not name is not in the request, or not weaker than it was."""
    have, want, _, _ = found_and_wanted("workgroup")
    silent = replace(want, spec=replace(want.spec, cutoff=0))
    (call,) = registry()["workgroup"].update(have, registry()["workgroup"].merge_unmanaged(silent, have))
    assert not [path for path, _ in leaves(call.params) if any(str(each).startswith("Remove") for each in path)]
    assert "EncryptionConfiguration" not in call.params["ConfigurationUpdates"]["ResultConfigurationUpdates"]
    assert call.params["ConfigurationUpdates"].get("BytesScannedCutoffPerQuery", 7) == 7

    have, want, _, _ = found_and_wanted("topic")
    silent = replace(want, spec=replace(want.spec, key=""))
    calls = registry()["topic"].update(have, registry()["topic"].merge_unmanaged(silent, have))
    assert "KmsMasterKeyId" not in {call.params.get("AttributeName") for call in calls}


def test_tags_of_others_stay_on_everything_that_is_tagged_anew() -> None:
    tags = (("cost-centre", "17"), (MARK, "bank"))
    for name in ("bucket", "iam-role"):
        kind = registry()[name]
        want = compile_mesh(mesh(), registry()).of_kind(name)[0]
        have = replace(want, spec=replace(want.spec, tags=tags))
        text = json.dumps([call.as_json() for call in kind.update(have, kind.merge_unmanaged(want, have))])
        assert "cost-centre" in text, name
    assert mark_text(mesh()) == f"{MARK}=bank"
