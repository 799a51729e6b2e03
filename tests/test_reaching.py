"""What a write can change is asked again, and what it cannot change is not."""

from __future__ import annotations

import pytest

from tests.estate import ANALYTICS, BANKING, CENTRAL
from tests.reaching import TAGS, ReadRequest, reaches
from tests.writes import OTHERS, Write, accounts_in

READER = "ours/reader"


def read(service: str, operation: str, account: str = CENTRAL, **params: object) -> ReadRequest:
    return ReadRequest.of(READER, f"{account}/eu-west-1", service, operation, params)


def written(service: str, operation: str, account: str = CENTRAL, about: str = "") -> Write:
    return Write(service, account, operation, about)


READS = (
    read("iam", "GetRole"),
    read("glue", "GetTables", DatabaseName="sales"),
    read("glue", "GetDataQualityRuleset"),
    read("glue", "GetCrawlers"),
    read("lakeformation", "ListPermissions"),
    read("lakeformation", "GetDataLakeSettings"),
    read("ram", "GetResourceShareAssociations"),
    read("s3", "GetBucketTagging", Bucket="one"),
    read("s3", "GetObject", Bucket="one", Key="a"),
    read("sns", "ListTopics"),
    read("events", "ListRules"),
    read("athena", "ListWorkGroups"),
    read("databrew", "ListRecipes"),
    read(TAGS, "GetResources"),
)


@pytest.mark.parametrize("asked", READS, ids=lambda asked: f"{asked.service}.{asked.operation}")
def test_what_nobody_knows_reaches_everything(asked: ReadRequest) -> None:
    assert reaches(Write("*"), asked)
    assert reaches(written("cloudformation", "CreateStack", BANKING), asked)


def test_a_write_of_iam_reaches_its_account_and_what_a_role_may_do_also_whoever_acts_as_it() -> None:
    """A role may have a path; requests name it without."""
    ours, theirs = read("glue", "GetTables"), read("glue", "GetTables", BANKING)
    assert reaches(written("iam", "CreateRole", about="somebody"), ours)
    assert reaches(written("iam", "PutRolePolicy", about="reader"), ours)
    assert not reaches(written("iam", "PutRolePolicy", about="somebody"), ours)
    assert reaches(written("iam", "PutRolePolicy", about="somebody"), read("iam", "GetRole"))
    assert not reaches(written("iam", "CreateRole", about="somebody"), theirs)
    assert not reaches(written("iam", "PutRolePolicy", about="reader"), theirs)


def test_a_bucket_is_reached_by_its_part_by_its_policy_and_by_its_end() -> None:
    tagging, objects = READS[7], READS[8]
    for operation in ("PutBucketTagging", "PutBucketPolicy", "DeleteBucket"):
        assert reaches(written("s3", operation, about="one"), tagging), operation
        assert not reaches(written("s3", operation, about="other"), tagging), operation
    assert not reaches(written("s3", "PutBucketVersioning", about="one"), tagging)
    assert not reaches(written("s3", "PutObject", about="one"), tagging)
    assert reaches(written("s3", "PutObject", about="one"), objects)
    assert reaches(written("s3", "CreateBucket", about="other"), read("s3", "ListBuckets"))
    assert not reaches(written("s3", "PutBucketPolicy", about="other"), read("s3", "ListBuckets"))
    assert reaches(written("s3", "PutBucketTagging", about="other"), read(TAGS, "GetResources"))
    assert not reaches(written("s3", "PutBucketPolicy", about="other"), read(TAGS, "GetResources"))


@pytest.mark.parametrize("operation", ["CreateTable", "DeleteDatabase", "PutResourcePolicy", "StartCrawler"])
def test_a_catalog_is_shown_in_every_account_and_in_lake_formation(operation: str) -> None:
    change = written("glue", operation, BANKING)
    assert reaches(change, read("glue", "GetTables"))
    assert reaches(change, read("lakeformation", "ListPermissions"))
    assert reaches(change, read("lakeformation", "ListDataCellsFilter")), "a filter goes with its table"
    assert not reaches(change, read("lakeformation", "GetDataLakeSettings"))
    assert not reaches(change, read("glue", "GetDataQualityRuleset"))
    assert not reaches(change, read(TAGS, "GetResources"))


def test_what_glue_has_beside_the_catalog_is_its_accounts_own() -> None:
    for operation in ("UpdateDataQualityRuleset", "DeleteJob", "TagResource"):
        change = written("glue", operation)
        assert reaches(change, read("glue", "GetDataQualityRuleset")), operation
        assert reaches(change, read("glue", "GetTags")), operation
        assert reaches(change, read(TAGS, "GetResources")), operation
        assert not reaches(change, read("glue", "GetDataQualityRuleset", BANKING)), operation
    assert not reaches(written("glue", "UpdateDataQualityRuleset"), read("glue", "GetTables"))
    assert not reaches(written("glue", "UpdateDataQualityRuleset"), read("lakeformation", "ListPermissions"))
    assert reaches(written("glue", "PutResourcePolicy"), read("glue", "GetResourcePolicy"))
    assert not reaches(written("glue", "CreateTable"), read("glue", "GetResourcePolicy"))


@pytest.mark.parametrize("operation", ["RevokePermissions", "AddLFTagsToResource", "UpdateLFTagExpression"])
def test_what_lake_formation_shows_reaches_the_catalogs_of_all(operation: str) -> None:
    change = written("lakeformation", operation, BANKING)
    for account in (BANKING, CENTRAL):
        assert reaches(change, read("glue", "GetTables", account))
        assert reaches(change, read("lakeformation", "ListPermissions", account))
        assert reaches(change, read("ram", "GetResourceShareAssociations", account))
        assert not reaches(change, read("glue", "GetDataQualityRuleset", account))
        assert not reaches(change, read(TAGS, "GetResources", account))


def test_a_grant_reaches_whom_it_names() -> None:
    """By account, as part of an organization, as everybody; and whoever asks about another account."""
    asked = read("glue", "GetTables")
    for about in (CENTRAL, f"{ANALYTICS} {CENTRAL}", OTHERS):
        assert reaches(written("lakeformation", "GrantPermissions", BANKING, about), asked), about
    within = written("lakeformation", "GrantPermissions", BANKING, BANKING)
    assert not reaches(within, asked)
    assert reaches(within, read("glue", "GetTables", BANKING))
    assert reaches(within, read("glue", "GetTables", CatalogId=BANKING))
    assert reaches(within, read("lakeformation", "ListPermissions", Principal={"DataLakePrincipalIdentifier": "any"}))
    assert reaches(within, read("lakeformation", "ListLFTags", ResourceShareType="ALL"))


def test_what_an_account_has_set_is_changed_by_itself_alone() -> None:
    settings, locations = read("lakeformation", "GetDataLakeSettings"), read("lakeformation", "ListResources")
    assert reaches(written("lakeformation", "PutDataLakeSettings"), settings)
    assert not reaches(written("lakeformation", "PutDataLakeSettings", BANKING), settings)
    assert not reaches(written("lakeformation", "GrantPermissions"), settings)
    assert reaches(written("lakeformation", "RegisterResource"), locations)
    assert reaches(written("lakeformation", "RegisterResource"), read("iam", "GetRole")), "it makes the linked role"
    assert not reaches(written("lakeformation", "RegisterResource", BANKING), locations)


def test_queries_and_jobs_reach_what_they_write() -> None:
    query, run = written("athena", "StartQueryExecution"), written("databrew", "StartJobRun")
    assert reaches(query, read("glue", "GetTables"))
    assert not reaches(written("athena", "CreateWorkGroup"), read("glue", "GetTables"))
    for change in (query, run, written("glue", "StartJobRun")):
        assert reaches(change, READS[8])
        assert not reaches(change, READS[7])


def test_accounts_are_found_wherever_a_request_names_them() -> None:
    principal = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{BANKING}:role/x"}
    assert (
        accounts_in({"Resource": {"Table": {"CatalogId": CENTRAL}}, "Principal": principal}) == f"{CENTRAL} {BANKING}"
    )
    everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    assert accounts_in({"Entries": [{"Principal": everybody}]}) == OTHERS
    assert accounts_in({"Name": "1234567890123"}) == ""
