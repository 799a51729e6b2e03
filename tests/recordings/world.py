"""A small world in the sandbox in which every recorded operation has something to answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from moto.s3.models import s3_backends

from reconciler.sandbox import Sandbox
from tests.sandbox.conftest import CONSUMER, OWNER, document
from tests.sandbox.lakes import (
    ACCESS_ROLE,
    EVERYTHING,
    Inside,
    Lake,
    all_tables,
    cells,
    columns,
    database,
    policy,
    principal,
    table,
    tag,
)

TRUST = document({"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"})
BUCKET = {"Bucket": "lake", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
GLUE_POLICY = document(
    {"Effect": "Allow", "Principal": {"Service": "ram.amazonaws.com"}, "Action": "glue:ShareResource", "Resource": "*"}
)
PATTERN = '{"source":["aws.glue"]}'


class Recorded:
    """An owner's lake with tags, filters, a crawler, rules, and what it shares with a consumer."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self._clients: dict[tuple[str, str, str], Any] = {}
        self.owner = Lake(Inside(aws), open_defaults=True)
        lake = self.owner
        self.client("s3").create_bucket(**BUCKET)
        lake.database("open")
        lake.settings(Parameters={"CROSS_ACCOUNT_VERSION": "4"})
        lake.sales()
        lake.tag("class", "public", "internal", "secret")
        lake.put(database(), **{"class": "public"})
        lake.put(columns("name"), **{"class": "secret"})
        reader = lake.role("reader")
        lake.grant(reader, database(), "DESCRIBE")
        lake.grant(reader, all_tables(), "SELECT")
        lake.filter("german", "country = 'de'")
        lake.grant(reader, cells("german"), "SELECT", "DESCRIBE", "DROP")
        lake.grant(reader, tag("class", "public"), "ASSOCIATE", "DESCRIBE")
        lake.lf.register_resource(ResourceArn="arn:aws:s3:::lake", RoleArn=reader)
        self.client("glue").put_resource_policy(PolicyInJson=GLUE_POLICY)
        for kind, permissions in (("DATABASE", ["DESCRIBE"]), ("TABLE", ["SELECT", "DESCRIBE"])):
            lake.grant(CONSUMER, policy(kind, **{"class": ["public", "internal"]}), *permissions, option=permissions)
        lake.grant(CONSUMER, table(), "SELECT")
        self.client("iam").create_role(RoleName="crawl", AssumeRolePolicyDocument=TRUST)
        targets = {"S3Targets": [{"Path": "s3://lake/sales", "Exclusions": []}]}
        self.client("glue").create_crawler(Name="orders", Role="crawl", DatabaseName="sales", Targets=targets)
        self.client("events").put_rule(Name="orders", EventPattern=PATTERN)
        self.client("events").put_targets(
            Rule="orders", Targets=[{"Id": "1", "Arn": f"arn:aws:sns:eu-west-1:{OWNER}:n"}]
        )
        self.client("athena").create_work_group(Name="analysts", Configuration=WORKGROUP)
        lake.settings(
            CreateTableDefaultPermissions=[{"Principal": principal("IAM_ALLOWED_PRINCIPALS"), "Permissions": ["ALL"]}],
            Parameters={"CROSS_ACCOUNT_VERSION": "4", "SET_CONTEXT": "TRUE"},
            ExternalDataFilteringAllowList=[principal(OWNER)],
            AllowExternalDataFiltering=True,
        )

    def client(self, service: str, account: str = OWNER, role: str = ACCESS_ROLE) -> Any:
        key = (service, account, role)
        if key not in self._clients:
            self._clients[key] = self.owner.http.client(*key)
        return self._clients[key]

    def forget_clients(self) -> None:
        """Make each client anew: the session of one that was made after a checkpoint is not known there."""
        self._clients.clear()

    def role(self, name: str, *statements: dict[str, Any], **more: Any) -> str:
        """A role of the owner with these statements in IAM, and nothing in Lake Formation."""
        return self.owner.http.role(OWNER, name, *statements, **more)

    @property
    def invitations(self) -> list[str]:
        found = self.client("ram", CONSUMER).get_resource_share_invitations()["resourceShareInvitations"]
        return [each["resourceShareInvitationArn"] for each in found if each["status"] == "PENDING"]

    @property
    def share(self) -> dict[str, Any]:
        """The share of a table."""
        shares = self.client("ram").get_resource_shares(resourceOwner="SELF")["resourceShares"]
        ram = self.client("ram")
        for share in shares:
            held = ram.list_resource_share_permissions(resourceShareArn=share["resourceShareArn"])["permissions"]
            if any("GlueTableReadWrite" in each["name"] and "LFTag" not in each["name"] for each in held):
                return dict(share)
        raise AssertionError("the table is not shared")


WORKGROUP = {
    "ResultConfiguration": {
        "OutputLocation": "s3://results/",
        "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": f"arn:aws:kms:eu-west-1:{OWNER}:key/1"},
    },
    "EnforceWorkGroupConfiguration": True,
}

Ask = Callable[[Recorded], Any]
SALES = {"Database": {"CatalogId": OWNER, "Name": "sales"}}
ORDERS = {"DatabaseName": "sales", "Name": "orders"}
EXPRESSION = [{"TagKey": "class", "TagValues": ["public"]}]
ENTRY = {
    "Id": "1",
    "Principal": principal("IAM_ALLOWED_PRINCIPALS"),
    "Resource": database(),
    "Permissions": ["DESCRIBE"],
}


def _grant(of: dict[str, Any], *permissions: str, to: str = "reader", role: str = ACCESS_ROLE, **more: Any) -> Ask:
    who = f"arn:aws:iam::{OWNER}:role/{to}" if not to.isdigit() else to
    given = {"Principal": principal(who), "Resource": of, "Permissions": list(permissions), **more}
    return lambda world: world.client("lakeformation", OWNER, role).grant_permissions(**given)


def _revoke(of: dict[str, Any], *permissions: str) -> Ask:
    given = {
        "Principal": principal(f"arn:aws:iam::{OWNER}:role/crawl"),
        "Resource": of,
        "Permissions": list(permissions),
    }
    return lambda world: world.client("lakeformation").revoke_permissions(**given)


def _call(service: str, operation: str, account: str = OWNER, **given: Any) -> Ask:
    return lambda world: getattr(world.client(service, account), operation)(**given)


#: How each operation is asked for what is recorded.
ASKED: dict[str, Ask] = {
    "GetDataLakeSettings": _call("lakeformation", "get_data_lake_settings"),
    "ListPermissions": lambda world: {
        "PrincipalResourcePermissions": [
            *world.owner.rows(),
            *world.owner.rows(Resource=table(), IncludeRelated="TRUE"),
        ]
    },
    "GetEffectivePermissionsForPath": lambda world: {
        "Permissions": world.client("lakeformation").get_effective_permissions_for_path(ResourceArn=_located(world))[
            "Permissions"
        ]
    },
    "GetLFTag": _call("lakeformation", "get_lf_tag", TagKey="class"),
    "ListLFTags": _call("lakeformation", "list_lf_tags"),
    "GetResourceLFTags": _call("lakeformation", "get_resource_lf_tags", Resource=table()),
    "SearchDatabasesByLFTags": _call("lakeformation", "search_databases_by_lf_tags", Expression=EXPRESSION),
    "SearchTablesByLFTags": _call("lakeformation", "search_tables_by_lf_tags", Expression=EXPRESSION),
    "ListResources": _call("lakeformation", "list_resources"),
    "AddLFTagsToResource": _call("lakeformation", "add_lf_tags_to_resource", Resource=table(), LFTags=EXPRESSION),
    "BatchGrantPermissions": _call("lakeformation", "batch_grant_permissions", Entries=[ENTRY]),
    "GrantPermissions": _grant(table(), "SELECT", to=CONSUMER),
    "GetDatabases": _call("glue", "get_databases"),
    "GetTables": _call("glue", "get_tables", DatabaseName="sales"),
    "GetResourcePolicy": _call("glue", "get_resource_policy"),
    "PutResourcePolicy": _call("glue", "put_resource_policy", PolicyInJson=GLUE_POLICY, EnableHybrid="TRUE"),
    "GetCrawlers": _call("glue", "get_crawlers"),
    "GetResourceShareInvitations": _call("ram", "get_resource_share_invitations", CONSUMER),
    "AcceptResourceShareInvitation": lambda world: world.client("ram", CONSUMER).accept_resource_share_invitation(
        resourceShareInvitationArn=world.invitations[0]
    ),
    "GetResourceShareAssociations": _call("ram", "get_resource_share_associations", associationType="PRINCIPAL"),
    "GetResourceShares": _call("ram", "get_resource_shares", resourceOwner="SELF"),
    "ListResourceSharePermissions": lambda world: world.client("ram").list_resource_share_permissions(
        resourceShareArn=world.share["resourceShareArn"]
    ),
    "DisassociateResourceShare": lambda world: world.client("ram").disassociate_resource_share(
        resourceShareArn=world.share["resourceShareArn"], principals=[CONSUMER]
    ),
    "DeleteResourceShare": lambda world: world.client("ram").delete_resource_share(
        resourceShareArn=world.share["resourceShareArn"]
    ),
    "GetWorkGroup": _call("athena", "get_work_group", WorkGroup="analysts"),
    "ListEventBuses": _call("events", "list_event_buses"),
    "ListRules": _call("events", "list_rules"),
    "ListTargetsByRule": _call("events", "list_targets_by_rule", Rule="orders"),
    "DeregisterResource": _call("lakeformation", "deregister_resource", ResourceArn="arn:aws:s3:::lake"),
    "GetJobs": lambda world: _jobs(world),
    "ListWorkGroups": _call("athena", "list_work_groups"),
    "GetQueryExecution": lambda world: _executed(world, "SELECT 1"),
    "GetBucketEncryption": lambda world: _encryption(world),
    "(event)": lambda world: _event(world),
}


def _jobs(world: Recorded) -> Any:
    glue = world.client("glue")
    for name, role in (("curate", f"arn:aws:iam::{OWNER}:role/crawl"), ("stream", "crawl")):
        script = {"Name": "glueetl", "ScriptLocation": "s3://code/x.py", "PythonVersion": "3"}
        arguments = {"--job-language": "python"}
        more = {"GlueVersion": "4.0", "Description": ""}
        glue.create_job(Name=name, Role=role, Command=script, DefaultArguments=arguments, **more)
    return glue.get_jobs()


def _executed(world: Recorded, sql: str, role: str = ACCESS_ROLE) -> Any:
    world.client("s3").create_bucket(**BUCKET | {"Bucket": "answers"})
    athena = world.client("athena", OWNER, role)
    given = {"ResultConfiguration": {"OutputLocation": "s3://answers/"}, "QueryExecutionContext": {"Database": "sales"}}
    started = athena.start_query_execution(QueryString=sql, **given)["QueryExecutionId"]
    return athena.get_query_execution(QueryExecutionId=started)


def _encryption(world: Recorded) -> Any:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    world.client("s3").put_bucket_encryption(Bucket="lake", ServerSideEncryptionConfiguration={"Rules": [rule]})
    return world.client("s3").get_bucket_encryption(Bucket="lake")


def _event(world: Recorded) -> Any:
    """What a rule for the table is told of its new partition."""
    url = world.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    events, glue = world.client("events"), world.client("glue")
    events.put_rule(Name="partitions", EventPattern='{"detail": {"typeOfChange": ["BatchCreatePartition"]}}')
    events.put_targets(Rule="partitions", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:eu-west-1:{OWNER}:q"}])
    world.owner.table(name="daily", keys=("day",))
    new = {"Values": ["2024"], "StorageDescriptor": {"Location": "s3://lake/sales/daily/2024/"}}
    glue.batch_create_partition(DatabaseName="sales", TableName="daily", PartitionInputList=[new])
    (message,) = world.client("sqs").receive_message(QueueUrl=url)["Messages"]
    return json.loads(message["Body"])


def _located(world: Recorded) -> str:
    """A place at which a database lies."""
    world.owner.database("located", LocationUri="s3://lake/located")
    return "arn:aws:s3:::lake/located"


def _as_nobody(service: str, operation: str, **given: Any) -> Ask:
    def ask(world: Recorded) -> Any:
        world.role("outsider", EVERYTHING)
        return getattr(world.client(service, OWNER, "outsider"), operation)(**given)

    return ask


def _without_ram(world: Recorded) -> Any:
    asks = ["lakeformation:*", "glue:*", "ram:CreateResourceShare"]
    granter = world.role("granter", {"Effect": "Allow", "Action": asks, "Resource": "*"})
    admins = [principal(world.owner.admin), principal(granter)]
    world.owner.settings(DataLakeAdmins=admins, Parameters={"CROSS_ACCOUNT_VERSION": "4"})
    world.owner.table(name="more")
    return _grant(table("more"), "SELECT", to=CONSUMER, role="granter")(world)


def _without_crawler_rights(world: Recorded) -> Any:
    world.role("nobody", {"Effect": "Allow", "Action": "glue:GetCrawler", "Resource": "*"})
    return world.client("glue", OWNER, "nobody").start_crawler(Name="orders")


def _closed(world: Recorded) -> None:
    """Everybody may create databases until IAM_ALLOWED_PRINCIPALS may not."""
    world.owner.revoke("IAM_ALLOWED_PRINCIPALS", {"Catalog": {}}, "CREATE_DATABASE")


def _create_denied(world: Recorded) -> Any:
    _closed(world)
    return _as_nobody("glue", "create_database", DatabaseInput={"Name": "x"})(world)


def _failed(sql: str, role: str = ACCESS_ROLE, *statements: dict[str, Any]) -> Ask:
    """The end of a query that fails, as a refusal."""

    def ask(world: Recorded) -> Any:
        if statements:
            _closed(world)
            world.role(role, *statements)
        status = _executed(world, sql, role)["QueryExecution"]["Status"]
        error = {"Code": status["State"], "Message": status.get("StateChangeReason", "")}
        answer: Any = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}
        raise ClientError(answer, "StartQueryExecution")

    return ask


def _without_key(world: Recorded) -> Any:
    """Files of a registered place are encrypted with a key that its role may not use."""
    key = world.client("kms").create_key()["KeyMetadata"]["Arn"]
    marks = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    world.client("s3").put_object(Bucket="lake", Key="sales/orders/x.csv", Body=b"1", **marks)
    trust = {"Service": "lakeformation.amazonaws.com"}
    register = world.role("register", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, trust=trust)
    lf = world.client("lakeformation")
    lf.update_resource(ResourceArn="arn:aws:s3:::lake", RoleArn=register)
    return _failed("SELECT id FROM orders")(world)


def _revoke_in_part(world: Recorded) -> Any:
    """Somebody holds one of two permissions on an LF-tag (terraform-provider-aws#35160)."""
    _grant(tag("class", "public"), "DESCRIBE", to="crawl")(world)
    return _revoke(tag("class", "public"), "DESCRIBE", "ASSOCIATE")(world)


def _linked(world: Recorded) -> Any:
    world.owner.table(name="link", TargetTable={"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders"})
    return _grant(table("link"), "SELECT")(world)


def _opened(world: Recorded) -> Any:
    world.owner.table(database="open", name="free")
    return _grant(table("free", database="open"), "SELECT", to=CONSUMER)(world)


def _collision(world: Recorded) -> Any:
    world.aws.world.lakeformation.writers.window = 60.0
    other = threading.Thread(target=lambda: _grant(table(), "DESCRIBE", to="crawl")(world))
    other.start()
    other.join()
    return _grant(table(), "INSERT", to="crawl")(world)


def _not_shared(world: Recorded) -> Any:
    consumer = Lake(Inside(world.aws), CONSUMER)
    return consumer.grant(consumer.role("analyst"), table(catalog=OWNER), "SELECT")


def _without_encryption(world: Recorded) -> Any:
    """Every bucket of today has one; this is as those were that nobody had touched since before January 2023."""
    s3_backends[OWNER]["aws"].get_bucket("lake").encryption = None
    return world.client("s3").get_bucket_encryption(Bucket="lake")


def _without_block(world: Recorded) -> Any:
    """A new bucket has one; this is as those before April 2023."""
    s3 = world.client("s3")
    s3.delete_public_access_block(Bucket="lake")
    return s3.get_public_access_block(Bucket="lake")


READER = principal(f"arn:aws:iam::{OWNER}:role/reader")
USER = principal("arn:aws:identitystore:::user/00000000-0000-0000-0000-000000000000")
NEW_TABLE = {"Name": "t", "StorageDescriptor": {"Columns": [{"Name": "a", "Type": "int"}]}}

CRAWLER = {"Name": "c", "Role": "crawl", "DatabaseName": "sales", "Targets": {"S3Targets": [{"Path": "s3://lake/"}]}}

#: How each refusal is met.
REFUSED: dict[str, Ask] = {
    "lf-revoke-nothing": _revoke(table(), "SELECT"),
    "lf-revoke-tag": _revoke_in_part,
    "lf-select-on-a-database": _grant(database(), "DESCRIBE", "SELECT"),
    "lf-no-permission": _grant(tag("class", "public"), "ASSOCIATE_TAG"),
    "lf-not-authorized": _as_nobody(
        "lakeformation", "grant_permissions", Principal=READER, Resource=all_tables(), Permissions=["SELECT"]
    ),
    "lf-not-shared": _not_shared,
    "lf-ram-denied": _without_ram,
    "lf-catalog-of-a-request": _grant(database(), "DESCRIBE", CatalogId=f"{OWNER}:s3tablescatalog/b"),
    "lf-table-without-name": _call(
        "lakeformation",
        "create_lake_formation_opt_in",
        Principal=READER,
        Resource={"Table": {"CatalogId": OWNER, "DatabaseName": "sales"}},
    ),
    "lf-two-values": _call(
        "lakeformation",
        "add_lf_tags_to_resource",
        Resource=database(),
        LFTags=[{"TagKey": "class", "TagValues": ["public", "secret"]}],
    ),
    "lf-identity-center-user": _call("lakeformation", "list_permissions", Principal=USER, Resource=database()),
    "lf-collision": _collision,
    "glue-policy-none": _call("glue", "get_resource_policy", CONSUMER),
    "glue-create-database-denied": _create_denied,
    "glue-create-table-denied": _as_nobody("glue", "create_table", DatabaseName="sales", TableInput=NEW_TABLE),
    "glue-get-database-denied": _as_nobody("glue", "get_database", Name="sales"),
    "glue-database-twice": _call("glue", "create_database", DatabaseInput={"Name": "sales"}),
    "glue-iam-denied": _without_crawler_rights,
    "events-rule-none": _call("events", "describe_rule", Name="nothing"),
    "events-rule-has-targets": _call("events", "delete_rule", Name="orders"),
    "iam-role-none": _call("iam", "get_role", RoleName="nothing"),
    "s3-block-none": _without_block,
    "lf-select-on-a-link": _linked,
    "lf-settings-unknown-parameter": _call(
        "lakeformation", "put_data_lake_settings", DataLakeSettings={"Parameters": {"Version": "3"}}
    ),
    "lf-open-to-iam": _opened,
    "lf-collision-in-the-trail": _collision,
    "glue-create-catalog-denied": _call("glue", "create_catalog", Name="c", CatalogInput={}),
    "glue-crawler-security": _call("glue", "create_crawler", CrawlerSecurityConfiguration="s", **CRAWLER),
    "glue-crawler-connection": _call(
        "glue", "create_crawler", **CRAWLER | {"Targets": {"JdbcTargets": [{"ConnectionName": "c", "Path": "x"}]}}
    ),
    "glue-table-hidden": _as_nobody("glue", "get_table", DatabaseName="sales", Name="nothing"),
    "athena-column": _failed("SELECT secret FROM orders"),
    "athena-create-denied": _failed("CREATE DATABASE x", "nobody", EVERYTHING),
    "athena-no-privilege": _failed("SELECT id FROM orders", "nobody", EVERYTHING),
    "athena-key-of-a-place": _without_key,
    "s3-encryption-none": _without_encryption,
    "sns-topic-none": _call("sns", "get_topic_attributes", TopicArn=f"arn:aws:sns:eu-west-1:{OWNER}:nothing"),
}
