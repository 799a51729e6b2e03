"""Data lake principals: what kind they are, whose they are, and whether IAM knows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.iam.propagation import is_known

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.core.world import World

EVERYONE = "IAM_ALLOWED_PRINCIPALS"

Kind = Literal["iam", "federated", "account", "organization", "unit", "identity_center", "everyone", "group"]

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("iam", r"arn:aws:iam::(?P<account>\d{12}):(role|user)/.+"),
    ("iam", r"arn:aws:iam::(?P<account>\d{12}):root"),
    ("federated", r"arn:aws:iam::(?P<account>\d{12}):saml-provider/[^:]+:(user|group)/.+"),
    ("federated", r"arn:aws:quicksight:[a-z0-9-]+:(?P<account>\d{12}):(user|group)/[^/]+/.+"),
    ("account", r"(?P<account>\d{12})"),
    ("organization", r"arn:aws:organizations::\d{12}:organization/o-[a-z0-9]+"),
    ("unit", r"arn:aws:organizations::\d{12}:ou/o-[a-z0-9]+/ou-[a-z0-9-]+"),
    ("identity_center", r"arn:aws:identitystore:::(user|group)/.+"),
    ("group", r"(?P<account>\d{12}):IAMPrincipals"),
)


def parsed(identifier: str) -> tuple[Kind, str | None]:
    """The kind of a principal and the account it belongs to (None: to none).

    InvalidInputException "Invalid principal": it is no principal of any kind.
    """
    if identifier.upper() == EVERYONE:
        return "everyone", None
    for kind, pattern in _KINDS:
        found = re.fullmatch(pattern, identifier)
        if found:
            return kind, found.groupdict().get("account")
    raise AwsError("InvalidInputException", f"Invalid principal, principal: {identifier}")


def canonical(identifier: str) -> str:
    """The identifier as it is stored; the documentation also writes IAM_Allowed_Principals."""
    return EVERYONE if identifier.upper() == EVERYONE else identifier


def check_exists(world: World, identifier: str, account: str) -> None:
    """Refuse an IAM role or user of the account itself that IAM does not know, or that nobody else knows yet.

    Roles of other accounts cannot be looked up. InvalidInputException "Invalid principal".
    """
    kind, owner = parsed(identifier)
    if kind != "iam" or owner != account or identifier.endswith(":root"):
        return
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    if ":role/" in identifier:
        known = any(role.arn == identifier and is_known(world, role) for role in backend.roles.values())
    else:
        known = any(user.arn == identifier for user in backend.users.values())
    if not known and not identifier.endswith(":role/OrganizationAccountAccessRole"):
        raise AwsError("InvalidInputException", f"Invalid principal, principal: {identifier}")


def identities(principal: str) -> tuple[str, ...]:
    """The names under which an IAM principal holds grants: its own, and that of all of its account."""
    _, account = parsed(principal)
    return (principal, f"{account}:IAMPrincipals") if account else (principal,)


def caller_identities(caller: Caller) -> tuple[str, ...]:
    return caller.principal, f"{caller.account}:IAMPrincipals"
