"""Grant sources: by which ways a principal comes to a table, and what each way gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant, common, perhaps, plus
from reconciler.access.evaluation.arrival import Arrival, arrival, direct_arrival
from reconciler.access.state.access_state import AccessState
from reconciler.access.state.grant_index import GrantSet
from reconciler.access.state.principal_directory import (
    PrincipalDirectory,
    account_of,
    is_account,
    is_whole,
)
from reconciler.access.state.table_view import TableId, TableView
from reconciler.kinds.common.attribute_conditions import holds
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS

SourceType = Literal["own", "direct", "shared"]
GrantSets = tuple[GrantSet, ...]
Holders = tuple[tuple[GrantSet, frozenset[str]], ...]


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
        self._holders: dict[tuple[str, str, str], Holders] = {}
        self._scopes: dict[tuple[str, str], tuple[tuple[GrantSet, Arrival], ...]] = {}
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
                yield GrantSource("direct", perhaps(held, self.direct(home or "", owner)), given)
        for account in self.passers(principal, owner):
            local, passed = self._given(account, principal, table_view)
            if local is NOTHING:
                continue
            scope, received = self.received(account, table_view)
            both = common(scope, local)
            if both != NOTHING:
                yield GrantSource("shared", both if home else perhaps(both, _NO_IDENTITY_CENTER), passed, received)

    def direct(self, account: str, owner: str) -> frozenset[str]:
        """Why what an owner gives straight to principals of another account may not have arrived."""
        return direct_arrival(self._state, self._directory, account, owner)

    def received(self, account: str, table_view: TableView) -> tuple[EffectiveGrant, GrantSets]:
        """What an account as a whole has on a table of another one and can see, and from which grant sets."""
        known = self._received.get((account, table_view.id))
        if known is None:
            held, grant_sets = NOTHING, []
            for grant_set, arrived in self.scopes(account, table_view.id.catalog):
                part = arrived.of(grant_set, table_view)
                if part is not NOTHING:
                    held = plus(held, part)
                    grant_sets.append(grant_set)
            known = self._received[account, table_view.id] = held, tuple(grant_sets)
        return known

    def scopes(self, account: str, owner: str) -> tuple[tuple[GrantSet, Arrival], ...]:
        """The grant sets of an owner for an account as a whole: its own, its organization's, its unit's perhaps.

        Each with whether it has arrived there.
        """
        known = self._scopes.get((account, owner))
        if known is None:
            organization = self._directory.organizations.get(account)
            grantees = [account]
            if organization is not None:
                every = self._state.organizations.get(owner, ())
                grantees += [arn for arn in every if organization in arn.split("/")]
            known = self._scopes[account, owner] = tuple(
                (grant_set, arrival(self._state, self._directory, account, grant_set))
                for grantee in grantees
                for grant_set in self._state.grant_sets.get((owner, grantee, owner), ())
            )
        return known

    def holders(self, giver: str, principal: str, catalog: str) -> Holders:
        """The grant sets of one giver that reach a principal under any of his names, those left out whose condition
        does not hold for him; each with the reasons for which it may not hold.
        """
        known = self._holders.get((giver, principal, catalog))
        if known is None:
            known = self._holders[giver, principal, catalog] = tuple(
                (grant_set, reasons)
                for name in self._state.principals.identities(principal)
                for grant_set in self._state.grant_sets.get((giver, name, catalog), ())
                if (reasons := self._condition(principal, grant_set)) is not None
            )
        return known

    def _condition(self, principal: str, grant_set: GrantSet) -> frozenset[str] | None:
        """Why a grant may not hold for a principal; None if it surely does not."""
        if grant_set.key.condition is None:
            return frozenset()
        tags = self._state.principals.tags.get(principal)
        holding = holds(grant_set.key.condition, tags)
        if holding is None:
            by = ": it depends on tags of the role" if tags is None and ":role/" in principal else ""
            return frozenset({f"a grant to {grant_set.key.grantee} holds only under a condition{by}"})
        return frozenset() if holding else None

    def _given(self, giver: str, principal: str, table_view: TableView) -> tuple[EffectiveGrant, GrantSets]:
        """What one giver gives to a principal, and from which grant sets."""
        held, used = NOTHING, []
        for grant_set, reasons in self.holders(giver, principal, table_view.id.catalog):
            part = grant_set.on(table_view)
            if part is not NOTHING:
                held = plus(held, perhaps(part, reasons))
                used.append(grant_set)
        return held, tuple(used)

    def passers(self, principal: str, owner: str) -> tuple[str, ...]:
        """The accounts that may have passed on what they received: his own; for Identity Center any."""
        if principal == IAM_ALLOWED_PRINCIPALS or is_whole(principal):
            return ()
        home = account_of(principal)
        if home is not None:
            return () if home == owner else (home,)
        names = self._state.principals.identities(principal)
        givers = {grant_set.key.giver for name in names for grant_set in self._state.to.get(name, ())}
        return tuple(sorted(givers - {owner}))


# https://docs.aws.amazon.com/lake-formation/latest/dg/identity-center-lf-notes.html
_NO_IDENTITY_CENTER = frozenset({"grants across accounts are not supported for IAM Identity Center"})
