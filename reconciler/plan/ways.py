"""Ways: whom a plan lets come to data again, though nothing that they are permitted changes.

Somebody has what he needs of Lake Formation, and a link of his way is closed in AWS: see `openings`. Whoever had
nothing before, or has nothing afterwards, gets nothing back by a link: a first apply opens none, nor does the run after
one that was killed before it gave the permissions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from reconciler.access import Access, AccessDifference, TableId, TableView
from reconciler.access.evaluation.candidates import candidates
from reconciler.access.state.principal_directory import account_of, is_whole
from reconciler.kinds import addresses
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.common.marks import PERMISSIONS_DUE
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.address import Address
from reconciler.model.change import Create, Update
from reconciler.model.lakeformation import Grant, OnDatabase
from reconciler.model.plan import Step
from reconciler.model.resource import AnyResource
from reconciler.plan.reader_roles import reader_role_changes
from reconciler.plan.requested_access import RequestedAccess
from reconciler.plan.review import Review
from reconciler.plan.table_readers import columns_of, listed
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn, reader
from reconciler.spec.results import QueryWorkgroup, workgroups_of

_TABLES, _TOGETHER = 3, 2
"""So many tables and principals of one sentence are named; of more it says how many there are."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A step by which a way is there again, and whom it leads to which columns of which tables; `label` names him."""

    step: Step
    columns: Mapping[tuple[str, TableId], tuple[str, ...]]
    label: Callable[[str], str]

    def of(self, chosen: Callable[[str], bool]) -> Reopened:
        """The same for some principals only."""
        return replace(self, columns={pair: names for pair, names in self.columns.items() if chosen(pair[0])})

    @property
    def closed(self) -> str:
        """What of it is closed in AWS, in words."""
        address, is_gone = self.step.address, isinstance(self.step.change, Create)
        how = "is not there" if is_gone else "lets less than the mesh says"
        return f"the {address.kind} {address.name} in {self.label(address.placement.account)} {how}"

    @property
    def sentence(self) -> str:
        """Who may get back which columns: `ml/scientist may get back 2 columns of cards.card (age, amount)`."""
        by_principal: dict[str, list[str]] = {}
        for (principal, place), columns in self.columns.items():
            by_principal.setdefault(principal, []).append(columns_of(place, columns))
        together: dict[tuple[str, ...], list[str]] = {}
        for principal, parts in by_principal.items():
            together.setdefault(tuple(parts), []).append(self.label(principal))
        return "; ".join(
            f"{listed(sorted(who))} may get back {'; '.join(parts[:_TABLES])}"
            f"{f'; and columns of {len(parts) - _TABLES} more tables' * (len(parts) > _TABLES)}"
            for parts, who in together.items()
        )


def in_short(ways: Iterable[Reopened], verb: str) -> Iterator[str]:
    """Who comes to how much by any of these, as a part of a sentence: `ml/scientist may get back 2 columns of a.b`."""
    every = tuple(ways)
    columns = {pair: names for each in every for pair, names in each.columns.items()}
    if not columns:
        return
    people, places = {principal for principal, _ in columns}, {place for _, place in columns}
    count = len({(place, name) for (_, place), names in columns.items() for name in names})
    labels = sorted({each.label(principal) for each in every for principal, _ in each.columns})
    who = " and ".join(labels) if len(labels) <= _TOGETHER else f"{len(people):,} principals"
    where = f"of {next(iter(places))}" if len(places) == 1 else f"in {len(places):,} tables"
    yield f"{who} {verb} {count:,} column{'s' * (count != 1)} {where}"


def reopened(reviewed: Review, asked: RequestedAccess | None = None) -> tuple[Reopened, ...]:
    """The steps of a plan that the change (or `asked`) did not ask to let what they let, and that somebody reads by."""
    requested = asked or reviewed.requested
    if reviewed.access is None or requested is None:
        return ()
    told = _told_of_roles(reviewed)
    ways, found = _Ways(reviewed, reviewed.access), list[Reopened]()
    for step in reviewed.steps:
        if step.address in told or _is_begun(step) or not requested.unasked_openings(step.change):
            continue
        columns = dict(ways.by(step.change.resource))
        if columns:
            found.append(Reopened(step, columns, reviewed.access.directory.label))
    return tuple(found)


def _told_of_roles(reviewed: Review) -> frozenset[Address]:
    """Roles of which is told already that nobody reads as they, or fewer."""
    changes = (each for each in reader_role_changes(reviewed) if each.gives and each.reads)
    return frozenset(each.change.address for each in changes if reviewed.requested is None or not each.asked)


def _is_begun(step: Step) -> bool:
    """Whether a run before has begun it, as a tag in AWS says: nobody has closed what was never whole."""
    change = step.change
    if not isinstance(change, Update) or not isinstance(change.have.spec, Role):
        return False
    return not change.have.spec.policy and PERMISSIONS_DUE in dict(change.have.spec.tags)


@dataclass(frozen=True)
class _Ways:
    """Who reads what by which link: before as after the plan."""

    reviewed: Review
    access: AccessDifference

    def by(self, of: AnyResource) -> Iterator[tuple[tuple[str, TableId], tuple[str, ...]]]:
        """Whom a link leads to which columns."""
        for principal, view in self._pairs(of):
            after = self.access.after
            if view.id in after.tables:
                had, has = self.access.before.on(principal, view.id).columns, after.on(principal, view.id).columns
                columns = tuple(name for name in had if name in has)
                if columns:
                    yield (principal, view.id), columns

    def _pairs(self, of: AnyResource) -> Iterator[tuple[str, TableView]]:
        where = of.address
        match of.spec:
            case ResourceLink(catalog=catalog, database=database):
                yield from self._readers(self._in(catalog, database), where.placement.account)
            case Grant(principal=principal, target=OnDatabase(database=name)):
                # A link that is gone took the permissions on it along, and is told itself.
                link = self.reviewed.wanted.get(addresses.resource_link(where.placement, name))
                if link is not None and where not in self._found and link.address in self._found:
                    views = self._in(link.spec.catalog, link.spec.database)
                    yield from ((principal, view) for view in views)
            case Location():
                yield from self._readers(self._at(where.name.partition(":::")[2]))
            case Role():
                yield from self._of(of.handle or "")
                for place in self._places_of.get(where, ()):
                    yield from self._readers(self._at(place))
            case BucketPolicy() | Bucket():
                yield from self._readers(self._at(where.name))
                yield from self._querying(each for each in self._workgroups if each[1].bucket == where.name)
            case Workgroup():
                yield from self._querying(
                    each for each in self._workgroups if (each[1].placement, each[1].name) == where[1:]
                )
            case CatalogPolicy():
                account = where.placement.account
                for view in self._before.tables.values():
                    if view.id.catalog == account:
                        yield from (each for each in self._readers([view]) if self._home(each[0]) != account)
            case _:
                return

    def _readers(self, views: Iterable[TableView], account: str = "") -> Iterator[tuple[str, TableView]]:
        """Whoever may have something on tables, if he queries in an account where one is given."""
        for view in views:
            for principal in sorted(candidates(self._before.state, view, wholes=True)):
                if is_whole(principal) and principal not in self._wholes:
                    continue
                if not account or self._home(principal) in ("", account):
                    yield principal, view

    def _of(self, principal: str) -> Iterator[tuple[str, TableView]]:
        return ((principal, each.table_view) for each in self._before.of(principal))

    def _querying(self, workgroups: Iterable[tuple[str, QueryWorkgroup]]) -> Iterator[tuple[str, TableView]]:
        for principal, _ in workgroups:
            yield from self._of(principal)

    def _in(self, catalog: str, database: str) -> tuple[TableView, ...]:
        return self._before.state.in_database.get((catalog, database), ())

    def _at(self, place: str) -> Iterator[TableView]:
        return self._before.files.overlapping(f"s3://{place}")

    def _home(self, principal: str) -> str:
        """The account in which somebody queries; empty where that is not known."""
        return self._homes.get(principal) or account_of(principal) or ""

    @property
    def _before(self) -> Access:
        return self.access.before

    @property
    def _mesh(self) -> Mesh:
        return self.reviewed.mesh

    @property
    def _found(self) -> Mapping[Address, AnyResource]:
        return self.reviewed.observation.found if self.reviewed.observation is not None else {}

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        """By principal the account of his consumer: who is of IAM Identity Center has none in his name."""
        return {
            principal_arn(self._mesh, consumer, each): account.id
            for consumer in self._mesh.consumers.values()
            for each in consumer.principals
            if (account := self._mesh.reader_account(consumer)) is not None
        }

    @cached_property
    def _wholes(self) -> frozenset[str]:
        """Accounts and organizations that read without anybody being named."""
        return frozenset(
            reader(self._mesh, self._mesh.consumer(each))
            for each in self._mesh.subscriptions.values()
            if not each.principals
        )

    @cached_property
    def _places_of(self) -> Mapping[Address, list[str]]:
        """By role the places whose files are read with it."""
        found: dict[Address, list[str]] = {}
        for each in self.reviewed.wanted.of(Location):
            role = addresses.iam_role(each.address.placement, each.spec.role)
            found.setdefault(role, []).append(each.address.name.partition(":::")[2])
        return found

    @cached_property
    def _workgroups(self) -> tuple[tuple[str, QueryWorkgroup], ...]:
        """Every workgroup with whoever queries in it: its principal, or the account as a whole."""
        return tuple(
            (
                principal_arn(self._mesh, consumer, each.principal) if each.principal else reader(self._mesh, consumer),
                each,
            )
            for consumer in self._mesh.consumers.values()
            for each in workgroups_of(self._mesh, consumer)
        )
