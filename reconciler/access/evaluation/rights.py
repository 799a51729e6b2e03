"""Rights: what somebody may do with databases, the catalog, data locations and LF-tags, and pass on of tables."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from reconciler.access.evaluation.arrival import Arrival, Doubtful
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.grant_index import Given
from reconciler.access.state.principal_directory import account_of, is_whole
from reconciler.access.state.table_view import TableId
from reconciler.model.lakeformation import (
    ALL_TABLES,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnTable,
    OnTag,
    OnTagPolicy,
    expression_text,
)

Thing = OnCatalog | OnDatabase | OnLocation | OnTag | OnTable | OnColumns | OnFilter | OnTagPolicy

#: What comes with a permission. Every other one on a database or LF-tag implies DESCRIBE.
#: https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
_ALL = ("ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP")


@dataclass(frozen=True, slots=True)
class Right:
    """One permission of one principal on one thing.

    grantable  whether he may pass it on
    reasons    why it is not certain that he has it; empty where it is
    given      the grants that give it to him
    """

    thing: Thing
    permission: str
    grantable: bool = False
    reasons: frozenset[str] = frozenset()
    given: tuple[Given, ...] = ()

    @property
    def is_reading_metadata(self) -> bool:
        """Whether it is nothing more than to see that the thing is there."""
        return self.permission == "DESCRIBE" and not self.grantable


Rights = dict[tuple[Thing, str], Right]


class RightsIndex:
    """The rights of everybody in one state; what accounts received is remembered."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._received_by: dict[tuple[str, str], Rights] = {}

    def of(self, principal: str, about: Container[Thing] | None = None) -> Rights:
        """Everything that a principal may do that is not about tables, and what he may pass on of tables; grants of the
        owner and what was passed on. With `about` only what is about those things.

        https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
        """
        state, sources = self._access.state, self._access.grant_sources
        home, found = account_of(principal), Rights()
        of_many = is_whole(principal)
        grant_sets = [each for name in state.principals.identities(principal) for each in state.to.get(name, ())]
        told = [each for each in grant_sets if each.rights or each.options]
        for catalog, giver in sorted({(each.key.catalog, each.key.giver) for each in told}):
            if giver != catalog and not of_many and giver not in sources.passers(principal, catalog):
                continue
            scope = self._received(giver, catalog) if giver != catalog and not of_many else None
            is_direct = giver == catalog and not of_many and home not in (catalog, None)
            abroad = sources.direct(home or "", catalog) if is_direct else frozenset[str]()
            for grant_set, reasons in sources.holders(giver, principal, catalog):
                for given in grant_set.rights:
                    for right in _rights(self._access, given, about):
                        _add(found, right, reasons | abroad, scope)
                # What an account as a whole may pass on is told by what it was shared.
                for given in () if of_many else grant_set.options:
                    for right in _rights(self._access, given, about):
                        _add(found, right, reasons | abroad, None)
        return found

    def _received(self, account: str, owner: str) -> Rights:
        """What an account as a whole was given and can see."""
        known = self._received_by.get((account, owner))
        if known is None:
            known = self._received_by[account, owner] = {}
            for grant_set, arrived in self._access.grant_sources.scopes(account, owner):
                for given in grant_set.rights:
                    for right in _rights(self._access, given):
                        reasons = _arrived(arrived, given, right.thing)
                        if reasons is not None:
                            _add(known, right, reasons, None)
        return known


def _arrived(arrival: Arrival, given: Given, thing: Thing) -> Doubtful:
    if isinstance(thing, OnTag | OnLocation):
        return arrival.without_share
    if not isinstance(thing, OnDatabase):
        return arrival.by_name
    by_tags = isinstance(given.spec.target, OnTagPolicy)
    return arrival.tagged(thing.database) if by_tags else arrival.named(thing.database)


def things_of(access: Access, given: Given) -> Iterator[Thing]:
    """What a grant gives rights on: by tags, every database that has them; tables where it may be passed on."""
    match given.spec.target:
        case OnTable() | OnColumns() | OnFilter() | OnTagPolicy(of="TABLE") as of_tables:
            if given.spec.grantable:
                yield of_tables
        case OnCatalog() | OnDatabase() | OnLocation() | OnTag() as thing:
            yield thing
        case OnTagPolicy(catalog=catalog, of="DATABASE", terms=terms):
            for database in access.state.databases_where(catalog, terms):
                yield OnDatabase(catalog, database)
        case _:
            return


def _rights(access: Access, given: Given, about: Container[Thing] | None = None) -> Iterator[Right]:
    """What a grant gives on things, with what it implies."""
    for thing in things_of(access, given):
        for permission in _implied(thing, given.spec.permission) if about is None or thing in about else ():
            yield Right(thing, permission, given.spec.grantable and permission in _passed(given), given=(given,))


def _add(found: Rights, right: Right, reasons: frozenset[str], scope: Rights | None) -> None:
    """Put a right beside those that are there; of what was passed on only what was received."""
    if scope is not None:
        received = scope.get((right.thing, right.permission))
        if received is None:
            return
        reasons = reasons | received.reasons
    if reasons:
        right = replace(right, reasons=reasons)
    known = found.get((right.thing, right.permission))
    if known is not None:
        certain = not known.reasons or not right.reasons
        right = Right(
            right.thing,
            right.permission,
            known.grantable or right.grantable,
            frozenset() if certain else known.reasons | right.reasons,
            (*known.given, *(each for each in right.given if each not in known.given)),
        )
    found[right.thing, right.permission] = right


def _implied(thing: Thing, permission: str) -> tuple[str, ...]:
    if isinstance(thing, OnDatabase) and permission == "ALL":
        return _ALL
    if isinstance(thing, OnDatabase | OnTag) and permission != "DESCRIBE":
        return (permission, "DESCRIBE")
    return (permission,)


def _passed(given: Given) -> tuple[str, ...]:
    """What the grant option is about: what was granted, not what it implies."""
    return _ALL if given.spec.permission == "ALL" else (given.spec.permission,)


def described(thing: Thing) -> tuple[str, TableId, str, str]:
    """What a thing is, where (a table id without what it has not), its name, and the value of an LF-tag."""
    match thing:
        case OnDatabase(catalog=catalog, database=database):
            return "database", TableId(catalog, database, ""), database, ""
        case OnLocation(catalog=catalog, arn=arn):
            return "the location", TableId(catalog, "", ""), f"s3://{arn.rpartition(':::')[2]}", ""
        case OnTag(catalog=catalog, key=key, value=value):
            return "the LF-tag", TableId(catalog, "", ""), key, value
        case OnCatalog(catalog=catalog):
            return "the catalog", TableId(catalog, "", ""), "", ""
        case OnTagPolicy(catalog=catalog, of=of, terms=terms):
            return f"{of.lower()}s where", TableId(catalog, "", ""), expression_text(terms), ""
        case OnTable(catalog=catalog, database=database, table=table):
            name = f"tables of {database}" if table == ALL_TABLES else table
            return "all" if table == ALL_TABLES else "table", TableId(catalog, database, table), name, ""
        case OnColumns(catalog=catalog, database=database, table=table):
            name = f"{', '.join(thing.columns)} of {table}"
            return "all columns but" if thing.excluded else "columns", TableId(catalog, database, table), name, ""
        case OnFilter(catalog=catalog, database=database, table=table, name=name):
            return "the filter", TableId(catalog, database, table), f"{name} of {table}", ""
