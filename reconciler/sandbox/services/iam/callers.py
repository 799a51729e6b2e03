"""Who stands behind an access key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World

#: The account that static credentials act as: the management account of the organization.
MANAGEMENT = "000000000001"


def caller_of(world: World, key_id: str) -> Caller:
    """The caller that an access key id stands for.

    A session's key is its role, an IAM user's key (made by CreateAccessKey) is the user; any other static
    key is the root of the management account. Secrets and signatures are not checked.
    UnrecognizedClientException: a temporary key that was never handed out, or not since the last reset.
    ExpiredTokenException: the session is over.
    """
    session = world.sessions.of(key_id)
    if session:
        if session.expiration <= world.now():
            raise AwsError("ExpiredTokenException", "The security token included in the request is expired", 403)
        return session.caller
    if key_id.startswith("ASIA"):
        message = "The security token included in the request is invalid."
        raise AwsError("UnrecognizedClientException", message, 403)
    return _user(key_id) or root(MANAGEMENT)


def root(account: str) -> Caller:
    """The root user of an account, who may do everything in it."""
    arn = f"arn:aws:iam::{account}:root"
    return Caller(account, arn, arn)


def _user(key_id: str) -> Caller | None:
    from moto.iam.models import iam_backends

    for account, partitions in list(iam_backends.items()):
        backend = partitions["aws"]
        key = backend.access_keys.get(key_id)
        if key and key.user_name:
            arn = backend.get_user(key.user_name).arn
            return Caller(account, arn, arn)
    return None


def anonymous() -> Caller:
    """Somebody without credentials, who may do only what a bucket policy gives to everybody."""
    return Caller(MANAGEMENT, "anonymous", "*")
