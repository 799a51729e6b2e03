"""GrantSet: every grant that one account gives to one grantee on one catalog, arranged by the tables it reaches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import mask, whole
from reconciler.access.algebra.effective_grant import (
    NOTHING,
    EffectiveGrant,
    on_columns,
    on_match,
    on_table,
    perhaps,
    plus,
)
from reconciler.access.algebra.rows import where
from reconciler.access.algebra.tag_signature import TagSignature
from reconciler.access.state.table_view import TableView
from reconciler.access.state.tag_policies import TagPolicies, TagPolicyPool
from reconciler.model.lakeformation import (
    ALL_TABLES,
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
)
from reconciler.model.resource import Resource
from reconciler.spec.language.row_filter import NotAFilter, comparisons

Given = Resource[Grant]
Saved = Mapping[tuple[str, str], Expression]


class GrantSetKey(NamedTuple):
    """Who gives, to whom, on which catalog; and under which condition."""

    giver: str
    grantee: str
    catalog: str
    condition: str | None = None


class GrantSet:
    """Answers what its grants contribute on a table. Filled once, then only asked."""

    __slots__ = (
        "_permissions",
        "_pool",
        "_shared",
        "key",
        "named",
        "options",
        "policies",
        "rights",
        "uncertainties",
        "wild",
    )

    def __init__(self, key: GrantSetKey, pool: TagPolicyPool) -> None:
        self.key = key
        self.named: dict[tuple[str, str], list[Given]] = {}
        self.wild: dict[str, list[Given]] = {}
        self.policies: dict[tuple[str, str], list[Given]] = {}
        self.rights: list[Given] = []
        """Grants about something else than tables: databases, the catalog, data locations, LF-tags."""
        self.options: list[Given] = []
        """Grants about tables that may be passed on."""
        self.uncertainties: frozenset[str] = frozenset()
        """Reasons for which there may be more than we can say, on any table of the catalog."""
        self._permissions: dict[tuple[str, str], dict[Expression, int]] = {}
        self._pool = pool
        self._shared: dict[tuple[str, str], TagPolicies] = {}

    def add(self, given: Given) -> None:
        """Put a grant where it will be found."""
        grant = given.spec
        held = permissions.bits(grant.permission)
        match grant.target:
            case OnTagPolicy(of="DATABASE") | OnDatabase() | OnTag():
                # The most frequent ones come first.
                self.rights.append(given)
                return
            case OnTagPolicy(terms=terms) if held is not None and terms:
                if grant.grantable:
                    self.options.append(given)
                for word in anchors(terms):
                    self.policies.setdefault(word, []).append(given)
                    known = self._permissions.setdefault(word, {})
                    known[terms] = known.get(terms, 0) | held
                return
            case OnTable() | OnColumns() | OnFilter() | OnTagPolicy() if grant.grantable:
                self.options.append(given)
            case _:
                pass
        match grant.target:
            case OnTable(database=database, table=table) if held is not None:
                if table == ALL_TABLES:
                    self.wild.setdefault(database, []).append(given)
                else:
                    self.named.setdefault((database, table), []).append(given)
            case OnColumns(database=database, table=table) | OnFilter(database=database, table=table):
                self.named.setdefault((database, table), []).append(given)
            case OnSavedExpression(of="TABLE", name=name):
                self._uncertain(f"{grant.permission} by the saved expression {name}, whose body was not seen")
            case OnOther(text=text) if "LFTagExpression" in json.loads(text):
                return  # Rights on a saved expression itself; what is granted by it is another grant.
            case OnOther():
                self._uncertain(f"{grant.permission} on {grant.target.text}, which is not understood")
            case OnCatalog() if grant.permission in ("ALL", "SUPER_USER"):
                self.rights.append(given)
                self._uncertain(f"{grant.permission} on {grant.target}, whose reach is not established")
            case OnTable() | OnTagPolicy(of="TABLE"):
                self._uncertain(f"{grant.permission} on {grant.target}, a permission that is not known")
            case OnSavedExpression(name=name):
                self._uncertain(f"{grant.permission} by the saved expression {name}, whose body was not seen")
            case OnCatalog() | OnLocation():
                self.rights.append(given)
            case _:
                return

    def on(self, table_view: TableView) -> EffectiveGrant:
        """What the grants together contribute on a table, whoever they hold for (apart from `uncertainties`)."""
        by_tags, place = self.by_tags(table_view.signature), table_view.id
        if place.database not in self.wild and (place.database, place.table) not in self.named:
            return by_tags
        return plus(by_tags, plus(self.on_all(table_view), self.by_name(table_view)))

    def by_name(self, table_view: TableView) -> EffectiveGrant:
        """What those of the grants contribute that name the table."""
        place = table_view.id
        return _together(self.named.get((place.database, place.table), ()), table_view)

    def on_all(self, table_view: TableView) -> EffectiveGrant:
        """What those of the grants contribute that are on all tables of its database."""
        return _together(self.wild.get(table_view.id.database, ()), table_view)

    def grants_on(self, table_view: TableView) -> Iterator[tuple[Given, EffectiveGrant]]:
        """Each grant that contributes on a table, with its contribution; each once."""
        seen: set[int] = set()
        place = table_view.id
        candidates: list[Given] = [*self.named.get((place.database, place.table), ())]
        candidates += self.wild.get(place.database, ())
        for word in table_view.signature.words:
            candidates += self.policies.get(word, ())
        for given in candidates:
            if id(given) not in seen:
                seen.add(id(given))
                held = contribution(given, table_view)
                if held is not NOTHING:
                    yield given, held

    def all_grants(self) -> Iterator[Given]:
        """Every grant about tables; each once."""
        seen: set[int] = set()
        for group in (self.named, self.wild, self.policies):
            for grants in group.values():
                for given in grants:
                    if id(given) not in seen:
                        seen.add(id(given))
                        yield given

    def by_tags(self, signature: TagSignature) -> EffectiveGrant:
        """What those of the grants contribute that ask for LF-tags."""
        held = NOTHING
        for word in signature.words:
            if word in self._permissions:
                shared = self._shared.get(word)
                if shared is None:
                    policies = frozenset(self._permissions[word].items())
                    shared = self._shared[word] = self._pool.shared(policies)
                held = plus(held, shared.on(signature))
        return held

    def _uncertain(self, reason: str) -> None:
        self.uncertainties |= {f"{self.key.grantee} has {reason}"}


def _together(grants: Iterable[Given], table_view: TableView) -> EffectiveGrant:
    held = NOTHING
    for given in grants:
        held = plus(held, contribution(given, table_view))
    return held


def contribution(given: Given, table_view: TableView) -> EffectiveGrant:
    """What one grant gives on one table."""
    grant, signature = given.spec, table_view.signature
    held = permissions.bits(grant.permission) or 0
    match grant.target:
        case OnTable():
            return on_table(held, signature)
        case OnColumns(columns=columns, excluded=excluded):
            return on_columns(table_view.chosen(columns, excluded), signature) if held & permissions.SELECT else NOTHING
        case OnFilter(name=name, own=own):
            if not held & permissions.SELECT:
                return NOTHING  # DESCRIBE and DROP are about the filter itself.
            if own:
                giver = given.address.placement.account
                return _anything(table_view, f"the data filter {name} was made by {giver} itself and is not read")
            found = table_view.filters.get(name)
            if found is None:
                return _anything(table_view, f"the data filter {name} was not seen")
            chosen = on_columns(table_view.chosen(found.columns, found.excluded), signature, where(found.rows))
            gone = sorted(named_by(found.rows) - {*table_view.columns})
            return _whatever_rows(chosen, name, table_view, gone) if gone else chosen
        case OnTagPolicy(terms=terms):
            return on_match(held, signature.match(terms), signature)
        case _:
            return NOTHING


def resolved(given: Given, saved: Saved) -> Given:
    """A grant by a saved expression as one by its body, where that was seen.

    https://docs.aws.amazon.com/lake-formation/latest/dg/managing-tag-expressions.html
    """
    match given.spec.target:
        case OnSavedExpression(catalog=catalog, of=of, name=name) if (catalog, name) in saved:
            target = OnTagPolicy(catalog, of, saved[catalog, name], saved_as=name)
            return replace(given, spec=replace(given.spec, target=target))
        case _:
            return given


def _anything(table_view: TableView, reason: str) -> EffectiveGrant:
    """A filter whose columns and rows are not known."""
    return perhaps(on_columns(table_view.signature.all, table_view.signature), frozenset({reason}))


def _whatever_rows(held: EffectiveGrant, name: str, table_view: TableView, gone: list[str]) -> EffectiveGrant:
    """A filter that asks for columns which are gone: whether nothing, or something, is read then is not documented."""
    reason = f"the data filter {name} asks for {', '.join(gone)}, which {table_view.id} does not have any more"
    every = EffectiveGrant(held.permissions, whole(mask(held.column_rows)))
    return perhaps(every, frozenset({reason}))


@lru_cache(maxsize=10_000)
def named_by(rows: str) -> frozenset[str]:
    """The columns that a condition asks for; none where it does not read as one that we know."""
    try:
        return frozenset(each.column[0] for each in comparisons(rows)) if rows.strip() else frozenset()
    except NotAFilter:
        return frozenset()


@lru_cache(maxsize=100_000)
def anchors(terms: Expression) -> tuple[tuple[str, str], ...]:
    """The words of the key with the fewest values: a table that has none of them cannot match."""
    key, values = min(terms, key=lambda term: (len(term[1]), "*" in term[1]))
    return tuple((key, value) for value in values)
