"""The estate that AWS's blog on a data mesh makes by hand: central, producer and consumer, its thirty steps by boto3.

https://aws.amazon.com/blogs/machine-learning/part-1-build-and-train-ml-models-using-a-data-mesh-architecture-on-aws/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.sandbox.inprocess import session_of
from tests.estate import ANALYTICS, BANKING, CENTRAL, REGION, Estate

PRODUCER, CONSUMER = BANKING, ANALYTICS
BUCKET = f"credit-card-lf-{PRODUCER}-{REGION}"
DATABASE = "credit-card"
LOCATION = f"arn:aws:s3:::{BUCKET}"
_ALL = ("SELECT", "INSERT", "DELETE", "DESCRIBE", "ALTER", "DROP")
_TAG = {"TagKey": "database", "TagValues": [DATABASE]}


class Reference:
    """The hands that build it: users of the accounts, as in the guide. `closed`: step 7 is done."""

    def __init__(self, estate: Estate, version: int, *, closed: bool = True) -> None:
        self.estate, self.version, self.closed = estate, version, closed
        self.admins = {account: self._user(account, name) for account, name in ADMINS.items()}
        self.steward = self._user(CENTRAL, "ProducerSteward")
        self.crawler = self._role(PRODUCER, "AWSGlueServiceRole", "glue.amazonaws.com")
        self.studio = self._role(CONSUMER, "AmazonSageMaker-ExecutionRole", "sagemaker.amazonaws.com")

    def build(self) -> None:
        """All thirty steps, in the guide's order."""
        self._accounts()
        self._catalog()
        self._share_with_producer()
        self._producer()
        self._consumer()

    def _accounts(self) -> None:
        for account, (arn, _) in self.admins.items():
            settings: dict[str, Any] = {
                "DataLakeAdmins": [{"DataLakePrincipalIdentifier": each} for each in (arn, _owner(account))],
                "Parameters": {"CROSS_ACCOUNT_VERSION": str(self.version)},
            }
            if self.closed and account == CENTRAL:
                settings |= {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
            else:
                iam = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]
                settings |= {"CreateDatabaseDefaultPermissions": iam, "CreateTableDefaultPermissions": iam}
            self.estate.client("lakeformation", account).put_data_lake_settings(DataLakeSettings=settings)

    def _catalog(self) -> None:
        s3 = self.estate.client("s3", PRODUCER)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        role = self._role(CENTRAL, "LFRegisterLocationServiceRole", "lakeformation.amazonaws.com")
        self._as(CENTRAL).register_resource(ResourceArn=LOCATION, UseServiceLinkedRole=False, RoleArn=role)
        self._as(CENTRAL, "glue").create_database(DatabaseInput={"Name": DATABASE})
        if not self.closed:
            # What is open to IAM is shared by no version before 4, so the guide's step 7 is only left out of defaults.
            place = {"Database": {"Name": DATABASE}}
            everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
            self._as(CENTRAL).grant_permissions(Principal=everybody, Resource=place, Permissions=["ALL"])
        self.grant(CENTRAL, self.steward[0], {"Database": {"Name": DATABASE}}, ["ALL"], again=True)
        self.grant(CENTRAL, PRODUCER, {"DataLocation": {"ResourceArn": LOCATION}}, ["DATA_LOCATION_ACCESS"], again=True)
        place = {"DataLocation": {"CatalogId": CENTRAL, "ResourceArn": LOCATION}}
        self.grant(PRODUCER, self.crawler, place, ["DATA_LOCATION_ACCESS"])
        self.estate.client("glue", CENTRAL).put_resource_policy(PolicyInJson=_policy(), EnableHybrid="TRUE")

    def _share_with_producer(self) -> None:
        self._as(CENTRAL).create_lf_tag(**_TAG)
        steward = self.steward[0]
        self.grant(CENTRAL, steward, {"LFTag": _TAG}, ["DESCRIBE", "ASSOCIATE"], again=True)
        for of in ("DATABASE", "TABLE"):
            self.grant(CENTRAL, steward, _policies(of), ["ALL"], again=True)
        self._as(CENTRAL).add_lf_tags_to_resource(Resource={"Database": {"Name": DATABASE}}, LFTags=[_TAG])
        self.grant(CENTRAL, PRODUCER, {"LFTag": _TAG}, ["DESCRIBE", "ASSOCIATE"], again=True)
        self.grant(CENTRAL, PRODUCER, _policies("DATABASE"), ["CREATE_TABLE", "DESCRIBE"], again=True)
        self.grant(CENTRAL, PRODUCER, _policies("TABLE"), _ALL, again=True)
        self._accept(PRODUCER)

    def _producer(self) -> None:
        self._link(PRODUCER)
        self.grant(PRODUCER, self.crawler, {"Database": {"Name": f"rl_{DATABASE}"}}, ["DESCRIBE"])
        self.grant(PRODUCER, self.crawler, _policies("DATABASE", CENTRAL), ["CREATE_TABLE", "DESCRIBE"])
        self.grant(PRODUCER, self.crawler, _policies("TABLE", CENTRAL), ["SELECT", "DESCRIBE", "ALTER"])
        columns = [{"Name": name, "Type": "bigint"} for name in ("status", "duration", "amount", "credit_risk")]
        storage = {
            "Columns": columns,
            "Location": f"s3://{BUCKET}/credit_card/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
        }
        table = {
            "Name": "credit_card",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "csv", "CrawlerSchemaDeserializerVersion": "1.0"},
            "StorageDescriptor": storage,
        }
        self._as(CENTRAL, "glue").create_table(DatabaseName=DATABASE, TableInput=table)

    def _consumer(self) -> None:
        self.grant(CENTRAL, CONSUMER, {"LFTag": _TAG}, ["DESCRIBE"], again=True)
        self.grant(CENTRAL, CONSUMER, _policies("DATABASE"), ["DESCRIBE"], again=True)
        self.grant(CENTRAL, CONSUMER, _policies("TABLE"), ["SELECT", "DESCRIBE"], again=True)
        self._accept(CONSUMER)
        self._link(CONSUMER)
        self.grant(CONSUMER, self.studio, {"Database": {"Name": f"rl_{DATABASE}"}}, ["DESCRIBE"])
        self.grant(CONSUMER, self.studio, _policies("TABLE", CENTRAL), ["SELECT", "DESCRIBE"])

    def grant(
        self, account: str, principal: str, resource: Mapping[str, Any], rights: Iterable[str], *, again: bool = False
    ) -> None:
        """A permission that the administrator of an account gives; `again`: it may be passed on."""
        more = {"PermissionsWithGrantOption": list(rights)} if again else {}
        self._as(account).grant_permissions(
            Principal={"DataLakePrincipalIdentifier": principal}, Resource=resource, Permissions=list(rights), **more
        )

    def _link(self, account: str) -> None:
        target = {"CatalogId": CENTRAL, "DatabaseName": DATABASE}
        link = {"Name": f"rl_{DATABASE}", "TargetDatabase": target}
        self._as(account, "glue").create_database(DatabaseInput=link)

    def _accept(self, account: str) -> None:
        """The invitations of RAM: none where LF-tags are shared without it."""
        ram = self.estate.client("ram", account)
        for each in ram.get_resource_share_invitations()["resourceShareInvitations"]:
            if each["status"] == "PENDING":
                ram.accept_resource_share_invitation(resourceShareInvitationArn=each["resourceShareInvitationArn"])

    def _as(self, account: str, service: str = "lakeformation") -> Any:
        return self.admins[account][1].client(service)

    def _user(self, account: str, name: str) -> tuple[str, Any]:
        iam = self.estate.client("iam", account)
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        everything = {
            "Statement": [{"Effect": "Allow", "Action": ["lakeformation:*", "glue:*", "ram:*"], "Resource": "*"}]
        }
        passing = {"Effect": "Allow", "Action": ["iam:PassRole", "iam:GetRole", "s3:*"], "Resource": "*"}
        everything["Statement"].append(passing)
        document = json.dumps({"Version": "2012-10-17", **everything})
        iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return arn, session_of(key["AccessKeyId"], key["SecretAccessKey"], None, REGION)

    def _role(self, account: str, name: str, service: str) -> str:
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam = self.estate.client("iam", account)
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
        reading = {"Effect": "Allow", "Action": ["lakeformation:GetDataAccess", "glue:Get*"], "Resource": "*"}
        allowed = json.dumps({"Version": "2012-10-17", "Statement": [reading]})
        iam.put_role_policy(RoleName=name, PolicyName="VisualEditor0", PolicyDocument=allowed)
        return str(role["Arn"])


ADMINS = {CENTRAL: "DataMeshOwner", PRODUCER: "ProducerSteward", CONSUMER: "ConsumerAdmin"}


def _owner(account: str) -> str:
    """The role with which the sandbox's accounts are looked at: an administrator too, or it sees nothing."""
    return f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"


def _policies(of: str, catalog: str | None = None) -> dict[str, Any]:
    where = {"CatalogId": catalog} if catalog else {}
    return {"LFTagPolicy": {**where, "ResourceType": of, "Expression": [_TAG]}}


def _policy() -> str:
    """The policy of step 8, by which LF-tags are shared before cross-account version 3."""
    start = f"arn:aws:glue:{REGION}:{CENTRAL}"
    places = [f"{start}:table/*", f"{start}:database/*", f"{start}:catalog"]
    by_tags = {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in (PRODUCER, CONSUMER)]},
        "Action": "glue:*",
        "Resource": places,
        "Condition": {"Bool": {"glue:EvaluatedByLakeFormationTags": "true"}},
    }
    ram = {"Service": "ram.amazonaws.com"}
    share = {"Effect": "Allow", "Principal": ram, "Action": "glue:ShareResource", "Resource": places}
    return json.dumps({"Version": "2012-10-17", "Statement": [by_tags, share]})
