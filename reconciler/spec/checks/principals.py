"""Consumers: one account or organization, and principals that Lake Formation can name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.limits import PRINCIPAL as PRINCIPAL_LENGTH
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

READER = Rule(
    "consumer-account",
    "error",
    "A consumer is an account, or an organization or organizational unit.",
    "Give one of `account` and `organization`. Principals, admins and a workgroup need an account.",
)
PRINCIPAL = Rule(
    "principal-identity",
    "error",
    "A principal is one of role, user, permissionSet, group, centerUser, arn, wholeAccount; only a role can be made.",
    "Give exactly one of them; a group or user of Identity Center by its id, or by its name (groupName, "
    "centerUserName). `create`, `trust` and `externalId` go with `role`.",
)
ARN = Rule(
    "principal-arn",
    "error",
    "A principal's ARN is of somebody whom Lake Formation takes.",
    "Roles and users of IAM, users and groups of a SAML provider, of QuickSight and of IAM Identity Center. Sessions "
    "(assumed-role), groups of IAM and accounts are no principals: name the role, or the users.",
)
FOREIGN = Rule(
    "foreign-arn",
    "error",
    "Roles and users are of the account in which they act.",
    "Stewards act in their account, principals read in their consumer's. Make a Consumer for the "
    "other account, or name a role of this one.",
)
UNUSED = Rule(
    "unused-principal",
    "note",
    "Every principal of a consumer is used by a subscription.",
    "Nothing is granted to a principal that no subscription names.",
    when_sound=True,
)


# https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html#perm-command-format
_KINDS = re.compile(
    r"(?P<iam>arn:[a-z-]+:iam::(?P<account>[0-9]{12}):(role|user|saml-provider)/.+)"
    r"|arn:[a-z-]+:quicksight:[a-z0-9-]+:(?P<quicksight>[0-9]{12}):(user|group)/.+"
    r"|(?P<center>arn:[a-z-]+:identitystore:::(user|group)/[A-Za-z0-9-]+)"
)
_WAYS = "role, user, permissionSet, group, groupName, centerUser, centerUserName, arn and wholeAccount"
_NO_PATH = "a role that is made lies under the mesh's path; give its name without one"
_SAML = re.compile(r":saml-provider/[^:]+:(user|group)/.+")


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about consumers and their principals."""
    used = {(each.consumer, name) for each in unchecked.all(Subscription) for name in each.principals}
    for consumer in unchecked.all(Consumer):
        if (consumer.account is None) == (consumer.organization is None):
            yield READER.broken(consumer.at("account"), "give one of account and organization")
        elif consumer.organization is not None and (consumer.principals or consumer.admins or consumer.workgroup):
            yield READER.broken(
                consumer.at("organization"),
                "an organization shares as a whole: leave out principals, admins and workgroup, or give an account",
            )
        account = unchecked.account_of(consumer)
        for index, principal in enumerate(consumer.principals):
            yield from _principal(consumer, index, principal)
            if principal.arn is not None and account is not None:
                yield from _known(consumer.at("principals", index, "arn"), principal.arn, account)
            if (consumer.name, principal.name) not in used:
                yield UNUSED.broken(
                    consumer.at("principals", index), f"no subscription names the principal {principal.name}"
                )
    yield from _staff(unchecked)


def _principal(consumer: Consumer, index: int, principal: Principal) -> Iterator[Finding]:
    here = ("principals", index)
    ways = (principal.role, principal.user, principal.permission_set, principal.group, principal.center_user)
    named = (principal.group_name, principal.center_user_name)
    given = [each for each in (*ways, *named, principal.arn, principal.whole_account or None) if each is not None]
    if len(given) != 1:
        yield PRINCIPAL.broken(consumer.at(*here), f"{principal.name} needs exactly one of {_WAYS}")
    if principal.create and principal.role is None:
        yield PRINCIPAL.broken(consumer.at(*here, "create"), "only a role can be made; give its name as role")
    if principal.create and principal.role is not None and "/" in principal.role:
        yield PRINCIPAL.broken(consumer.at(*here, "role"), _NO_PATH)
    if principal.trust and not principal.create:
        yield PRINCIPAL.broken(consumer.at(*here, "trust"), "trust is for roles that are made; add create: true")
    if principal.external_id and not principal.create:
        said = "externalId is for roles that are made; add create: true"
        yield PRINCIPAL.broken(consumer.at(*here, "externalId"), said)


def _known(origin: Origin, arn: str, account: Account) -> Iterator[Finding]:
    """Findings about who Lake Formation does not take, or who is of another account than the consumer."""
    found = _KINDS.fullmatch(arn)
    if found is None or (":saml-provider/" in arn and not _SAML.search(arn)):
        yield ARN.broken(
            origin,
            f"Lake Formation takes no {arn}: it takes roles, users, users and groups of a SAML provider, of QuickSight "
            "and of IAM Identity Center",
        )
        return
    if len(arn) > PRINCIPAL_LENGTH:
        yield ARN.broken(origin, f"the ARN has {len(arn)} characters; Lake Formation takes {PRINCIPAL_LENGTH}")
    owner = found["account"] or found["quicksight"]
    if owner is not None and owner != account.id:
        yield FOREIGN.broken(origin, f"{arn} is of the account {owner}, not of {account.name} ({account.id})")


def _staff(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about stewards of another account, and about paths of roles that are made.

    Nobody can be granted an LF-tag in an account of which he is not. Whether Lake Formation takes administrators of
    other accounts is not documented, so they are left to it.
    """
    accounts = unchecked.named(Account)
    named: list[tuple[Document, str, tuple[str, ...], Account | None]] = []
    for account in unchecked.all(Account):
        named += [(account, "admins", account.admins, account), (account, "stewards", account.stewards, account)]
    named += [(each, "stewards", each.stewards, accounts.get(each.account)) for each in unchecked.all(Domain)]
    named += [(each, "admins", each.admins, unchecked.account_of(each)) for each in unchecked.all(Consumer)]
    for document, field, names, where in named:
        if where is None:
            continue
        for index, name in enumerate(names):
            origin = document.at(field, index)
            if field == "stewards" and name.startswith("arn:") and name.split(":")[4] != where.id:
                yield FOREIGN.broken(origin, f"{name} is not of the account {where.name} ({where.id})")
            elif "/" in name and where.manage_roles and not name.startswith("arn:"):
                yield PRINCIPAL.broken(origin, _NO_PATH)
