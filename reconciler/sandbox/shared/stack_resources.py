"""What moto's CloudFormation passes over: policies of buckets, queues and buses, identity providers, the policies of
roles, and settings of buckets and keys. They are made here as the requests of their services would make them.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException
from moto.events.models import EventBus, events_backends
from moto.iam.models import Role, iam_backends
from moto.kms.models import Key, kms_backends
from moto.s3.models import FakeBucket, s3_backends
from moto.sqs.models import sqs_backends
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException

from reconciler.sandbox.core.errors import not_simulated
from reconciler.sandbox.services.iam.aws_managed import provide_policy

_role = Role.create_from_cloudformation_json
_bucket = FakeBucket.create_from_cloudformation_json
_BUCKET = {
    "AccelerateConfiguration",
    "AnalyticsConfigurations",
    "CorsConfiguration",
    "IntelligentTieringConfigurations",
    "InventoryConfigurations",
    "LoggingConfiguration",
    "MetricsConfigurations",
    "NotificationConfiguration",
    "ReplicationConfiguration",
    "WebsiteConfiguration",
}
"""Properties of a bucket that nobody would see."""


class _Resource:
    """A resource of a type that moto does not know, whose text name is what `Ref` gives."""

    def __init__(self, name: str, properties: Any, account: str, region: str) -> None:
        self.properties, self.account, self.region = properties, account, region
        self.physical_resource_id = self.put() or name

    @abstractmethod
    def put(self) -> str | None:
        """Make it, as often as one likes; what `Ref` gives of it, if it has a name of its own."""

    @abstractmethod
    def take(self) -> None:
        """Take it away."""

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    def get_cfn_attribute(self, name: str) -> str:
        assert name == "Arn"
        return self.physical_resource_id

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Any:
        return cls(resource_name, cloudformation_json["Properties"], account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> Any:
        original_resource.take()
        return cls(new_resource_name, cloudformation_json["Properties"], account_id, region_name)

    def delete(self, account_id: str, region_name: str) -> None:
        del account_id, region_name
        # A policy is gone with what it is of, in whatever order a stack goes.
        with suppress(HTTPException, ServiceException):
            self.take()


def _of_type(name: str) -> Callable[[type[_Resource]], type[_Resource]]:
    """Make a class known to moto, which has for types of CloudFormation the direct subclasses of its own class."""

    def known(resource: type[_Resource]) -> type[_Resource]:
        members = {"__module__": __name__, "cloudformation_type": staticmethod(lambda: name)}
        return type(resource.__name__, (resource, CloudFormationModel), members)

    return known


@_of_type("AWS::S3::BucketPolicy")
class BucketPolicy(_Resource):
    def put(self) -> str | None:
        document = json.dumps(self.properties["PolicyDocument"]).encode()
        s3_backends[self.account][get_partition(self.region)].put_bucket_policy(self.properties["Bucket"], document)
        return str(self.properties["Bucket"])

    def take(self) -> None:
        s3_backends[self.account][get_partition(self.region)].delete_bucket_policy(self.properties["Bucket"])


@_of_type("AWS::SQS::QueuePolicy")
class QueuePolicy(_Resource):
    def _set(self, policy: str | None) -> None:
        for url in self.properties["Queues"]:
            backend = sqs_backends[self.account][self.region]
            backend.set_queue_attributes(url.rpartition("/")[2], {"Policy": policy})

    def put(self) -> str | None:
        self._set(json.dumps(self.properties["PolicyDocument"]))
        return None

    def take(self) -> None:
        self._set(None)


@_of_type("AWS::Events::EventBusPolicy")
class EventBusPolicy(_Resource):
    def put(self) -> str | None:
        own = self.properties
        if "Statement" not in own:
            raise not_simulated("cloudformation", "CreateStack", "with an AWS::Events::EventBusPolicy but by Statement")
        statement = {"Sid": own["StatementId"], **own["Statement"]}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        bus = own.get("EventBusName", "default")
        events_backends[self.account][self.region].put_permission(bus, "", "", "", {}, policy)
        return None

    def take(self) -> None:
        bus = events_backends[self.account][self.region].describe_event_bus(
            self.properties.get("EventBusName", "default")
        )
        bus.remove_statement(self.properties["StatementId"])


@_of_type("AWS::IAM::OIDCProvider")
class OidcProvider(_Resource):
    def put(self) -> str | None:
        own = self.properties
        made = iam_backends[self.account][get_partition(self.region)].create_open_id_connect_provider(
            own["Url"], own.get("ThumbprintList", []), own.get("ClientIdList", []), own.get("Tags", [])
        )
        return str(made.arn)

    def take(self) -> None:
        iam_backends[self.account][get_partition(self.region)].delete_open_id_connect_provider(
            self.physical_resource_id
        )


def mend() -> None:
    """Make roles, buckets and keys with all that a template gives them; doing it again changes nothing."""
    EventBus.physical_resource_id = property(lambda bus: bus.name)
    Role.create_from_cloudformation_json = classmethod(_made_role)
    Role.delete = _gone_role
    FakeBucket.create_from_cloudformation_json = classmethod(_made_bucket)
    Key.create_from_cloudformation_json = classmethod(_made_key)


def _made_role(
    _cls: Any, /, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **more: Any
) -> Any:
    own = dict(cloudformation_json["Properties"])
    texts = [{**each, "PolicyDocument": json.dumps(each["PolicyDocument"])} for each in own.get("Policies", ())]
    asked = {**cloudformation_json, "Properties": {**own, "Policies": texts}}
    role = _role(resource_name, asked, account_id, region_name, **more)
    for arn in own.get("ManagedPolicyArns", ()):
        provide_policy(account_id, arn)
        iam_backends[account_id][get_partition(region_name)].attach_role_policy(arn, role.name)
    return role


def _gone_role(role: Any, account_id: str, region_name: str) -> None:
    """CloudFormation takes a role's policies from it before it deletes it."""
    for each in list(role.managed_policies.values()):
        each.detach_from(role)
    role.policies.clear()
    iam_backends[account_id][get_partition(region_name)].delete_role(role.name)


def _made_bucket(
    _cls: Any, /, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **more: Any
) -> Any:
    own = cloudformation_json.get("Properties", {})
    unseen = sorted(_BUCKET.intersection(own))
    if unseen:
        raise not_simulated("cloudformation", "CreateStack", f"with {unseen[0]} of a bucket")
    bucket = _bucket(resource_name, cloudformation_json, account_id, region_name, **more)
    backend = s3_backends[account_id][get_partition(region_name)]
    if "VersioningConfiguration" in own:
        backend.put_bucket_versioning(resource_name, own["VersioningConfiguration"]["Status"])
    if "PublicAccessBlockConfiguration" in own:
        said = {key: str(value).lower() for key, value in own["PublicAccessBlockConfiguration"].items()}
        backend.put_public_access_block(resource_name, said)
    if "OwnershipControls" in own:
        backend.put_bucket_ownership_controls(resource_name, own["OwnershipControls"]["Rules"][0]["ObjectOwnership"])
    if "LifecycleConfiguration" in own:
        backend.put_bucket_lifecycle(resource_name, [_rule(each) for each in own["LifecycleConfiguration"]["Rules"]])
    if own.get("ObjectLockEnabled"):
        kept = own.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention", {})
        backend.put_object_lock_configuration(
            resource_name, True, kept.get("Mode"), kept.get("Days"), kept.get("Years")
        )
    return bucket


def _rule(rule: Any) -> dict[str, Any]:
    """A rule as S3's request says it."""
    found = {key: value for key, value in rule.items() if key not in ("Id", "Prefix", "ExpirationInDays")}
    days = {"Expiration": {"Days": rule["ExpirationInDays"]}} if "ExpirationInDays" in rule else {}
    return {"ID": rule.get("Id"), "Filter": {"Prefix": rule.get("Prefix", "")}, **days, **found}


def _made_key(
    _cls: Any, /, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
) -> Any:
    del resource_name
    own = cloudformation_json["Properties"]
    key = kms_backends[account_id][region_name].create_key(
        policy=json.dumps(own["KeyPolicy"]) if "KeyPolicy" in own else None,
        key_usage=own.get("KeyUsage", "ENCRYPT_DECRYPT"),
        key_spec=own.get("KeySpec", "SYMMETRIC_DEFAULT"),
        description=own.get("Description", ""),
        tags=[{"TagKey": each["Key"], "TagValue": each["Value"]} for each in own.get("Tags", ())],
    )
    key.key_rotation_status = own.get("EnableKeyRotation", False)
    key.enabled = own.get("Enabled", True)
    return key
