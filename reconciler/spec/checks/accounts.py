"""Accounts exist, play the parts that others need of them, and have no more administrators than AWS allows."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.settings import Settings
from reconciler.spec.limits import ADMINS as MOST_ADMINS
from reconciler.spec.names import admin_arns
from reconciler.spec.quotas import QUOTAS
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

UNKNOWN = Rule(
    "unknown-account",
    "error",
    "Domains and consumers name an Account of the mesh.",
    "Accounts are declared in accounts/. Correct the name or add the document.",
)
PART = Rule(
    "account-part",
    "error",
    "The account of a domain has the part producer, that of a consumer the part consumer.",
    "Add the part to `parts` of the Account, or name another account.",
)
ADMINS = Rule(
    "too-many-admins",
    "error",
    "An account has at most 30 data lake administrators.",
    "Lake Formation takes no more. Use roles that several people can assume.",
)
UNUSED = Rule(
    "unused-account",
    "warning",
    "Every account is the central one, or a domain or consumer uses it.",
    "Nothing of the mesh would be in it but its settings. Delete the document if that is not meant.",
    when_sound=True,
)
QUOTA = Rule(
    "unknown-quota",
    "error",
    "`quotas` of an Account names quotas that Meshform counts.",
    "A misspelt one would raise nothing. The names are those that `quota` tells (rules.md#quota).",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about accounts and those who name them."""
    for domain in unchecked.all(Domain):
        yield from _named(unchecked, domain, domain.account, "producer")
    for consumer in unchecked.all(Consumer):
        if consumer.account is not None:
            yield from _named(unchecked, consumer, consumer.account, "consumer")
    used = {each.account for each in unchecked.all(Domain)} | {each.account for each in unchecked.all(Consumer)}
    used |= {settings.central for settings in unchecked.all(Settings)}
    for account in unchecked.named(Account).values():
        for name in account.quotas:
            if name not in QUOTAS:
                near = unchecked.near(name, QUOTAS)
                yield QUOTA.broken(account.at("quotas", name), f"Meshform counts no quota {name}{near}")
        if account.name not in used:
            yield UNUSED.broken(account.origin, f"no domain and no consumer uses the account {account.name}")
        admins = len(admin_arns(unchecked.mesh, account)) if unchecked.mesh else len(account.admins)
        if admins > MOST_ADMINS:
            yield ADMINS.broken(
                account.at("admins"),
                f"{account.name} has {admins} administrators with those of its consumers; at most {MOST_ADMINS} work",
            )


def _named(unchecked: UncheckedMesh, document: Domain | Consumer, name: str, part: str) -> Iterator[Finding]:
    account = unchecked.named(Account).get(name)
    if account is not None and part not in account.parts:
        yield PART.broken(
            document.at("account"), f"the account {name} lacks the part {part}; add it ({account.origin})"
        )
    elif not unchecked.knows(Account, name):
        near = unchecked.near_document(Account, name)
        yield UNKNOWN.broken(document.at("account"), f"there is no account {name}{near}")
