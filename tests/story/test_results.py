"""Query results are data: nobody lists, reads, fetches or overwrites those of somebody else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.spec.documents.consumer import Principal
from reconciler.spec.names import principal_arn
from reconciler.spec.results import QueryWorkgroup, workgroups_of
from tests.estate import ANALYTICS, REGION, Estate, actions, bank, placement, wave_of
from tests.until import until

CONSUMER = bank().consumers["analytics-coe"]
WORKGROUPS = {each.principal.name: each for each in workgroups_of(bank(), CONSUMER) if each.principal}
REFUSED = {"AccessDenied", "AccessDeniedException", "403"}


def as_reader(estate: Estate, principal: Principal | None) -> Any:
    """A session of somebody who has assumed a reader's role."""
    assert principal is not None
    own = estate.aws.session(ANALYTICS, region=REGION)
    arn = principal_arn(bank(), CONSUMER, principal)
    keys = own.client("sts").assume_role(RoleArn=arn, RoleSessionName="reader")["Credentials"]
    return type(own)(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)


def answered(session: Any, workgroup: str) -> tuple[str, str]:
    """Id and place of the results of a query in a workgroup."""
    athena = session.client("athena")
    query = athena.start_query_execution(QueryString="SELECT 1", WorkGroup=workgroup)["QueryExecutionId"]

    def ended() -> bool:
        told = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        return told["Status"]["State"] not in ("QUEUED", "RUNNING")

    until(ended)
    execution = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    return query, execution["ResultConfiguration"]["OutputLocation"]


def refused(request: Any, **params: Any) -> bool:
    """Whether AWS refuses a request for want of a right."""
    try:
        request(**params)
    except ClientError as error:
        return error.response["Error"]["Code"] in REFUSED
    return False


@pytest.mark.parametrize("other", WORKGROUPS)
@pytest.mark.parametrize("reader", WORKGROUPS)
def test_a_reader_reaches_the_results_of_his_own_queries_and_of_nobody_elses(
    built: Estate, reader: str, other: str
) -> None:
    own, theirs = WORKGROUPS[reader], WORKGROUPS[other]
    session, owner = as_reader(built, own.principal), as_reader(built, theirs.principal)
    query, place = answered(owner, theirs.name)
    bucket, _, key = place.removeprefix("s3://").partition("/")
    s3, athena = session.client("s3"), session.client("athena")
    tries = {
        "list": refused(s3.list_objects_v2, Bucket=bucket, Prefix=theirs.prefix),
        "read": refused(s3.get_object, Bucket=bucket, Key=key),
        "overwrite": refused(s3.put_object, Bucket=bucket, Key=key, Body=b"1"),
        "fetch": refused(athena.get_query_results, QueryExecutionId=query),
        "query there": refused(athena.start_query_execution, QueryString="SELECT 1", WorkGroup=theirs.name),
    }
    assert set(tries.values()) == {reader != other}, tries
    assert refused(s3.list_objects_v2, Bucket=bucket), "not even names are listed without a prefix of one's own"


def test_a_prefix_that_begins_like_ones_own_is_not_ones_own() -> None:
    """`data-scientist` and `data-scientist-2`: prefixes end at a slash."""
    for one in WORKGROUPS.values():
        assert one.prefix.endswith("/")
        assert not any(other.prefix.startswith(one.prefix) for other in WORKGROUPS.values() if other != one)


def test_only_the_results_of_the_mesh_expire(built: Estate) -> None:
    (bucket,) = {each.bucket for each in WORKGROUPS.values()}
    rules = built.client("s3", ANALYTICS).get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert {rule["Filter"]["Prefix"] for rule in rules} == {each.prefix for each in WORKGROUPS.values()}


def shared(estate: Estate) -> QueryWorkgroup:
    """AWS as a mesh of before has made it: one workgroup and one place of results for all readers of a consumer."""
    (bucket,) = {each.bucket for each in WORKGROUPS.values()}
    old = QueryWorkgroup(placement(ANALYTICS), "bank-analytics-coe", bucket, "", None)
    iam, athena = estate.client("iam", ANALYTICS), estate.client("athena", ANALYTICS)
    configuration = {
        "EnforceWorkGroupConfiguration": True,
        "ResultConfiguration": {"OutputLocation": f"s3://{bucket}/"},
    }
    athena.create_work_group(Name=old.name, Description="meshform:mesh=bank", Configuration=configuration)
    for workgroup in WORKGROUPS.values():
        assert workgroup.principal is not None
        role = {"RoleName": workgroup.principal.name, "PolicyName": "meshform"}
        policy = iam.get_role_policy(**role)["PolicyDocument"]
        text = json.dumps(policy).replace(f"workgroup/{workgroup.name}", f"workgroup/{old.name}")
        iam.put_role_policy(**role, PolicyDocument=text)
        athena.delete_work_group(WorkGroup=workgroup.name, RecursiveDeleteOption=True)
    return old


def test_readers_who_shared_a_workgroup_are_parted_and_nobody_is_without_one_in_between(built: Estate) -> None:
    old = shared(built)
    review = built.review()
    assert any(each.rule == "workgroup-loss" and old.name in each.message for each in review.findings)
    plan = built.plan()
    assert actions(plan) == {
        f"delete workgroup {old.name}",
        *(f"create workgroup {each.name}" for each in WORKGROUPS.values()),
        *(f"update iam-role {name}" for name in WORKGROUPS),
    }
    waves = {f"{address.kind} {address.name}": wave for address, wave in wave_of(plan).items()}
    for name, workgroup in WORKGROUPS.items():
        assert waves[f"workgroup {workgroup.name}"] < waves[f"iam-role {name}"] < waves[f"workgroup {old.name}"]
    built.repair()


def test_a_consumer_without_principals_has_one_workgroup_for_its_account() -> None:
    (only,) = workgroups_of(bank(), CONSUMER.model_copy(update={"principals": ()}))
    assert (only.name, only.prefix, only.principal) == ("bank-analytics-coe", "analytics-coe/", None)


def test_a_name_that_is_too_long_is_cut_and_still_tells_principals_apart() -> None:
    people = tuple(
        each.model_copy(update={"name": f"{'p' * 49}{number}"}) for number, each in enumerate(CONSUMER.principals)
    )
    consumer = CONSUMER.model_copy(update={"name": "c" * 50, "principals": people})
    mesh = replace(bank(), settings=bank().settings.model_copy(update={"name": "m" * 50}))
    names = {each.name for each in workgroups_of(mesh, consumer)}
    assert len(names) == len(people) == 2
    assert {len(name) for name in names} == {128}
