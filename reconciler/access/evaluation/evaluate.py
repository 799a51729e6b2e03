"""Access: who may do what on which table, asked pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import ColumnRows, each
from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant, plus
from reconciler.access.algebra.rows import ALL_ROWS, Rows
from reconciler.access.evaluation.candidates import candidates, reached
from reconciler.access.evaluation.enforcement import (
    Verdict,
    is_half_opted_in,
    is_open,
    is_opted_in,
    table_uncertainties,
)
from reconciler.access.evaluation.grant_sources import GrantSources
from reconciler.access.state.access_state import AccessState, access_state
from reconciler.access.state.files_index import FilesIndex
from reconciler.access.state.principal_directory import PrincipalDirectory, account_of, is_whole
from reconciler.access.state.table_view import TableId, TableView
from reconciler.kinds import registry
from reconciler.model.address import Address
from reconciler.model.resource import Gap, Observation, Snapshot

Classified = tuple[tuple[str, ...], tuple[tuple[str, str], ...], int]
"""Columns of a table, the sensitivity of each that has one, and the rank of the worst."""


@dataclass(frozen=True, slots=True)
class TableAccess:
    """What one principal has on one table.

    verdict   `enforced` by Lake Formation: exactly this; `open` to IAM: whoever has IAM rights reads everything;
              `unknown`: at least this, and `reasons` why there may be more
    raw_read  INSERT or DELETE without SELECT on everything: the files can be read past columns and rows
    beyond    permissions and columns with rows if everything that is uncertain holds; None if that is no more
    """

    principal: str
    table_view: TableView
    permissions: tuple[str, ...]
    column_rows: ColumnRows
    verdict: Verdict
    reasons: tuple[str, ...]
    raw_read: bool
    beyond: tuple[tuple[str, ...], ColumnRows] | None = None

    @property
    def columns(self) -> Mapping[str, Rows]:
        """Every readable column with its rows, in the order of the table."""
        return dict(each(self.column_rows, self.table_view.columns))

    @property
    def possible(self) -> Mapping[str, Rows]:
        """Every column that is perhaps readable, with the rows; those that surely are included."""
        return dict(each(self.beyond[1] if self.beyond else self.column_rows, self.table_view.columns))

    @property
    def is_nothing(self) -> bool:
        """Nothing at all, and no uncertainty about it."""
        return not self.permissions and not self.reasons


class Access:
    """Effective access in one state. Nothing is evaluated before it is asked for; answers do not change.

    classified  what is said of columns (bits) of a table, and `told` of a grant: once said, it is shared
    """

    def __init__(self, found: AccessState, directory: PrincipalDirectory, gaps: tuple[Gap, ...] = ()) -> None:
        self.state = found
        self.directory = directory
        self.grant_sources = GrantSources(found, directory)
        self.classified: dict[tuple[TableId, int], Classified] = {}
        self.told: dict[Address, str] = {}
        self.notes: dict[object, object] = {}
        self._account_reads: dict[tuple[str, TableId], bool] = {}
        self.gaps = tuple(gap for gap in gaps if registry()[gap.kind].decides_access)

    @cached_property
    def files(self) -> FilesIndex:
        """The tables by their files."""
        return FilesIndex.of(self.tables.values())

    @property
    def tables(self) -> Mapping[TableId, TableView]:
        """Every table and view."""
        return self.state.table_views

    @property
    def principals(self) -> tuple[str, ...]:
        """Everybody who was granted anything, or whom the mesh names; sorted."""
        named = {*self.directory.principals, *self.directory.groups}
        return tuple(sorted({*self.state.readers, *named} - {*self.state.wholes}))

    def held(self, principal: str, table_view: TableView) -> EffectiveGrant:
        """What grants give to a principal on a table, whoever enforces it."""
        held = NOTHING
        for source in self.grant_sources.of(principal, table_view):
            held = plus(held, source.held)
        return held

    def on(self, principal: str, place: TableId) -> TableAccess:
        """What a principal has on a table. KeyError for a table that is not there."""
        table_view = self.state.table_views[place]
        held = self.held(principal, table_view)
        verdict, reasons = self.verdict(principal, table_view, held)
        return TableAccess(
            principal,
            table_view,
            permissions.names(held.permissions),
            held.column_rows,
            verdict,
            reasons,
            raw_read(held, table_view),
            (permissions.names(held.beyond[0]), held.beyond[1]) if held.beyond is not None else None,
        )

    def verdict(self, principal: str, table_view: TableView, held: EffectiveGrant) -> tuple[Verdict, tuple[str, ...]]:
        """Who decides about what a principal holds on a table, and why that may not be certain."""
        place = table_view.id
        reasons = set(held.reasons) | self.uncertainties(principal, place.catalog)
        if held.column_rows:
            reasons.update(table_uncertainties(table_view))
        reasons.update(self._unseen(principal, place.catalog))
        open_to_iam = is_open(self.state, table_view) and not is_opted_in(self.state, principal, table_view)
        if open_to_iam and is_half_opted_in(self.state, principal, table_view):
            open_to_iam = False
            reasons.add(
                f"{place} is open to IAM, and only one of two accounts has opted in {self.directory.label(principal)}"
            )
        return "open" if open_to_iam else "unknown" if reasons else "enforced", tuple(sorted(reasons))

    def of(self, principal: str) -> Iterator[TableAccess]:
        """Every table on which a principal has something or may have."""
        places = reached(self.state, principal)
        places.update(place for place in self.tables if self.uncertainties(principal, place.catalog))
        for place in sorted(places):
            found = self.on(principal, place)
            if self._may_have(found):
                yield found

    def readers(self, place: TableId) -> Iterator[TableAccess]:
        """Everybody who has something on a table or may have; IAM_ALLOWED_PRINCIPALS where it is open to IAM."""
        for principal in sorted(candidates(self.state, self.tables[place]) | self._uncertain_readers(place.catalog)):
            found = self.on(principal, place)
            if self._may_have(found):
                yield found

    def pairs(self) -> Iterator[TableAccess]:
        """Everything: every principal on every table on which he has something. Large meshes have millions."""
        for place in sorted(self.state.table_views):
            yield from self.readers(place)

    def _may_have(self, found: TableAccess) -> bool:
        """Whether a principal has anything on a table, or may have for a reason that is about him."""
        catalog = found.table_view.id.catalog
        return bool(
            found.permissions
            or found.beyond
            or self.uncertainties(found.principal, catalog)
            or [*self._unseen(found.principal, catalog)]
        )

    def account_reads(self, account: str, table_view: TableView) -> bool:
        """Whether any principal of an account reads anything of a table."""
        known = self._account_reads.get((account, table_view.id))
        if known is None:
            known = self._account_reads[account, table_view.id] = any(
                self.held(name, table_view).column_rows for name in candidates(self.state, table_view, account)
            )
        return known

    def uncertainties(self, principal: str, catalog: str) -> frozenset[str]:
        """Why a principal may have more than we can say on any table of a catalog."""
        if not self.state.uncertain:
            return frozenset()
        names = self.state.principals.identities(principal)
        return frozenset(
            reason
            for name in names
            for grant_set in self.state.to.get(name, ())
            if grant_set.key.catalog == catalog
            for reason in grant_set.uncertainties
        )

    def _uncertain_readers(self, catalog: str) -> set[str]:
        """The readers who may have more than we can say on any table of a catalog."""
        return {
            name
            for grant_set in self.state.uncertain
            if grant_set.key.catalog == catalog
            for name in self.state.principals.reached_by(grant_set.key.grantee)
            if not is_whole(name)
        }

    def self_granters(self, place: TableId) -> tuple[str, ...]:
        """Data lake administrators of the table's own account: they may grant themselves everything on it.

        https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
        """
        return tuple(sorted(self.state.admins.get(place.catalog, ())))

    def _unseen(self, principal: str, catalog: str) -> Iterable[str]:
        """What was not read of the accounts of a pair."""
        accounts = {catalog, account_of(principal)}
        return (
            f"{gap.kind} was not seen in {gap.placement}: {gap.reason}"
            for gap in self.gaps
            if gap.placement.account in accounts
        )


def evaluate(state: Snapshot | Observation, directory: PrincipalDirectory) -> Access:
    """Effective access in a wanted or found state. What was not seen makes the answers that it touches unknown."""
    if isinstance(state, Observation):
        return Access(access_state(state.found, directory), directory, state.gaps)
    return Access(access_state(state, directory), directory)


def raw_read(held: EffectiveGrant, table_view: TableView) -> bool:
    """Whether permissions to write let somebody read files that SELECT does not show him.

    "can insert, update, and read underlying data":
    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
    """
    if not held.permissions & permissions.RAW:
        return False
    return held.column_rows != ((ALL_ROWS, table_view.signature.all),) or not table_view.signature.all
