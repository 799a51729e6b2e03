"""Difference: who gained and who lost what between two states, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from reconciler.access.algebra.rows import ALL_ROWS
from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.affected import Affected, affected
from reconciler.access.differences.alike import alike
from reconciler.access.differences.assumed import Admin, LetIn
from reconciler.access.differences.compare import surplus
from reconciler.access.differences.passed_on import beyond_named, passed_on
from reconciler.access.differences.paths import paths_surplus
from reconciler.access.differences.rights import rights_surplus
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.other_paths import other_paths
from reconciler.access.evaluation.rights import RightsIndex
from reconciler.access.state.principal_directory import PrincipalDirectory, is_account, is_whole
from reconciler.access.state.table_view import TableId
from reconciler.model.resource import Gap

EVERYWHERE = "*"
"""As database and table of an entry: an uncertainty that is about every table of the catalog."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many different principals, tables and columns entries speak of."""

    principals: int
    tables: int
    columns: int


@dataclass(frozen=True, slots=True)
class AccessDifference:
    """What readers gained and lost, what whole accounts and organizations may newly (or no longer) pass on,
    and data lake administrators (account, ARN) who came and went. `passed_on` is what somebody may newly let others
    read or do: of accounts what nobody named there has. `gaps` is what was not seen in either state.
    """

    gained: tuple[AccessEntry, ...] = ()
    lost: tuple[AccessEntry, ...] = ()
    shared: tuple[AccessEntry, ...] = ()
    unshared: tuple[AccessEntry, ...] = ()
    admins_gained: tuple[Admin, ...] = ()
    admins_lost: tuple[Admin, ...] = ()
    passed_on: tuple[AccessEntry, ...] = ()
    gaps: tuple[Gap, ...] = ()
    before: Access = field(repr=False, compare=False, kw_only=True)
    after: Access = field(repr=False, compare=False, kw_only=True)

    @property
    def directory(self) -> PrincipalDirectory:
        """Who is who in the later state."""
        return self.after.directory

    @property
    def is_empty(self) -> bool:
        """Nothing changes for anybody."""
        wholes = self.shared or self.unshared or self.passed_on
        return not (self.gained or self.lost or wholes or self.admins_gained or self.admins_lost)

    def with_named(self, documents: Callable[[], Access]) -> AccessDifference:
        """Without what an account passes on to whom documents name, though the plan may hold him back."""
        if not any(is_account(entry.principal) for entry in self.passed_on):
            return self
        return replace(self, passed_on=tuple(beyond_named(self.passed_on, documents())))

    def counts(self) -> Counts:
        """How much readers gained."""
        return counts(self.gained)

    def as_json(self) -> dict[str, Any]:
        """The `access` part of JSON v1."""
        return {
            "gained": [entry.as_json() for entry in self.gained],
            "lost": [entry.as_json() for entry in self.lost],
            "shared": [entry.as_json() for entry in self.shared],
            "unshared": [entry.as_json() for entry in self.unshared],
            "passed_on": [entry.as_json() for entry in self.passed_on],
            "admins_gained": [{"account": account, "principal": arn} for account, arn in self.admins_gained],
            "admins_lost": [{"account": account, "principal": arn} for account, arn in self.admins_lost],
        }


def counts(entries: Iterable[AccessEntry]) -> Counts:
    """How many different principals, tables and columns of tables entries speak of; without what is uncertain."""
    every = tuple(entry for entry in entries if entry.change != "unknown")
    return Counts(
        len({entry.principal for entry in every}),
        len({entry.place for entry in every if entry.change != "rights"}),
        len({(entry.place, column) for entry in every for column in entry.columns}),
    )


def difference(before: Access, after: Access) -> AccessDifference:
    """Who gained and who lost what. Only pairs that a change touches are looked at; the result is that of all."""
    if before is after:
        return AccessDifference(gaps=tuple(sorted({*after.gaps})), before=before, after=after)
    return compare(before, after, affected(before, after))


def compare(before: Access, after: Access, what: Affected) -> AccessDifference:
    """The difference of what is affected, and uncertainties about whole catalogs."""
    more, less = [*_uncertainties(after, before)], [*_uncertainties(before, after)]
    for old, new, names in alike(before, after, what.pairs):
        more += surplus(new, old, names)
        less += surplus(old, new, names, later=False)
    now, then = RightsIndex(after), RightsIndex(before)
    more += rights_surplus(now, then, after, before, what.things)
    less += rights_surplus(then, now, before, after, what.things)
    let_in, shut_out = LetIn(after, before), LetIn(before, after, later=False)
    more += let_in.surplus(now, then)
    less += shut_out.surplus(then, now)
    ways, before_ways = other_paths(after), other_paths(before)
    more += paths_surplus(ways, before_ways, after, before)
    less += paths_surplus(before_ways, ways, before, after)
    (gained, shared), (lost, unshared) = _sorted(more), _sorted(less)
    return AccessDifference(
        gained,
        lost,
        shared,
        unshared,
        _admins(after, before, let_in),
        _admins(before, after, shut_out),
        tuple(passed_on((*gained, *shared), before, after, what)),
        tuple(sorted({*before.gaps, *after.gaps})),
        before=before,
        after=after,
    )


def _uncertainties(more: Access, less: Access) -> Iterable[AccessEntry]:
    """Uncertainties about everything that a principal may read in a catalog."""
    catalogs = {(grant_set.key.grantee, grant_set.key.catalog) for grant_set in more.state.uncertain}
    for principal, catalog in catalogs:
        fresh = more.uncertainties(principal, catalog) - less.uncertainties(principal, catalog)
        if fresh:
            yield AccessEntry(
                principal,
                TableId(catalog, EVERYWHERE, EVERYWHERE),
                "unknown",
                (),
                ALL_ROWS,
                (),
                "unknown",
                tuple(sorted(fresh)),
                source=more,
                other=less,
            )


def _sorted(entries: Iterable[AccessEntry]) -> tuple[tuple[AccessEntry, ...], tuple[AccessEntry, ...]]:
    """Readers, and accounts and organizations as wholes, each with the worst first."""
    readers: list[AccessEntry] = []
    wholes: list[AccessEntry] = []
    for entry in entries:
        whole = is_whole(entry.principal)
        (wholes if whole else readers).append(entry)
    for those in (readers, wholes):
        # The last sort counts most.
        for name in ("columns", "place", "principal"):
            those.sort(key=attrgetter(name))
        those.sort(key=attrgetter("badness"), reverse=True)
    return tuple(readers), tuple(wholes)


def _admins(more: Access, less: Access, let_in: LetIn) -> tuple[Admin, ...]:
    own = {
        (account, arn)
        for account, arns in more.state.admins.items()
        for arn in arns - less.state.admins.get(account, frozenset())
    }
    return tuple(sorted({*own, *let_in.admins()}))
