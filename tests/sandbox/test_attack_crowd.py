"""32 clients at once, over HTTP or in process, each reading and writing in its own way: nothing is lost or breaks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox
from tests.sandbox.athena import cards
from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import Inside, Lake, database, principal, table

CROWD = 32


@pytest.fixture(params=["over HTTP", "in process"])
def lake(request: pytest.FixtureRequest) -> Lake:
    """A lake with buckets, over HTTP or in process."""
    way_in: Http | Inside
    if request.param == "over HTTP":
        way_in = request.getfixturevalue("http")
    else:
        aws: Sandbox = request.getfixturevalue("aws")
        way_in = Inside(aws)
    made = Lake(way_in, OWNER)
    for bucket in ("lake", "results"):
        made.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    made.lf.create_lf_tag(TagKey="crowd", TagValues=[str(number) for number in range(CROWD)])
    made.database()
    return made


def busy(lake: Lake, number: int, rounds: int) -> Callable[[], list[str]]:
    """What one client does, with clients of its own; it gives back the codes of the errors that it saw."""
    clients = {name: lake.http.client(name, OWNER) for name in ("glue", "lakeformation", "s3", "athena", "iam", "ram")}
    role = lake.role(f"crowd-{number}")

    def work() -> list[str]:
        glue, lf, s3, athena = (clients[name] for name in ("glue", "lakeformation", "s3", "athena"))
        seen: list[str] = []
        for round_ in range(rounds):
            name = f"t{number}_{round_}"
            s3.put_object(Bucket="lake", Key=f"{name}/1.csv", Body=f"id,name,age,land\n{number},x,1,de\n".encode())
            described = cards(Name=name)
            described["StorageDescriptor"]["Location"] = f"s3://lake/{name}/"
            glue.create_table(DatabaseName="sales", TableInput=described)
            tags = [{"TagKey": "crowd", "TagValues": [str(number)]}]
            lf.add_lf_tags_to_resource(Resource=table(name), LFTags=tags)
            lf.grant_permissions(Principal=principal(role), Resource=table(name), Permissions=["SELECT"])
            lf.grant_permissions(Principal=principal(CONSUMER), Resource=table(name), Permissions=["DESCRIBE"])
            ask = {"QueryString": f"SELECT id FROM sales.{name}"}
            place = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
            done = athena.start_query_execution(**ask, **place)["QueryExecutionId"]
            rows = athena.get_query_results(QueryExecutionId=done)["ResultSet"]["Rows"]
            assert [row["Data"][0]["VarCharValue"] for row in rows] == ["id", str(number)]
            lf.list_permissions(Resource=table(name))
            clients["ram"].get_resource_shares(resourceOwner="SELF")
            clients["iam"].get_role(RoleName=f"crowd-{number}")
            try:
                glue.create_table(DatabaseName="sales", TableInput={"Name": f"contested_{round_}"})
            except ClientError as refused:
                seen.append(refused.response["Error"]["Code"])
        return seen

    return work


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_a_crowd_of_readers_and_writers_loses_nothing(lake: Lake, rounds: int) -> None:
    """sandbox.md: 32 clients at once; of those who want one name, exactly one gets it."""
    lake.client("athena")
    work = [busy(lake, number, rounds) for number in range(CROWD)]
    lake.grant(lake.admin, database(), "DESCRIBE")
    with ThreadPoolExecutor(CROWD) as pool:
        codes = [code for seen in pool.map(lambda one: one(), work) for code in seen]
    assert codes == ["AlreadyExistsException"] * (rounds * (CROWD - 1))
    names = {f"t{number}_{round_}" for number in range(CROWD) for round_ in range(rounds)}
    pages = lake.glue.get_paginator("get_tables").paginate(DatabaseName="sales")
    assert names <= {each["Name"] for page in pages for each in page["TableList"]}
    granted = {
        (row["Principal"]["DataLakePrincipalIdentifier"].rpartition("/")[2], row["Resource"].popitem()[1]["Name"])
        for row in lake.rows(ResourceType="TABLE")
    }
    for number in range(CROWD):
        for round_ in range(rounds):
            assert {(f"crowd-{number}", f"t{number}_{round_}"), (CONSUMER, f"t{number}_{round_}")} <= granted
    tagged = lake.lf.search_tables_by_lf_tags(Expression=[{"TagKey": "crowd", "TagValues": ["7"]}])["TableList"]
    assert {each["Table"]["Name"] for each in tagged} == {f"t7_{round_}" for round_ in range(rounds)}
