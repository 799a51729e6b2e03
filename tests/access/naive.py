"""Who has what in a small world, cell by cell, at least and at most: the rules of AWS once more, without any index.

For the worlds of strategies.py alone: one catalog, two tables, roles as principals, the filters `a = 1` and `a = 2`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.access.algebra.rows import Rows
from reconciler.kinds import addresses
from reconciler.model.lakeformation import (
    IAM_ALLOWED_PRINCIPALS,
    Expression,
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
)
from reconciler.model.resource import AnyResource, Snapshot
from tests.access.building import CONSUMER, GROUP, OWNER, SALES, WORLD

ROWS = tuple(map(frozenset, ((), ("a = 1",), ("a = 2",), ("a = 1", "a = 2"))))
"""Kinds of rows, by which of the filters show them; no arithmetic."""
EVERY_TABLE = OnTable(OWNER, "db", "*")
ON_TABLES = {"SELECT", "ALTER", "DROP", "DELETE", "INSERT", "DESCRIBE", "ALL"}
ON_DATABASES = {"ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"}
Cells = set[tuple[str, frozenset[str]]]


@dataclass
class Has:
    """Permissions, and cells: columns with kinds of rows."""

    rights: set[str] = field(default_factory=set)
    cells: Cells = field(default_factory=set)

    @property
    def columns(self) -> set[str]:
        """Of which there is any row."""
        return {name for name, _ in self.cells}

    @property
    def whole(self) -> set[str]:
        """Columns with the rows that no filter shows, too."""
        return {name for name, kind in self.cells if not kind}

    def add(self, other: Has) -> None:
        self.rights |= other.rights
        self.cells |= other.cells

    def common(self, other: Has) -> Has:
        """What both have. SELECT without a common column is none."""
        found = Has(self.rights & other.rights, self.cells & other.cells)
        if not found.cells and (self.cells or other.cells):
            found.rights -= {"SELECT"}
        return found


def cells(columns: Mapping[str, Rows]) -> Cells:
    """What the evaluator says, cell by cell."""
    return {(name, kind) for name, rows in columns.items() for kind in ROWS if any(each <= kind for each in rows)}


def whole(names: Iterable[str]) -> Cells:
    """Columns with every row."""
    return {(name, kind) for name in names for kind in ROWS}


def account(principal: str) -> str:
    """Whose somebody is; who is nobody's counts as the owner's."""
    if principal in (IAM_ALLOWED_PRINCIPALS, GROUP):
        return OWNER
    return principal if principal.isdigit() else principal.split(":")[4 if principal.startswith("arn:") else 0]


class Naive:
    """One world. `sure`: only what holds whatever is not known; otherwise everything that may."""

    def __init__(self, found: Snapshot, *, sure: bool) -> None:
        self.found, self.sure = found, sure
        self._of: dict[str, list[AnyResource]] = {}
        for address, each in found.items():
            self._of.setdefault(address.kind, []).append(each)

    def of(self, kind: str) -> list[AnyResource]:
        """The resources of a kind."""
        return self._of.get(kind, [])

    def columns(self, table: str) -> tuple[list[str], list[str]]:
        """Data columns and partition keys."""
        (spec,) = [each.spec for each in self.of(addresses.TABLE) if each.spec.table == table]
        return [each.name for each in spec.columns], [each.name for each in spec.partition_keys]

    def tags(self, *place: str) -> dict[str, str]:
        """The effective tags of a database, table or column: the lowest place that says a key counts."""
        said: dict[str, str] = {}
        for depth in range(1, len(place) + 1):
            for each in self.of(addresses.TAG_ASSIGNMENT):
                if tuple(part for part in each.spec.place if part) == place[:depth]:
                    said[each.spec.key] = each.spec.value
        return said

    def rank(self, table: str, column: str) -> int:
        """How sensitive a column is. A partition key counts only where somebody has said it."""
        order, said = WORLD.sensitivity_order, self.tags("db", table, column).get("sensitivity")
        return order.index(said) + 1 if said else 0 if column == "day" else len(order) + 1

    def matches(self, terms: Expression, *place: str) -> bool:
        """Whether a place has every key of an expression, with one of its values."""
        tags = self.tags(*place)
        return bool(terms) and all(key in tags and ("*" in values or tags[key] in values) for key, values in terms)

    def body(self, target: OnSavedExpression) -> OnTagPolicy | None:
        """A saved expression as the one that it stands for."""
        every = [each.spec.body for each in self.of(addresses.TAG_MARK) if each.address.name == target.name]
        return OnTagPolicy(target.catalog, target.of, every[0]) if every else None

    def grants(self, giver: str, *grantees: str) -> Iterator[tuple[Grant, Target]]:
        """What one account gives to whom."""
        for each in self.of(addresses.GRANT):
            spec = each.spec
            if each.address.placement.account == giver and spec.principal in grantees:
                target = spec.target
                if isinstance(target, OnSavedExpression):
                    target = self.body(target) or target
                yield spec, target

    def gives(self, grant: Grant, target: Target, table: str) -> Has:
        """What a grant gives on a table, if it holds."""
        if target.catalog != OWNER:
            return Has()
        data, keys = self.columns(table)
        rights = ON_TABLES if grant.permission == "ALL" else {grant.permission, "DESCRIBE"}
        every, reads = whole((*data, *keys)), "SELECT" in rights
        match target:
            case OnTable(table=name) if name in ("*", table):
                return Has(set(rights), every if reads else set())
            case OnColumns(table=name) if name == table and reads:
                chosen = [each for each in data if (each in target.columns) != target.excluded]
                return Has({"SELECT", "DESCRIBE"}, whole((*chosen, *keys)))
            case OnFilter(table=name) if name == table and reads:
                return self._by_filter(target, data, keys)
            case OnTagPolicy(of="TABLE", terms=terms):
                carrying = {each for each in data if self.matches(terms, "db", table, each)}
                if carrying and carrying == set(data):
                    return Has(set(rights), every if reads else set())
                if carrying:
                    return Has(rights & {"SELECT", "DESCRIBE"}, whole((*carrying, *keys)) if reads else set())
                return Has({"DESCRIBE"} if self.matches(terms, "db", table) else set())
            case _:
                return Has()

    def _by_filter(self, target: OnFilter, data: list[str], keys: list[str]) -> Has:
        seen = [each.spec for each in self.of(addresses.DATA_FILTER) if each.address.name.endswith(f"/{target.name}")]
        if not seen:
            return Has() if self.sure else Has({"SELECT", "DESCRIBE"}, whole((*data, *keys)))
        chosen = [name for name in data if (name in seen[0].columns) != seen[0].excluded]
        kinds = [kind for kind in ROWS if not seen[0].rows or seen[0].rows in kind]
        return Has({"SELECT", "DESCRIBE"}, {(name, kind) for name in (*chosen, *keys) for kind in kinds})

    def holds(self, condition: str | None, principal: str) -> bool:
        """Whether a grant under a condition holds for somebody."""
        if condition is None:
            return True
        roles = [each for each in self.of(addresses.IAM_ROLE) if each.handle == principal]
        if condition != SALES or not roles or "TagSession" in roles[0].spec.trust:
            return not self.sure
        return dict(roles[0].spec.tags).get("team") == "sales"

    def names(self, principal: str) -> tuple[str, ...]:
        """Under which names grants reach somebody."""
        known = (principal, *WORLD.groups.get(principal, ()))
        return (*known, f"{account(principal)}:IAMPrincipals") if ":role/" in principal else known

    def version(self, owner: str) -> int:
        every = [
            each.spec.version for each in self.of(addresses.LAKE_SETTINGS) if each.address.placement.account == owner
        ]
        return every[0] if every else 4

    def accepted(self, receiver: str) -> bool | None:
        """Whether an account has accepted all shares (True), or some wait (False); None where there is nothing."""
        every = [each for each in self.of(addresses.RAM_ACCEPTANCE) if each.address.placement.account == receiver]
        return not every[0].spec.pending if every else None

    def has_arrived(self, receiver: str, target: Target, table: str = "") -> bool:
        """Whether what the owner gave to a whole account on a table, or the database, can be seen there."""
        by_tags, is_old = isinstance(target, OnTagPolicy), self.version(OWNER) < 3
        if not (by_tags and is_old) and self._is_listed(receiver, target, table):
            return True
        accepted = self.accepted(receiver)
        by_ram = accepted is not None and (accepted or not self.sure)
        if not by_tags:
            return by_ram
        policies = [text for each in self.of(addresses.CATALOG_POLICY) for text in each.spec.others]
        # A policy for everybody is not understood.
        opened = (None if '"Principal": "*"' in policies[0] else receiver == CONSUMER) if policies else False
        if is_old:
            # https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
            return bool(opened) or (not self.sure and (opened is None or accepted is not None))
        return by_ram or (opened is not False and not self.sure)

    def _is_listed(self, receiver: str, target: Target, table: str) -> bool:
        """Whether RAM lists it among what has arrived, and nothing that waits may be meant."""
        one = "*" if isinstance(target, OnTable) and target.table == "*" else table
        names = {f"db/{one}", "db/*"} if table else {"db"}
        silent = set[str]()
        if isinstance(target, OnTagPolicy):
            names, silent = names | {"*/*" if table else "*"}, {""}
        return any(
            names & each.spec.contents.arrived and not (names | silent) & each.spec.contents.waiting
            for each in self.of(addresses.RAM_ACCEPTANCE)
            if each.address.placement.account == receiver
        )

    def passers(self, principal: str) -> tuple[str, ...]:
        """The accounts that may pass on to somebody what they received; to a group of Identity Center any."""
        home = account(principal)
        return (CONSUMER,) if principal == GROUP else (home,) if home != OWNER and not principal.isdigit() else ()

    def is_there(self, table: str) -> bool:
        return any(each.spec.table == table for each in self.of(addresses.TABLE))

    def on(self, principal: str, table: str) -> Has:
        """What somebody has on a table; nothing on one that is not there."""
        found = Has()
        if not self.is_there(table):
            return found
        if self.direct(principal):
            for grant, target in self.grants(OWNER, *self.names(principal)):
                if self.holds(grant.condition, principal):
                    found.add(self.gives(grant, target, table))
        # https://docs.aws.amazon.com/lake-formation/latest/dg/identity-center-lf-notes.html
        for home in self.passers(principal) if principal != GROUP or not self.sure else ():
            received, passed = Has(), Has()
            for grant, target in self.grants(OWNER, home):
                if not self.sure if grant.condition else self.has_arrived(home, target, table):
                    received.add(self.gives(grant, target, table))
            for grant, target in self.grants(home, *self.names(principal)):
                if self.holds(grant.condition, principal):
                    passed.add(self.gives(grant, target, table))
            found.add(received.common(passed))
        return found

    def direct(self, principal: str) -> bool:
        """Whether what the owner gives straight to somebody is there, in another account, too."""
        home = account(principal)
        if home == OWNER or principal.isdigit() or not self.sure:
            return True
        return self.version(OWNER) >= 3 and self.accepted(home) is True

    def is_doubtful(self, principal: str) -> bool:
        """Whether something was granted of which nobody can say what it is."""
        return bool(self.doubts(principal))

    def doubts(self, principal: str) -> set[tuple[str, Grant]]:
        """Grants of which nobody can say what they are."""
        every = ((giver, *each) for giver in (OWNER, CONSUMER) for each in self.grants(giver, *self.names(principal)))
        return {(grant.principal, grant) for _, grant, to in every if isinstance(to, OnOther | OnSavedExpression)}

    def served(self, table: str) -> tuple[object, ...]:
        """What decides about a table besides its columns, tags and grants: its filters, and who serves its files."""
        filters = [each.spec for each in self.of(addresses.DATA_FILTER) if each.spec.table == table]
        (spec,) = [each.spec for each in self.of(addresses.TABLE) if each.spec.table == table]
        places = [each.spec.hybrid for each in self.of(addresses.LOCATION)]
        return filters, spec.rest, places if spec.storage.location else None

    def is_open(self, table: str) -> bool:
        """Whether IAM decides for whoever was not opted in."""
        everybody = self.grants(OWNER, IAM_ALLOWED_PRINCIPALS)
        return self.is_there(table) and any(self.gives(grant, target, table).rights for grant, target in everybody)

    def opted_in(self, principal: str, table: str) -> tuple[bool, bool]:
        """Whether somebody was opted in, and whether only half."""

        def said(giver: str, *names: str) -> bool:
            return any(
                each.address.placement.account == giver
                and each.spec.principal in names
                and (
                    each.spec.target in (OnTable(OWNER, "db", table), OnDatabase(OWNER, "db"))
                    or (each.spec.target == EVERY_TABLE and giver == account(each.spec.principal) == OWNER)
                )
                for each in self.of(addresses.OPT_IN)
            )

        names, home = self.names(principal), account(principal)
        steps = (said(OWNER, home), said(home, *names)) if home != OWNER else (False,)
        is_in = said(OWNER, *names) or all(steps)
        return is_in, any(steps) and not is_in

    def rights(self, principal: str) -> set[tuple[Target, str]]:
        """What somebody may do with what is no table."""
        found: set[tuple[Target, str]] = set()
        if self.direct(principal):
            for grant, target in self.grants(OWNER, *self.names(principal)):
                if self.holds(grant.condition, principal):
                    found |= self._things(grant, target)
        for home in self.passers(principal):
            received: set[tuple[Target, str]] = set()
            for grant, target in self.grants(OWNER, home):
                if isinstance(target, OnTag | OnLocation) or self.has_arrived(home, target):
                    received |= self._things(grant, target)
            for grant, target in self.grants(home, *self.names(principal)):
                found |= self._things(grant, target) & received
        return found

    def _things(self, grant: Grant, target: Target) -> set[tuple[Target, str]]:
        match target:
            case _ if target.catalog != OWNER:
                return set()
            case OnDatabase():
                rights = ON_DATABASES if grant.permission == "ALL" else {grant.permission, "DESCRIBE"}
                return {(target, each) for each in rights}
            case OnTag():
                return {(target, grant.permission), (target, "DESCRIBE")}
            case OnCatalog() | OnLocation():
                return {(target, grant.permission)}
            case OnTagPolicy(of="DATABASE", terms=terms) if self.matches(terms, "db"):
                return self._things(grant, OnDatabase(OWNER, "db"))
            case _:
                return set()
