"""Sides: by which ways a principal comes to a table, and what each way gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.access.estate import Estate
from reconciler.access.holding import NOTHING, Holding, common, plus
from reconciler.access.purse import Purse, PurseKey
from reconciler.access.subject import Subject
from reconciler.access.world import World, account_of, is_account, is_iam, is_organization
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS

Sort = Literal["own", "direct", "shared"]


@dataclass(frozen=True, slots=True)
class Side:
    """One way: by grants of the owner (`own` account, or `direct` across accounts), or through the account's share.

    given     the purses from which the principal himself has it
    received  for `shared`: the purses from which his account has it
    """

    sort: Sort
    held: Holding
    given: tuple[Purse, ...]
    received: tuple[Purse, ...] = ()


def sides(estate: Estate, world: World, principal: str, subject: Subject) -> Iterator[Side]:
    """The ways of a principal to a table: direct grants, and what his account received and passed on to him.

    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
    """
    owner, home = subject.id.catalog, account_of(principal)
    held, given = _sum(estate, owner, principal, subject)
    if held is not NOTHING:
        yield Side("own" if home in (owner, None) else "direct", held, given)
    if is_account(principal) or is_organization(principal):
        return
    for account in _passers(estate, principal, owner):
        local, passed = _sum(estate, account, principal, subject)
        if local is NOTHING:
            continue
        scope, received = scope_of(estate, world, account, subject)
        both = common(scope, local)
        if home is None and both != NOTHING:
            # https://docs.aws.amazon.com/lake-formation/latest/dg/identity-center-lf-notes.html
            both = Holding(
                both.permissions,
                both.cells,
                both.reasons | {"grants across accounts are not supported for IAM Identity Center"},
            )
        if both != NOTHING:
            yield Side("shared", both, passed, received)


def scope_of(
    estate: Estate, world: World, account: str, subject: Subject, *, accepted: bool = True
) -> tuple[Holding, tuple[Purse, ...]]:
    """What an account as a whole has on a table of another one, and from which purses.

    With `accepted` only what is visible in the account: shares that were accepted or need no acceptance.
    https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html
    """
    owner, held, purses = subject.id.catalog, NOTHING, []
    for purse in scopes(estate, world, account, owner):
        part = purse.on(subject)
        if part is NOTHING:
            continue
        doubt = _doubt(estate, world, account, purse) if accepted else frozenset()
        if doubt is not None:
            held = plus(held, Holding(part.permissions, part.cells, part.reasons | doubt))
            purses.append(purse)
    return held, tuple(purses)


def scopes(estate: Estate, world: World, account: str, owner: str) -> Iterator[Purse]:
    """The purses of an owner that are for an account as a whole: its own, its organization's, its unit's perhaps."""
    organization = world.organizations.get(account)
    grantees = [account]
    if organization is not None:
        grantees += [arn for arn in estate.organizations.get(owner, ()) if organization in arn.split("/")]
    for grantee in grantees:
        for conditional in (False, True):
            purse = estate.purses.get(PurseKey(owner, grantee, owner, conditional))
            if purse is not None:
                yield purse


def identities(principal: str) -> tuple[str, ...]:
    """Under which names grants reach a principal.

    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
    """
    home = account_of(principal)
    return (principal, f"{home}:IAMPrincipals") if home is not None and is_iam(principal) else (principal,)


def holders(estate: Estate, giver: str, principal: str, catalog: str) -> Iterator[Purse]:
    """The purses of one giver that reach a principal, conditional ones included."""
    for grantee in identities(principal):
        for conditional in (False, True):
            purse = estate.purses.get(PurseKey(giver, grantee, catalog, conditional))
            if purse is not None:
                yield purse


def _sum(estate: Estate, giver: str, principal: str, subject: Subject) -> tuple[Holding, tuple[Purse, ...]]:
    held, purses = NOTHING, []
    for purse in holders(estate, giver, principal, subject.id.catalog):
        part = purse.on(subject)
        if part is not NOTHING:
            held = plus(held, part)
            purses.append(purse)
    return held, tuple(purses)


def _passers(estate: Estate, principal: str, owner: str) -> Iterator[str]:
    """The accounts that may have passed on what they received: his own; for Identity Center any."""
    home = account_of(principal)
    if principal == IAM_ALLOWED_PRINCIPALS:
        return
    if home is not None:
        if home != owner:
            yield home
        return
    yield from sorted({purse.key.giver for purse in estate.to.get(principal, ()) if purse.key.giver != owner})


def _doubt(estate: Estate, world: World, account: str, purse: Purse) -> frozenset[str] | None:
    """Why a share may be invisible in an account: nothing, reasons; None if it surely is."""
    owner, grantee = purse.key.giver, purse.key.grantee
    if is_organization(grantee):
        if ":ou/" in grantee:
            return frozenset({f"whether account {account} belongs to {grantee} is not known"})
        return frozenset()
    if world.same_organization(account, owner):
        return frozenset()
    waiting = estate.waiting.get((account, owner))
    if waiting is None:
        return None
    if waiting:
        return frozenset({f"account {account} has not accepted every share of {owner}; what waits is not visible yet"})
    return frozenset()
