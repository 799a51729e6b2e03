"""Crawlers read the objects of S3 and write the tables that they find."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import sandbox
from tests.sandbox.athena import rows
from tests.sandbox.conftest import CONSUMER, OWNER, Http, document
from tests.sandbox.lakes import Lake

GLUE = {"Service": "glue.amazonaws.com"}
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
PEOPLE = b"""Id,Name,Height,Born,Seen
1,Ann,1.7,1990-01-02,2024-01-02 10:00:00
2,Bob,1.8,1980-03-04,2024-01-03 11:30:00
"""


@pytest.fixture
def glue(http: Http) -> Any:
    s3 = http.client("s3")
    for bucket in ("lake", "results"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="lake", Key="raw/people/1.csv", Body=PEOPLE)
    http.role(OWNER, "crawler", ANYTHING, trust=GLUE)
    client = http.client("glue")
    client.create_database(DatabaseInput={"Name": "raw"})
    return client


def crawl(glue: Any, **more: Any) -> dict[str, Any]:
    """Define and run a crawler, and wait for its end."""
    definition = {
        "Name": "c",
        "Role": "crawler",
        "DatabaseName": "raw",
        "Targets": {"S3Targets": [{"Path": "s3://lake/raw/people/"}]},
        **more,
    }
    if definition["Name"] not in glue.list_crawlers()["CrawlerNames"]:
        glue.create_crawler(**definition)
    glue.start_crawler(Name=definition["Name"])
    return ended(glue, definition["Name"])


def ended(glue: Any, name: str) -> dict[str, Any]:
    for _ in range(5):
        found: dict[str, Any] = glue.get_crawler(Name=name)["Crawler"]
        if found["State"] == "READY":
            return found
    raise AssertionError("the crawl does not end")


def columns(glue: Any, table: str, database: str = "raw") -> list[tuple[str, str]]:
    found = glue.get_table(DatabaseName=database, Name=table)["Table"]
    return [(c["Name"], c["Type"]) for c in found["StorageDescriptor"]["Columns"]]


def names(glue: Any, database: str = "raw") -> list[str]:
    return [t["Name"] for t in glue.get_tables(DatabaseName=database)["TableList"]]


def test_a_crawl_of_csv_makes_a_table_that_athena_reads(http: Http, glue: Any) -> None:
    """add-classifier, built-in CSV classifier: header, types, LazySimpleSerDe."""
    assert crawl(glue)["LastCrawl"]["Status"] == "SUCCEEDED"
    assert columns(glue, "people") == [
        ("id", "bigint"),
        ("name", "string"),
        ("height", "double"),
        ("born", "date"),
        ("seen", "timestamp"),
    ]
    got = rows(http.client("athena"), "SELECT name, height, born FROM raw.people WHERE id = 2")
    assert got == [["name", "height", "born"], ["Bob", "1.8", "1980-03-04"]]


def test_a_crawl_of_parquet_keeps_the_file_s_types(http: Http, glue: Any, tmp_path: Path) -> None:
    """add-classifier, Parquet: the schema at the end of the file."""
    path = tmp_path / "p.parquet"
    duckdb.sql("SELECT 1::INTEGER AS a, 2::BIGINT AS b, 'x' AS c, DATE '2024-01-01' AS d").write_parquet(str(path))
    http.client("s3").put_object(Bucket="lake", Key="raw/files/p.parquet", Body=path.read_bytes())
    crawl(glue, Targets={"S3Targets": [{"Path": "s3://lake/raw/files/"}]})
    assert columns(glue, "files") == [("a", "int"), ("b", "bigint"), ("c", "string"), ("d", "date")]


def test_the_state_goes_from_running_over_stopping_to_ready(glue: Any) -> None:
    """API_Crawler: State."""
    crawl(glue)
    glue.start_crawler(Name="c")
    with pytest.raises(glue.exceptions.CrawlerRunningException):
        glue.start_crawler(Name="c")
    assert [glue.get_crawler(Name="c")["Crawler"]["State"] for _ in range(3)] == ["RUNNING", "STOPPING", "READY"]
    with pytest.raises(glue.exceptions.CrawlerNotRunningException):
        glue.stop_crawler(Name="c")


def test_folders_of_different_schemas_are_tables_and_of_one_schema_partitions(http: Http, glue: Any) -> None:
    """crawler-s3-folder-table-partition."""
    s3 = http.client("s3")
    s3.put_object(Bucket="lake", Key="raw/shops/1.csv", Body=b"shop,town\n1,Ulm\n2,Bonn\n")
    for year in ("2024", "2025"):
        s3.put_object(Bucket="lake", Key=f"raw/sold/year={year}/1.csv", Body=b"item,price\n1,9.5\n2,3.5\n")
    crawl(glue, TablePrefix="t_", Targets={"S3Targets": [{"Path": "s3://lake/raw/"}]})
    assert names(glue) == ["t_people", "t_shops", "t_sold"]
    found = glue.get_table(DatabaseName="raw", Name="t_sold")["Table"]
    assert [k["Name"] for k in found["PartitionKeys"]] == ["year"]
    partitions = glue.get_partitions(DatabaseName="raw", TableName="t_sold")["Partitions"]
    assert [p["Values"] for p in partitions] == [["2024"], ["2025"]]
    assert rows(http.client("athena"), "SELECT year, sum(price) FROM raw.t_sold GROUP BY 1 ORDER BY 1")[1:] == [
        ["2024", "13.0"],
        ["2025", "13.0"],
    ]


@pytest.mark.parametrize(("behaviour", "found"), [("UPDATE_IN_DATABASE", "country"), ("LOG", "name")])
def test_the_update_behaviour_decides_whether_a_table_changes(
    http: Http, glue: Any, behaviour: str, found: str
) -> None:
    """crawler-schema-changes-prevent: UpdateBehavior."""
    crawl(glue, SchemaChangePolicy={"UpdateBehavior": behaviour, "DeleteBehavior": "LOG"})
    http.client("s3").put_object(Bucket="lake", Key="raw/people/1.csv", Body=b"id,country\n1,de\n2,fr\n")
    crawl(glue)
    assert columns(glue, "people")[1][0] == found


@pytest.mark.parametrize(
    ("behaviour", "left"), [("DELETE_FROM_DATABASE", []), ("DEPRECATE_IN_DATABASE", ["people"]), ("LOG", ["people"])]
)
def test_the_delete_behaviour_decides_what_becomes_of_a_table_without_objects(
    http: Http, glue: Any, behaviour: str, left: list[str]
) -> None:
    """crawler-schema-changes-prevent: DeleteBehavior."""
    crawl(glue, SchemaChangePolicy={"UpdateBehavior": "LOG", "DeleteBehavior": behaviour})
    http.client("s3").delete_object(Bucket="lake", Key="raw/people/1.csv")
    crawl(glue)
    assert names(glue) == left
    if left:
        parameters = glue.get_table(DatabaseName="raw", Name="people")["Table"]["Parameters"]
        assert ("DEPRECATED_BY_CRAWLER" in parameters) == (behaviour == "DEPRECATE_IN_DATABASE")


def test_a_catalog_target_gets_new_columns_and_keeps_the_old(http: Http, glue: Any) -> None:
    """crawler-configuration: MergeNewColumns; catalog targets."""
    output = {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}
    storage = {"Columns": [{"Name": "id", "Type": "int", "Comment": "key"}], "Location": "s3://lake/raw/people/"}
    glue.create_table(DatabaseName="raw", TableInput={"Name": "mine", "StorageDescriptor": storage})
    crawl(
        glue,
        Targets={"CatalogTargets": [{"DatabaseName": "raw", "Tables": ["mine"]}]},
        SchemaChangePolicy={"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"},
        Configuration=json.dumps({"Version": 1.0, "CrawlerOutput": output}),
    )
    assert columns(glue, "mine")[:2] == [("id", "int"), ("name", "string")]
    assert names(glue) == ["mine"]


def test_what_a_crawler_would_ignore_is_refused(glue: Any) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*CRAWL_NEW_FOLDERS_ONLY"):
        crawl(glue, RecrawlPolicy={"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"})
    with pytest.raises(ClientError, match=r"NotImplemented.*Grouping"):
        crawl(glue, Configuration=json.dumps({"Version": 1.0, "Grouping": {"TableLevelConfiguration": 2}}))
    with pytest.raises(ClientError, match=r"NotImplemented.*JdbcTargets"):
        crawl(glue, Targets={"JdbcTargets": [{"Path": "x"}]})


def test_a_role_that_does_not_trust_glue_is_refused(http: Http, glue: Any) -> None:
    """crawler-prereqs: the role must trust glue.amazonaws.com."""
    http.role(OWNER, "human", ANYTHING)
    for role in ("human", "nobody"):
        with pytest.raises(ClientError, match="TrustPolicy"):
            crawl(glue, Role=role)


def test_a_crawl_reads_with_its_role_s_rights_and_fails_without(http: Http, glue: Any) -> None:
    """crawler-prereqs: the role needs rights in S3."""
    http.role(OWNER, "blind", {"Effect": "Allow", "Action": "glue:*", "Resource": "*"}, trust=GLUE)
    last = crawl(glue, Role="blind")["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert "s3:ListBucket" in last["ErrorMessage"]
    assert names(glue) == []


def test_the_caller_must_be_allowed_to_pass_the_role(http: Http, glue: Any) -> None:
    """IAM user guide, id_roles_use_passrole: iam:PassRole with iam:PassedToService."""
    http.role(OWNER, "maker", {"Effect": "Allow", "Action": "glue:*", "Resource": "*"})
    with pytest.raises(ClientError, match="iam:PassRole"):
        crawl(http.client("glue", OWNER, "maker"))
    passes = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": f"arn:aws:iam::{OWNER}:role/crawler",
        "Condition": {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}},
    }
    http.client("iam").put_role_policy(RoleName="maker", PolicyName="pass", PolicyDocument=document(passes))
    assert crawl(http.client("glue", OWNER, "maker"))["LastCrawl"]["Status"] == "SUCCEEDED"


def open_to_the_lake(account: str, bucket: str) -> str:
    """A bucket policy that lets another account's Lake Formation read."""
    name = "aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess"
    who = {"AWS": f"arn:aws:iam::{account}:role/{name}"}
    places = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return document({"Effect": "Allow", "Principal": who, "Action": ["s3:Get*", "s3:List*"], "Resource": places})


def test_a_crawl_through_a_link_writes_into_the_owner_s_catalog(http: Http) -> None:
    """crawler-lf-integ, cross-account crawling: the link's target takes the table, with Lake Formation's rights."""
    owner, producer = Lake(http, OWNER), Lake(http, CONSUMER)
    s3 = http.client("s3", CONSUMER)
    s3.create_bucket(Bucket="produce", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="produce", Key="people/1.csv", Body=PEOPLE)
    owner.lf.register_resource(ResourceArn="arn:aws:s3:::produce", UseServiceLinkedRole=True)
    s3.put_bucket_policy(Bucket="produce", Policy=open_to_the_lake(OWNER, "produce"))
    owner.database()
    actions = ["glue:*", "lakeformation:GetDataAccess"]
    role = http.role(CONSUMER, "crawler", {"Effect": "Allow", "Action": actions, "Resource": "*"}, trust=GLUE)
    target = {"CatalogId": OWNER, "DatabaseName": "sales"}
    producer.glue.create_database(DatabaseInput={"Name": "rl_sales", "TargetDatabase": target})
    settings = {"UseLakeFormationCredentials": True, "AccountId": OWNER}
    definition = {
        "Name": "c",
        "Role": "crawler",
        "DatabaseName": "rl_sales",
        "Targets": {"S3Targets": [{"Path": "s3://produce/people/"}]},
        "LakeFormationConfiguration": settings,
    }
    assert crawl(producer.glue, **definition)["LastCrawl"]["Status"] == "FAILED"
    owner.grant(role, {"Database": {"Name": "sales"}}, "CREATE_TABLE")
    location = {"DataLocation": {"ResourceArn": "arn:aws:s3:::produce"}}
    owner.grant(role, location, "DATA_LOCATION_ACCESS")
    producer.grant(role, {"Database": {"Name": "rl_sales"}}, "DESCRIBE")
    for invitation in producer.ram.get_resource_share_invitations()["resourceShareInvitations"]:
        arn = invitation["resourceShareInvitationArn"]
        producer.ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)
    for _ in range(3):
        for kind in ("RESOURCE", "PRINCIPAL"):
            owner.ram.get_resource_share_associations(associationType=kind)
    found = crawl(producer.glue, **definition)
    assert found["LastCrawl"]["Status"] == "SUCCEEDED", found
    assert names(owner.glue, "sales") == ["people"]


@pytest.mark.parametrize(
    ("targets", "lake"),
    [
        ([{"DatabaseName": "sales", "Tables": ["a", "b"]}], {}),
        ([{"DatabaseName": "sales", "Tables": ["a"]}, {"DatabaseName": "sales", "Tables": ["b"]}], {}),
        ([{"DatabaseName": "rl_sales", "Tables": ["a"]}], {}),
        ([{"DatabaseName": "sales", "Tables": ["a"]}], {"AccountId": OWNER}),
    ],
)
def test_with_the_lake_s_credentials_one_table_of_the_own_account_is_crawled(
    http: Http, targets: list[dict[str, object]], lake: dict[str, str]
) -> None:
    """crawler-lf-integ: one catalog target with one table, and the crawler in the table's account."""
    here = Lake(http, CONSUMER)
    for name in ("sales", "other"):
        here.glue.create_database(DatabaseInput={"Name": name})
    target = {"CatalogId": OWNER, "DatabaseName": "sales"}
    here.glue.create_database(DatabaseInput={"Name": "rl_sales", "TargetDatabase": target})
    http.role(CONSUMER, "crawler", ANYTHING, trust=GLUE)
    with pytest.raises(ClientError, match=r"one table|same account"):
        here.glue.create_crawler(
            Name="c",
            Role="crawler",
            DatabaseName="sales",
            Targets={"CatalogTargets": targets},
            SchemaChangePolicy={"DeleteBehavior": "LOG"},
            LakeFormationConfiguration={"UseLakeFormationCredentials": True, **lake},
        )


def test_a_crawler_runs_by_its_schedule() -> None:
    """monitor-data-warehouse-schedule: cron in UTC."""
    with sandbox(start=datetime(2026, 1, 1, 11, 0, tzinfo=UTC)) as aws:
        session = aws.session(OWNER)
        s3, glue, iam = session.client("s3"), session.client("glue"), session.client("iam")
        s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket="lake", Key="people/1.csv", Body=PEOPLE)
        trust = {"Effect": "Allow", "Principal": GLUE, "Action": "sts:AssumeRole"}
        iam.create_role(RoleName="crawler", AssumeRolePolicyDocument=document(trust))
        iam.put_role_policy(RoleName="crawler", PolicyName="p", PolicyDocument=document(ANYTHING))
        glue.create_database(DatabaseInput={"Name": "raw"})
        glue.create_crawler(
            Name="c",
            Role="crawler",
            DatabaseName="raw",
            Schedule="cron(15 12 * * ? *)",
            Targets={"S3Targets": [{"Path": "s3://lake/people/"}]},
        )
        aws.world.clock.advance(3000)
        assert names(glue) == []
        # A session lives for an hour, so another one looks at what the schedule did.
        aws.world.clock.advance(3600)
        assert names(aws.session(OWNER).client("glue")) == ["people"]
