"""IAM for S3: identity policies and bucket policies, within an account and across accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from reconciler.sandbox.http.messages import WireRequest
from reconciler.sandbox.http.routes import s3_path
from reconciler.sandbox.services.iam.authorize import context_of, denial, identity_allows
from reconciler.sandbox.services.iam.kms import require_to_read, require_to_write
from reconciler.sandbox.services.iam.policy import Says, resource_says
from reconciler.sandbox.shared.new_buckets import tags_asked_for

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.core.world import World

#: Operations whose IAM action has another name (Service Authorization Reference, S3).
_ACTIONS = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}


def authorize_s3(world: World, caller: Caller, operation: str, wire: WireRequest) -> None:
    """Raise AccessDenied unless the caller may send this request to S3."""
    bucket, _, key = s3_path(wire).lstrip("/").partition("/")
    action = f"s3:{_ACTIONS.get(operation, operation or wire.method)}"
    query = parse_qs(wire.query, keep_blank_values=True)
    keys = {f"s3:{name}": query[name][0] for name in ("prefix", "delimiter", "max-keys") if name in query}
    if operation == "DeleteObjects":
        found = re.findall(rb"<Key>(.*?)</Key>", wire.body, re.DOTALL)
        for one in found or [b"*"]:
            require_s3(world, caller, action, bucket, one.decode(), keys)
        return
    require_s3(world, caller, action, bucket, key, keys)
    if operation == "CreateBucket" and tags_asked_for(wire.body):
        require_s3(world, caller, "s3:TagResource", bucket, "", keys)
    source = wire.headers.get("x-amz-copy-source")
    if source:
        from_bucket, _, from_key = unquote(source).lstrip("/").partition("/")
        require_s3(world, caller, "s3:GetObject", from_bucket, from_key.partition("?")[0], {})
        require_to_read(world, caller, from_bucket, from_key.partition("?")[0])
    if operation == "GetObject":
        require_to_read(world, caller, bucket, key)
    elif operation in ("CopyObject", "CreateMultipartUpload", "PutObject"):
        require_to_write(world, caller, bucket, key, wire.headers)


def require_s3(
    world: World, caller: Caller, action: str, bucket: str, key: str, keys: dict[str, str] | None = None
) -> None:
    """Raise AccessDenied unless the caller may do `action` on a bucket (empty `key`) or an object.

    In the bucket's account either side may allow; from another account the caller's policies and the bucket
    policy both must (example-walkthroughs-managing-access-example2). A Deny on either side prevails.
    """
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}" if bucket else "*"
    context = {**context_of(world, caller, world.region), **(keys or {})}
    own = Says.NOTHING if caller.principal == "*" else identity_allows(caller, action, resource, context)
    owner, policy = _bucket(bucket)
    given = resource_says(policy, caller, action, resource, context) if policy else Says.NOTHING
    if Says.DENY in (own, given):
        # The root user of the owner can always repair a bucket policy that locks everybody out.
        repairs = action in ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
        if not (repairs and caller.arn == f"arn:aws:iam::{owner}:root"):
            raise denial("s3", caller, action, f'"{resource}"', Says.DENY)
        return
    if caller.principal == "*":
        allowed = given is Says.ALLOW_PRINCIPAL
    elif owner in (None, caller.account):
        allowed = own is Says.ALLOW or given is Says.ALLOW_PRINCIPAL
    else:
        allowed = own is Says.ALLOW and given is not Says.NOTHING
    if not allowed:
        raise denial("s3", caller, action, f'"{resource}"')


def _bucket(name: str) -> tuple[str | None, str]:
    """The owner of a bucket and its policy; no owner if there is no such bucket."""
    from moto.s3.models import s3_backends

    for account, partitions in list(s3_backends.items()):
        found = partitions["aws"].buckets.get(name)
        if found:
            policy = found.policy or b""
            return account, policy.decode() if isinstance(policy, bytes) else str(policy)
    return None, ""
