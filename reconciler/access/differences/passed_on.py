"""Passed on: what somebody may newly let others read or do, and what nobody named of his account has by it.

| who gets it with the grant option        | is told                                                         |
|------------------------------------------|-----------------------------------------------------------------|
| a role, a user, a group                  | always                                                          |
| an account as a whole                    | as far as nobody of it has the same: then he is told, who reads |
| an organization, one of its units        | always: whoever has something is of one of its accounts only    |

To see a database or table is not told of accounts, nor are LF-tags: they come with every share, and open no data.
https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-read-data.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import each
from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant, common, plus
from reconciler.access.algebra.rows import Rows, within
from reconciler.access.differences.access_entry import AccessEntry, narrowed
from reconciler.access.differences.affected import Affected
from reconciler.access.differences.compare import Seen, surplus
from reconciler.access.differences.rights import OPTION
from reconciler.access.evaluation.candidates import candidates, tables_of
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.grant_index import Given, GrantSet
from reconciler.access.state.principal_directory import account_of, is_account, is_organization, is_whole
from reconciler.access.state.table_view import TableId, TableView
from reconciler.access.state.tag_policies import TagPolicyPool
from reconciler.model.lakeformation import OnColumns, OnFilter, OnTable, OnTag, OnTagPolicy

Held = tuple[Mapping[str, Rows], frozenset[str]]
"""Columns with their rows, and permissions."""

_NOTHING: Held = ({}, frozenset())


def passed_on(gained: Sequence[AccessEntry], before: Access, after: Access, what: Affected) -> Iterator[AccessEntry]:
    """What may be passed on newly, in the form of what is gained, the worst first."""
    carried = _Carried(after, gained)
    wholes = [entry for entry in gained if is_whole(entry.principal) and entry.assumed is None]
    wholes += [entry for name in what.things if is_whole(name) for entry in _upgraded(before, after, name)]
    found = [left for entry in wholes if (left := carried.beyond(entry)) is not None]
    found += [*_of_principals(before, after, what), *filter(None, map(_options_only, gained))]
    yield from sorted(found, key=lambda entry: (-entry.badness, entry.principal, entry.place, entry.columns))


def beyond_named(found: Iterable[AccessEntry], named: Access) -> Iterator[AccessEntry]:
    """What of this nobody has in another state, either: that of the documents, say, where a plan holds back whom they
    name. What is no account's is left as it is."""
    carried = _Carried(named, ())
    for entry in found:
        left = carried.beyond(entry) if is_account(entry.principal) and entry.assumed is None else entry
        if left is not None:
            yield left


def _of_principals(before: Access, after: Access, what: Affected) -> Iterator[AccessEntry]:
    """Columns of tables and what is more than reading them, of everybody who has an option by his own name."""
    names = {name for name, those in after.state.to.items() if any(each.options for each in those)}
    for principal in names & what.pairs.keys():
        for place in () if is_whole(principal) else sorted(what.pairs[principal] & after.tables.keys()):
            view, old = after.tables[place], before.tables.get(place)
            have = _passable(after, principal, view)
            had = _passable(before, principal, old) if old is not None else NOTHING
            if have is not NOTHING:
                yield from _surplus(after, view, have, Seen(before, old, had), principal)


def _surplus(after: Access, view: TableView, have: EffectiveGrant, had: Seen, who: str) -> Iterator[AccessEntry]:
    found = surplus(Seen(after, view, have), had, (who,))
    return (entry for entry in found if entry.change != "opened" and (entry.columns or entry.permissions))


def _options_only(entry: AccessEntry) -> AccessEntry | None:
    """What of rights on databases, locations, the catalog and LF-tags somebody may pass on who is no account."""
    if entry.change != "rights" or (is_whole(entry.principal) and entry.assumed is None):
        return None
    if entry.assumed is None and any(_is_about_tables(each) for each in entry.given):
        return None  # Its columns are told.
    words = tuple(word for word in entry.permissions if word.endswith(OPTION))
    return replace(entry, permissions=words) if words else None


def _is_about_tables(given: Given) -> bool:
    target = given.spec.target
    return isinstance(target, OnTable | OnColumns | OnFilter) or (
        isinstance(target, OnTagPolicy) and target.of == "TABLE"
    )


def _options(access: Access, principal: str) -> tuple[GrantSet, ...]:
    """The grants about tables that somebody may pass on, arranged as all of his are."""
    key = ("options", principal)
    known = access.notes.get(key)
    if known is None:
        known = access.notes[key] = tuple(
            _of(grant_set, grant_set.options) for grant_set in access.state.to.get(principal, ()) if grant_set.options
        )
    assert isinstance(known, tuple), "nobody else writes such notes"
    return known


def _of(grant_set: GrantSet, grants: Iterable[Given]) -> GrantSet:
    some = GrantSet(grant_set.key, TagPolicyPool())
    for given in grants:
        some.add(given)
    return some


def _passable(access: Access, principal: str, view: TableView) -> EffectiveGrant:
    """What somebody may pass on of a table: of what an account passed on to him no more than it has."""
    held = NOTHING
    for grant_set in _options(access, principal):
        if grant_set.key.catalog == view.id.catalog:
            part = grant_set.on(view)
            giver = grant_set.key.giver
            held = plus(held, part if giver == view.id.catalog else common(_received(access, giver, view), part))
    return held


def _received(access: Access, account: str, view: TableView) -> EffectiveGrant:
    return access.grant_sources.received(account, view)[0]


def _upgraded(before: Access, after: Access, whole: str) -> Iterator[AccessEntry]:
    """What an account had, and may pass on from now on."""
    had = {(each.spec.target, each.spec.permission): each.spec.grantable for each in _about_tables(before, whole)}
    for grant_set in after.state.to.get(whole, ()):
        come = [each for each in grant_set.options if had.get((each.spec.target, each.spec.permission)) is False]
        some = _of(grant_set, come)
        for place in sorted(tables_of(after.state, come)):
            view = after.tables[place]
            yield from _surplus(after, view, some.on(view), Seen(before, before.tables.get(place), NOTHING), whole)


def _about_tables(access: Access, principal: str) -> Iterator[Given]:
    return (given for grant_set in access.state.to.get(principal, ()) for given in grant_set.all_grants())


class _Carried:
    """What those of an account have of what it was given as a whole: first those who gain it, then everybody."""

    def __init__(self, access: Access, gained: Iterable[AccessEntry]) -> None:
        self._access = access
        self._gained: dict[tuple[str, TableId, str], list[AccessEntry]] = {}
        for entry in gained:
            if not is_whole(entry.principal) and entry.assumed is None:
                self._gained.setdefault((entry.account, entry.place, entry.thing), []).append(entry)

    def beyond(self, entry: AccessEntry) -> AccessEntry | None:
        """What of an entry nobody has who is named; None where that is nothing, or opens no data."""
        if entry.change == "rights" and all(isinstance(each.spec.target, OnTag) for each in entry.given):
            return None
        if _is_doubt(entry) and any(map(_is_doubt, self._gained.get((entry.principal, entry.place, entry.thing), ()))):
            return None
        left = _without_seeing(entry)
        for held in self._known(entry):
            if left is None:
                return None
            left = _left(left, *held)
        return left

    def _known(self, entry: AccessEntry) -> Iterator[Held]:
        if is_organization(entry.principal):
            return
        for other in self._gained.get((entry.principal, entry.place, entry.thing), ()):
            words = frozenset(word.removesuffix(OPTION) for word in other.permissions)
            yield dict.fromkeys(other.columns, other.rows), words
        yield from self._of_rights(entry) if entry.change == "rights" else self._of_table(entry)

    def _of_table(self, entry: AccessEntry) -> Iterator[Held]:
        state, view = self._access.state, self._access.tables.get(entry.place)
        if view is None:
            return
        names = candidates(state, view, entry.principal)
        for grant_set in state.by_giver.get(entry.principal, ()):
            if account_of(grant_set.key.grantee) is None and grant_set.key.catalog == entry.place.catalog:
                names.update(state.principals.reached_by(grant_set.key.grantee))
        for name in sorted(names):
            held, column_rows = self._access.held(name, view).most
            yield dict(each(column_rows, view.columns)), frozenset(permissions.names(held))

    def _of_rights(self, entry: AccessEntry) -> Iterator[Held]:
        """Rights on something else than tables, which the account has given to somebody of it."""
        targets = {given.spec.target for given in entry.given}
        for grant_set in self._access.state.by_giver.get(entry.principal, ()):
            if not is_whole(grant_set.key.grantee):
                words = (given.spec.permission for given in grant_set.rights if given.spec.target in targets)
                yield {}, frozenset(words)


def _is_doubt(entry: AccessEntry) -> bool:
    """Whether it says only that something is not certain."""
    return entry.change == "unknown" and not entry.columns and not entry.permissions


def _without_seeing(entry: AccessEntry) -> AccessEntry | None:
    """The entry without that a table or database can be seen, and without what comes with columns anyway."""
    words = tuple(word for word in entry.permissions if word.removesuffix(OPTION) != "DESCRIBE")
    if _is_doubt(entry):
        return entry
    return replace(entry, permissions=words) if entry.columns or words else None


def _left(entry: AccessEntry, columns: Mapping[str, Rows], held: frozenset[str]) -> AccessEntry | None:
    """What of an entry is not among these columns with their rows, and these permissions."""
    kept = tuple(name for name in entry.columns if name not in columns or not within(entry.rows, columns[name]))
    words = tuple(word for word in entry.permissions if word.removesuffix(OPTION) not in held)
    if kept and "SELECT" in entry.permissions:
        words = tuple(word for word in entry.permissions if word == "SELECT" or word in words)
    if not kept and not words:
        return None if entry.columns or entry.permissions else entry
    of_table = entry.change if kept or entry.change in ("rights", "unknown") else "permissions"
    return replace(narrowed(entry, kept), change=of_table, permissions=words)
