"""Arrival: whether what an account grants across its border can be seen on the other side."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant, perhaps, plus
from reconciler.access.state.access_state import AccessState
from reconciler.access.state.grant_index import GrantSet
from reconciler.access.state.principal_directory import PrincipalDirectory, is_organization
from reconciler.access.state.table_view import TableView
from reconciler.kinds.ram.share_contents import NO_CONTENTS, Contents
from reconciler.model.lakeformation import ALL_TABLES

Doubtful = frozenset[str] | None
"""Reasons for which something may not have arrived; none if it surely has, None if it surely has not."""


class Arrival(NamedTuple):
    """Whether grants by name, and those by LF-tags, have arrived; and those on LF-tags and locations, without a share.

    Where something waits, `contents` says what has surely arrived all the same; `tags_by_ram`: by LF-tags, too.
    """

    by_name: Doubtful
    by_tags: Doubtful
    contents: Contents = NO_CONTENTS
    tags_by_ram: bool = False
    without_share: Doubtful = frozenset()

    @property
    def is_nothing(self) -> bool:
        """Nothing has arrived."""
        return self.by_name is None and self.by_tags is None

    def of(self, grant_set: GrantSet, table_view: TableView) -> EffectiveGrant:
        """What has arrived of grants on a table."""
        held, place = NOTHING, table_view.id
        for reasons, part in (
            (self.named(place.database, ALL_TABLES), grant_set.on_all),
            (self.named(place.database, place.table), grant_set.by_name),
            (self.tagged(place.database, place.table), lambda view: grant_set.by_tags(view.signature)),
        ):
            if reasons is not None:
                held = plus(held, perhaps(part(table_view), reasons))
        return held

    def named(self, database: str, table: str = "") -> Doubtful:
        """Whether a grant that names a database or table has arrived."""
        return frozenset() if self.by_name and self.contents.has_by_name(database, table) else self.by_name

    def tagged(self, database: str, table: str = "") -> Doubtful:
        """Whether a grant by LF-tags has arrived for a database or table."""
        if self.by_tags and self.tags_by_ram and self.contents.has_by_tags(database, table):
            return frozenset()
        return self.by_tags


def arrival(state: AccessState, directory: PrincipalDirectory, account: str, grant_set: GrantSet) -> Arrival:
    """Whether what an owner gave to an account, or to an organization that it is in, has arrived there.

    https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html
    """
    owner, grantee = grant_set.key.giver, grant_set.key.grantee
    if grant_set.key.condition is not None:
        known = frozenset({f"a grant to {directory.label(grantee)} holds only under a condition"})
        return Arrival(known, known, without_share=known)
    if is_organization(grantee):
        unsure = f"whether {directory.label(account)} belongs to {grantee} is not known"
        inside = frozenset({unsure}) if ":ou/" in grantee else frozenset[str]()
        return Arrival(inside, inside, without_share=inside)
    by_ram, is_old = _by_ram(state, directory, account, owner), state.sharing.is_old(owner)
    contents = state.sharing.contents(account, owner)
    return Arrival(by_ram, _by_tags(state, directory, account, owner, by_ram), contents, tags_by_ram=not is_old)


def direct_arrival(state: AccessState, directory: PrincipalDirectory, account: str, owner: str) -> frozenset[str]:
    """Why a grant straight to a principal of another account may not have arrived.

    It makes a share; whether that waits for the account is not documented.
    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
    """
    giver, receiver = directory.label(owner), directory.label(account)
    if state.sharing.is_old(owner):
        old = f"at cross-account version {state.sharing.versions[owner]} {giver} grants nothing straight to principals"
        return frozenset({f"{old} of {receiver}"})
    waiting = state.sharing.waits(account, owner)
    if waiting is False or (waiting is None and directory.same_organization(account, owner)):
        return frozenset()
    return frozenset(
        {f"whether a grant of {giver} straight to a principal of {receiver} waits for its acceptance is not known"}
    )


def _by_ram(state: AccessState, directory: PrincipalDirectory, account: str, owner: str) -> Doubtful:
    """Within an organization nobody has to accept; elsewhere nothing is visible before somebody does."""
    waiting = state.sharing.waits(account, owner)
    if waiting is None:
        return frozenset() if directory.same_organization(account, owner) else None
    receiver, giver = directory.label(account), directory.label(owner)
    unseen = f"{receiver} has not accepted every share of {giver}; what waits is not visible yet"
    return frozenset({unseen}) if waiting else frozenset()


def _by_tags(state: AccessState, directory: PrincipalDirectory, account: str, owner: str, by_ram: Doubtful) -> Doubtful:
    """Before version 3 the catalog's policy carries tag policies; from then on RAM does.

    What was granted under one version stays as it was under another, and nothing says under which it was granted.
    https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
    """
    opened, giver, receiver = (
        state.sharing.opens_by_tags(owner, account),
        directory.label(owner),
        directory.label(account),
    )
    if not state.sharing.is_old(owner):
        if opened is False or by_ram == frozenset():
            return by_ram
        return frozenset({f"what {giver} granted {receiver} by LF-tags may be from before cross-account version 3"})
    if opened:
        return frozenset()
    if opened is None:
        return frozenset({f"what the policy of {giver}'s catalog opens to {receiver} by LF-tags is not understood"})
    if by_ram is None:
        return None
    return frozenset(
        {
            f"at cross-account version {state.sharing.versions[owner]} tag policies need the policy of {giver}'s "
            f"catalog, which does not name {receiver}"
        }
    )
