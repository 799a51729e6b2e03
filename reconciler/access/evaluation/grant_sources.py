"""Grant sources: by which ways a principal comes to a table, and what each way gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant, common, plus
from reconciler.access.state.access_state import AccessState
from reconciler.access.state.grant_index import GrantSet, GrantSetKey
from reconciler.access.state.principal_directory import (
    PrincipalDirectory,
    account_of,
    is_account,
    is_iam,
    is_organization,
)
from reconciler.access.state.table_view import TableId, TableView
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS

SourceType = Literal["own", "direct", "shared"]
GrantSets = tuple[GrantSet, ...]


@dataclass(frozen=True, slots=True)
class GrantSource:
    """One way: by grants of the owner (`own` account, or `direct` across accounts), or through the account's share.

    given     the grant sets from which the principal himself has it
    received  for `shared`: the grant sets from which his account has it
    """

    type: SourceType
    held: EffectiveGrant
    given: GrantSets
    received: GrantSets = ()


class GrantSources:
    """The ways of everybody to everything, in one state; what is found is remembered."""

    def __init__(self, state: AccessState, directory: PrincipalDirectory) -> None:
        self._state, self._directory = state, directory
        self._holders: dict[tuple[str, str, str], GrantSets] = {}
        self._scopes: dict[tuple[str, str], tuple[tuple[GrantSet, frozenset[str] | None], ...]] = {}
        self._received: dict[tuple[str, TableId], tuple[EffectiveGrant, GrantSets]] = {}

    def of(self, principal: str, table_view: TableView) -> Iterator[GrantSource]:
        """The ways of a principal to a table: direct grants, and what his account received and passed on to him.

        https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
        """
        owner, home = table_view.id.catalog, account_of(principal)
        held, given = self._given(owner, principal, table_view)
        if held is not NOTHING:
            if home in (owner, None) or is_account(principal):
                yield GrantSource("own", held, given)
            else:
                uncertainty = self._direct_uncertainty(home or "", owner)
                yield GrantSource("direct", held._replace(reasons=held.reasons | uncertainty), given)
        for account in self._passers(principal, owner):
            local, passed = self._given(account, principal, table_view)
            if local is NOTHING:
                continue
            scope, received = self.received(account, table_view)
            both = common(scope, local)
            if both != NOTHING:
                if home is None:
                    both = both._replace(reasons=both.reasons | {_NO_IDENTITY_CENTER})
                yield GrantSource("shared", both, passed, received)

    def received(self, account: str, table_view: TableView) -> tuple[EffectiveGrant, GrantSets]:
        """What an account as a whole has on a table of another one and can see, and from which grant sets.

        https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html
        """
        known = self._received.get((account, table_view.id))
        if known is None:
            held, grant_sets = NOTHING, []
            for grant_set, uncertainty in self.scopes(account, table_view.id.catalog):
                part = grant_set.on(table_view)
                if part is not NOTHING and uncertainty is not None:
                    held = plus(held, part._replace(reasons=part.reasons | uncertainty))
                    grant_sets.append(grant_set)
            known = self._received[account, table_view.id] = held, tuple(grant_sets)
        return known

    def scopes(self, account: str, owner: str) -> tuple[tuple[GrantSet, frozenset[str] | None], ...]:
        """The grant sets of an owner for an account as a whole: its own, its organization's, its unit's perhaps.

        Each with the reasons for which it may be invisible there; None if it surely is.
        """
        known = self._scopes.get((account, owner))
        if known is None:
            organization = self._directory.organizations.get(account)
            grantees = [account]
            if organization is not None:
                every = self._state.organizations.get(owner, ())
                grantees += [arn for arn in every if organization in arn.split("/")]
            known = self._scopes[account, owner] = tuple(
                (grant_set, self._uncertainty(account, grant_set))
                for grantee in grantees
                for grant_set in self._grant_sets(owner, grantee, owner)
            )
        return known

    def holders(self, giver: str, principal: str, catalog: str) -> GrantSets:
        """The grant sets of one giver that reach a principal under any of his names."""
        known = self._holders.get((giver, principal, catalog))
        if known is None:
            known = self._holders[giver, principal, catalog] = tuple(
                grant_set for name in identities(principal) for grant_set in self._grant_sets(giver, name, catalog)
            )
        return known

    def _given(self, giver: str, principal: str, table_view: TableView) -> tuple[EffectiveGrant, GrantSets]:
        """What one giver gives to a principal, and from which grant sets."""
        held, used = NOTHING, []
        for grant_set in self.holders(giver, principal, table_view.id.catalog):
            part = grant_set.on(table_view)
            if part is not NOTHING:
                held = plus(held, part)
                used.append(grant_set)
        return held, tuple(used)

    def _grant_sets(self, giver: str, grantee: str, catalog: str) -> Iterator[GrantSet]:
        for conditional in (False, True):
            grant_set = self._state.grant_sets.get(GrantSetKey(giver, grantee, catalog, conditional))
            if grant_set is not None:
                yield grant_set

    def _passers(self, principal: str, owner: str) -> tuple[str, ...]:
        """The accounts that may have passed on what they received: his own; for Identity Center any."""
        if principal == IAM_ALLOWED_PRINCIPALS or is_account(principal) or is_organization(principal):
            return ()
        home = account_of(principal)
        if home is not None:
            return () if home == owner else (home,)
        givers = {grant_set.key.giver for grant_set in self._state.to.get(principal, ())}
        return tuple(sorted(givers - {owner}))

    def _direct_uncertainty(self, account: str, owner: str) -> frozenset[str]:
        """Grants to a principal of another account make a share; whether it waits for the account is not documented.

        https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
        """
        waiting = self._state.waits(account, owner)
        if waiting is False or (waiting is None and self._directory.same_organization(account, owner)):
            return frozenset()
        giver, receiver = self._directory.label(owner), self._directory.label(account)
        unsure = (
            f"whether a grant of {giver} straight to a principal of {receiver} waits for its acceptance is not known"
        )
        return frozenset({unsure})

    def _uncertainty(self, account: str, grant_set: GrantSet) -> frozenset[str] | None:
        """Why a share may be invisible in an account: reasons, or none; None if it surely is."""
        owner, grantee = grant_set.key.giver, grant_set.key.grantee
        if is_organization(grantee):
            unsure = f"whether {self._directory.label(account)} belongs to {grantee} is not known"
            return frozenset({unsure}) if ":ou/" in grantee else frozenset()
        waiting = self._state.waits(account, owner)
        if waiting is None:
            # Within an organization nobody has to accept; elsewhere nothing is visible before somebody does.
            return frozenset() if self._directory.same_organization(account, owner) else None
        receiver, giver = self._directory.label(account), self._directory.label(owner)
        unseen = f"{receiver} has not accepted every share of {giver}; what waits is not visible yet"
        return frozenset({unseen}) if waiting else frozenset()


@cache
def identities(principal: str) -> tuple[str, ...]:
    """Under which names grants reach a principal.

    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
    """
    home = account_of(principal)
    return (principal, f"{home}:IAMPrincipals") if home is not None and is_iam(principal) else (principal,)


# https://docs.aws.amazon.com/lake-formation/latest/dg/identity-center-lf-notes.html
_NO_IDENTITY_CENTER = "grants across accounts are not supported for IAM Identity Center"
