"""KMS key policies, as S3 has them evaluated for whoever reads or writes an encrypted object.

https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.iam.authorize import context_of, denial, identity_allows
from reconciler.sandbox.services.iam.policy import Says, resource_says

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.core.world import World

KMS = "aws:kms"
_MANAGED = "alias/aws/s3"


def require_to_write(world: World, caller: Caller, bucket: str, key: str, headers: Mapping[str, str]) -> None:
    """Raise unless the caller may use the key under which an object is to be written: the request's or the bucket's."""
    owner, stored = _bucket(bucket)
    rule = (getattr(stored, "encryption", None) or {}).get("Rule", {}).get("ApplyServerSideEncryptionByDefault", {})
    asked = headers.get("x-amz-server-side-encryption")
    named = headers.get("x-amz-server-side-encryption-aws-kms-key-id")
    if (asked or rule.get("SSEAlgorithm")) == KMS:
        named = named or (rule.get("KMSMasterKeyID") if not asked or rule.get("SSEAlgorithm") == KMS else None)
        _require(world, caller, "kms:GenerateDataKey", named, owner, f"{bucket}/{key}")


def require_to_read(world: World, caller: Caller, bucket: str, key: str) -> None:
    """Raise unless the caller may use the key under which an object was written."""
    owner, stored = _bucket(bucket)
    found = stored.keys.get(key) if stored else None
    if found and getattr(found, "encryption", None) == KMS:
        _require(world, caller, "kms:Decrypt", found.kms_key_id, owner, f"{bucket}/{key}")


def _require(world: World, caller: Caller, action: str, named: str | None, owner: str, of: str) -> None:
    """The key's policy lets the principal itself, or his account, in which his own policies must let him too.

    Across accounts both must. Keys that AWS manages are for principals of the bucket's account alone.
    """
    if not named or named.endswith(_MANAGED):
        if caller.account != owner:
            raise _closed(caller, action)
        return
    key = key_named(named, owner, world.region)
    if key is None:
        raise AwsError("KMS.NotFoundException", f"Key '{named}' does not exist", 400)
    context = {
        **context_of(world, caller, world.region),
        "kms:ViaService": f"s3.{key.region}.amazonaws.com",
        "kms:CallerAccount": caller.account,
        "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{of}",
    }
    own = identity_allows(caller, action, key.arn, context)
    given = resource_says(key.policy, caller, action, key.arn, context)
    if own is Says.DENY:
        raise denial("s3", caller, action, key.arn, Says.DENY)
    if given in (Says.NOTHING, Says.DENY):
        raise _closed(caller, action)
    if own is not Says.ALLOW and (key.account_id != caller.account or given is not Says.ALLOW_PRINCIPAL):
        raise denial("s3", caller, action, key.arn)


def _closed(caller: Caller, action: str) -> AwsError:
    message = (
        f"User: {caller.arn} is not authorized to perform: {action} on this resource because the resource does not "
        "exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies "
        "access"
    )
    return AwsError("AccessDenied", message, 403)


def key_named(named: str, account: str, region: str) -> Any | None:
    """The key of an id, an ARN or an alias, the last two of any account and region; None if it is not there."""
    from moto.kms.models import kms_backends

    owner, place = (named.split(":")[4], named.split(":")[3]) if named.startswith("arn:") else (account, region)
    backend = kms_backends[owner][place]
    alias = named[named.index("alias/") :] if "alias/" in named else None
    return backend.keys.get((backend.get_key_id_from_alias(alias) or "") if alias else backend.get_key_id(named))


def _bucket(name: str) -> tuple[str, Any | None]:
    from moto.s3.models import s3_backends

    for account, partitions in list(s3_backends.items()):
        if found := partitions["aws"].buckets.get(name):
            return account, found
    return "", None
