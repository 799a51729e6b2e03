"""Grant paths: the grants, shares and links by which somebody has what he has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reconciler.access.algebra.column_rows import mask
from reconciler.access.algebra.effective_grant import EffectiveGrant
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.grant_sources import SourceType
from reconciler.access.state.access_state import Link
from reconciler.access.state.grant_index import Given, GrantSet
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId, TableView
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS


@dataclass(frozen=True, slots=True)
class Use:
    """A grant with what it gives on one table."""

    given: Given
    held: EffectiveGrant

    def sentence(self, access: Access) -> str:
        """The grant in words, with the line that asks for it."""
        known = access.told.get(self.given.address)
        if known is None:
            known = access.told[self.given.address] = self._sentence(access)
        return known

    def _sentence(self, access: Access) -> str:
        grant, label = self.given.spec, access.directory.label
        option = ", to pass on" if grant.grantable else ""
        origin = f" ({self.given.origin})" if self.given.origin else ""
        what = f"{grant.permission} on {grant.target} to {label(grant.principal)}"
        return f"{label(self.given.address.placement.account)} grants {what}{option}{origin}"


@dataclass(frozen=True, slots=True)
class Path:
    """One way to a table.

    given     the grants from which the principal has it
    received  for a shared table: the grants from which his account has it
    accepted  whether the share needed to be accepted by that account, and was
    """

    type: SourceType
    given: tuple[Use, ...]
    received: tuple[Use, ...] = ()
    accepted: bool = False

    def acceptance(self, access: Access) -> str:
        """That the share was accepted, in words."""
        label, (first, *_) = access.directory.label, self.given
        receiver, giver = label(first.given.address.placement.account), label(first.given.spec.target.catalog)
        return f"{receiver} accepted the shares of {giver}"

    def to(self, columns: int) -> Path | None:
        """What of it is a way to these columns (bits); None if nothing is."""
        given, received = (
            tuple(use for use in uses if mask(use.held.column_rows) & columns) for uses in (self.given, self.received)
        )
        return replace(self, given=given, received=received) if given else None


def paths(access: Access, principal: str, table_view: TableView, columns: int) -> Iterator[Path]:
    """The ways by which a principal has these columns of a table (bits); without any columns every way."""
    owner = table_view.id.catalog
    for source in access.grant_sources.of(principal, table_view):
        if columns and not mask(source.held.column_rows) & columns:
            continue
        account = source.given[0].key.giver
        yield Path(
            source.type,
            _uses(source.given, table_view, columns),
            _uses(source.received, table_view, columns),
            # By the owner's own grants nothing had to be accepted: nobody accepts his own share.
            access.state.sharing.waits(account, owner) is False,
        )


def via(access: Access, principal: str, place: TableId, columns: Iterable[str]) -> tuple[str, ...]:
    """The paths in sentences; each grant once, then what makes the share visible, then the links."""
    table_view = access.tables.get(place)
    if table_view is None:
        return tuple(sorted(access.uncertainties(principal, place.catalog)))
    return sentences(access, principal, place, paths(access, principal, table_view, table_view.mask(columns)))


def sentences(access: Access, principal: str, place: TableId, ways: Iterable[Path]) -> tuple[str, ...]:
    """Paths of a principal to a table in sentences; each grant once, then what makes the share visible, the links."""
    found: dict[str, None] = {}
    for path in ways:
        for use in (*path.received, *path.given):
            found[use.sentence(access)] = None
        if path.accepted:
            found[path.acceptance(access)] = None
    if account_of(principal) not in (None, place.catalog):
        for link in links(access, principal, place):
            found[f"the link {link.name} in {access.directory.label(link.account)}{link.where} shows it"] = None
    return tuple(found)


def links(access: Access, principal: str, place: TableId, *, seen: bool = True) -> tuple[Link, ...]:
    """The links in the principal's account to the table's database; with `seen` those that he may see.

    Athena needs one, and DESCRIBE on it: https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html
    """
    home = account_of(principal)
    if home is None:
        return ()
    names = {*access.state.principals.identities(principal), IAM_ALLOWED_PRINCIPALS}
    return tuple(
        link
        for link in access.state.links.get((home, place.catalog, place.database), ())
        if not seen or names & access.state.described.get(link, frozenset())
    )


def _uses(grant_sets: Iterable[GrantSet], table_view: TableView, columns: int) -> tuple[Use, ...]:
    """The grants in grant sets that matter for these columns, in a fixed order."""
    return tuple(
        sorted(
            (
                Use(given, held)
                for grant_set in grant_sets
                for given, held in grant_set.grants_on(table_view)
                if not columns or mask(held.column_rows) & columns
            ),
            key=lambda use: use.given.address,
        )
    )
