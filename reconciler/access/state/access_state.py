"""AccessState: a snapshot arranged for questions about access. Built once, in one pass over each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.access.algebra.tag_signature import ANY, Tags, TagSignature
from reconciler.access.state.grant_index import GrantSet, GrantSetKey, Saved, anchors, resolved
from reconciler.access.state.principal_directory import PrincipalDirectory, is_organization, is_whole
from reconciler.access.state.principals import Principals, principals
from reconciler.access.state.sharing import Sharing, is_home, sharing
from reconciler.access.state.table_view import TableId, TableView
from reconciler.access.state.tables import database_tags, table_views
from reconciler.access.state.tag_policies import TagPolicyPool
from reconciler.kinds.giving import grants_in
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Expression, Grant, OnDatabase
from reconciler.model.record import record
from reconciler.model.resource import AnyResource, Resource, Snapshot


@record()
class Link:
    """A database link, by its account and name; with its region where that is another one than the database's."""

    account: str
    name: str
    region: str = ""

    @property
    def where(self) -> str:
        """Its region in words, if it has to be said."""
        return f" in {self.region}" if self.region else ""


@dataclass(frozen=True, slots=True, eq=False)
class AccessState:
    """What of a snapshot decides about access.

    grants      every grant, of whatever kind it comes
    databases   (catalog, database) → its LF-tags
    grant_sets  (giver, grantee, catalog) → all grants on tables
    to          the same by grantee; `by_giver` by giver; `at` by table, database, or word of a tag expression
    uncertain   the grant sets with a grant that we do not understand
    principals  under which names grants reach whom
    sharing     what decides whether a grant has arrived in another account
    saved       (catalog, name) → body of a saved expression
    links       (account, catalog, database) → links to that database in the account
    described   link → who may see it
    opted_in    (account, grantee) → targets for which the account opted him in
    admins      account → data lake administrators, who may grant themselves what the account has
    """

    snapshot: Snapshot
    grants: tuple[Resource[Grant], ...]
    table_views: Mapping[TableId, TableView]
    by_signature: Mapping[tuple[str, TagSignature], tuple[TableView, ...]]
    by_word: Mapping[tuple[str, str, str], tuple[TagSignature, ...]]
    in_database: Mapping[tuple[str, str], tuple[TableView, ...]]
    databases: Mapping[tuple[str, str], Tags]
    databases_by_tag: Mapping[tuple[str, str, str], tuple[str, ...]]
    grant_sets: Mapping[tuple[str, str, str], tuple[GrantSet, ...]]
    to: Mapping[str, tuple[GrantSet, ...]]
    by_giver: Mapping[str, tuple[GrantSet, ...]]
    uncertain: tuple[GrantSet, ...]
    at: Mapping[object, tuple[GrantSet, ...]]
    principals: Principals
    sharing: Sharing
    saved: Saved
    organizations: Mapping[str, tuple[str, ...]]
    links: Mapping[tuple[str, str, str], tuple[Link, ...]]
    described: Mapping[Link, frozenset[str]]
    opted_in: Mapping[tuple[str, str], frozenset[object]]
    admins: Mapping[str, frozenset[str]]

    @property
    def readers(self) -> Iterator[str]:
        """Every grantee that is no account, no organization and not everybody."""
        for name in self.to:
            if not is_whole(name) and name != IAM_ALLOWED_PRINCIPALS:
                yield name

    def databases_where(self, catalog: str, terms: Expression) -> tuple[str, ...]:
        """The databases of a catalog whose LF-tags match an expression, sorted."""
        if not terms:
            return ()
        near = {name for word in anchors(terms) for name in self.databases_by_tag.get((catalog, *word), ())}
        return tuple(
            sorted(
                name
                for name in near
                if all(
                    key in (tags := self.databases[catalog, name]) and (ANY in values or tags[key] in values)
                    for key, values in terms
                )
            )
        )

    def near(self, table_view: TableView) -> set[GrantSet]:
        """The grant sets that may have something on a table; all that have are among them."""
        place = table_view.id
        found = {*self.at.get(place, ()), *self.at.get((place.catalog, place.database), ())}
        for key, value in table_view.signature.words:
            found.update(self.at.get((place.catalog, key, value), ()))
        return found

    @property
    def wholes(self) -> Iterator[str]:
        """Every account and organization that was given something as a whole."""
        return (name for name in self.to if is_whole(name))


def access_state(snapshot: Snapshot, directory: PrincipalDirectory) -> AccessState:
    """A snapshot arranged; the principals of the directory are known to be there without any grant."""
    tables = {table_view.id: table_view for table_view in table_views(snapshot)}
    by_signature: dict[tuple[str, TagSignature], list[TableView]] = {}
    in_database: dict[tuple[str, str], list[TableView]] = {}
    for table_view in tables.values():
        by_signature.setdefault((table_view.id.catalog, table_view.signature), []).append(table_view)
        in_database.setdefault((table_view.id.catalog, table_view.id.database), []).append(table_view)
    databases = database_tags(snapshot)
    by_tag: dict[tuple[str, str, str], list[str]] = {}
    for (catalog, name), tags in databases.items():
        for key, value in tags.items():
            by_tag.setdefault((catalog, key, value), []).append(name)
            by_tag.setdefault((catalog, key, ANY), []).append(name)
    by_word: dict[tuple[str, str, str], list[TagSignature]] = {}
    for catalog, signature in by_signature:
        for key, value in signature.words:
            by_word.setdefault((catalog, key, value), []).append(signature)
    saved = {(each.address.placement.account, each.address.name): each.spec.body for each in snapshot.of(TagMark)}
    homes = _homes(snapshot)
    grants = tuple(grants_in(snapshot))
    every_set, described = _grant_sets(grants, saved, homes)
    grant_sets: dict[tuple[str, str, str], list[GrantSet]] = {}
    to: dict[str, list[GrantSet]] = {}
    by_giver: dict[str, list[GrantSet]] = {}
    organizations: dict[str, list[str]] = {}
    for grant_set in every_set:
        set_key = grant_set.key
        grant_sets.setdefault(set_key[:3], []).append(grant_set)
        to.setdefault(set_key.grantee, []).append(grant_set)
        by_giver.setdefault(set_key.giver, []).append(grant_set)
        if is_organization(set_key.grantee) and set_key.giver == set_key.catalog:
            organizations.setdefault(set_key.catalog, []).append(set_key.grantee)
    return AccessState(
        snapshot=snapshot,
        grants=grants,
        table_views=tables,
        by_signature={key: tuple(found) for key, found in by_signature.items()},
        by_word={key: tuple(found) for key, found in by_word.items()},
        in_database={key: tuple(found) for key, found in in_database.items()},
        databases=databases,
        databases_by_tag={key: tuple(found) for key, found in by_tag.items()},
        grant_sets={key: tuple(found) for key, found in grant_sets.items()},
        to={key: tuple(found) for key, found in to.items()},
        by_giver={key: tuple(found) for key, found in by_giver.items()},
        uncertain=tuple(grant_set for grant_set in every_set if grant_set.uncertainties),
        at=_at(every_set),
        principals=principals(snapshot, to, directory),
        sharing=sharing(snapshot, homes),
        saved=saved,
        organizations={key: tuple(sorted(set(found))) for key, found in organizations.items()},
        links=_links(snapshot, homes),
        described={key: frozenset(found) for key, found in described.items()},
        opted_in=_opted_in(snapshot),
        admins={
            each.address.placement.account: each.spec.admins
            for each in snapshot.of(LakeSettings)
            if is_home(each, homes)
        },
    )


def _homes(snapshot: Snapshot) -> frozenset[str]:
    """The regions of the databases and tables: grants on them and shares of them are there, elsewhere only links."""
    return frozenset(each.address.placement.region for kind in (Database, Table) for each in snapshot.of(kind))


def _grant_sets(
    grants: Iterable[Resource[Grant]], saved: Saved, homes: frozenset[str]
) -> tuple[tuple[GrantSet, ...], dict[Link, set[str]]]:
    """The grant sets, and who may see which database or link of an account."""
    grant_sets: dict[tuple[str, str, str, str | None], GrantSet] = {}
    described: dict[Link, set[str]] = {}
    pool = TagPolicyPool()
    for found in grants:
        given = resolved(found, saved) if saved else found
        spec, giver = given.spec, given.address.placement.account
        target = spec.target
        if isinstance(target, OnDatabase) and target.catalog == giver:
            described.setdefault(_link(found, target.database, homes), set()).add(spec.principal)
        if not is_home(found, homes):
            continue
        key = giver, spec.principal, target.catalog, spec.condition
        grant_set = grant_sets.get(key)
        if grant_set is None:
            grant_set = grant_sets[key] = GrantSet(GrantSetKey(*key), pool)
        grant_set.add(given)
    return tuple(grant_sets.values()), described


def _at(grant_sets: Iterable[GrantSet]) -> dict[object, tuple[GrantSet, ...]]:
    """GrantSets by what they reach: TableId, (catalog, database) for all tables, (catalog, key, value)."""
    found: dict[object, list[GrantSet]] = {}
    for grant_set in grant_sets:
        catalog = grant_set.key.catalog
        for database, name in grant_set.named:
            found.setdefault(TableId(catalog, database, name), []).append(grant_set)
        for database in grant_set.wild:
            found.setdefault((catalog, database), []).append(grant_set)
        for key, value in grant_set.policies:
            found.setdefault((catalog, key, value), []).append(grant_set)
    return {key: tuple(those) for key, those in found.items()}


def _links(snapshot: Snapshot, homes: frozenset[str]) -> dict[tuple[str, str, str], tuple[Link, ...]]:
    """A link leads to the database of its own region, unless it names another one."""
    found: dict[tuple[str, str, str], tuple[Link, ...]] = {}
    for each in snapshot.of(ResourceLink):
        if each.spec.region in homes or (not each.spec.region and is_home(each, homes)):
            place = (each.address.placement.account, each.spec.catalog, each.spec.database)
            found[place] = (*found.get(place, ()), _link(each, each.address.name, homes))
    return found


def _link(of: AnyResource, name: str, homes: frozenset[str]) -> Link:
    account, region = of.address.placement
    return Link(account, name, "" if is_home(of, homes) else region)


def _opted_in(snapshot: Snapshot) -> dict[tuple[str, str], frozenset[object]]:
    """Opt-ins under a condition are left out: whether it holds is not known, so they protect nobody."""
    found: dict[tuple[str, str], frozenset[object]] = {}
    for each in snapshot.of(OptIn):
        if each.spec.condition is None:
            place = (each.address.placement.account, each.spec.principal)
            found[place] = found.get(place, frozenset()) | {each.spec.target}
    return found
