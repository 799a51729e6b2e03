"""Lake Formation permissions, as atoms: one permission of one principal on one target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKABLE, UNMARKED, Owner, kept, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.side_effects import TABLES_GONE
from reconciler.kinds.iam.permissions_due import given_to, role_named
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation import grant_reader, grant_targets, lf_tag_mark, tag_reach, tag_search
from reconciler.kinds.lakeformation.grant_calls import give, take
from reconciler.kinds.lakeformation.grant_expressions import descriptions, plain, saved_bodies, terms_of
from reconciler.kinds.lakeformation.grant_lists import joined, lists, within
from reconciler.kinds.lakeformation.grant_order import ordered
from reconciler.kinds.lakeformation.grant_takings import is_taking, takes_from_account, taking, takings
from reconciler.kinds.lakeformation.grants_anew import given_anew
from reconciler.kinds.lakeformation.rights_of_grantors import CROSS_ACCOUNT, NAMED
from reconciler.kinds.lakeformation.stuck_lists import parted
from reconciler.kinds.lakeformation.table_makers import is_its_makers
from reconciler.kinds.lakeformation.tag_rights import tag_rights
from reconciler.kinds.lakeformation.used_databases import put_of
from reconciler.kinds.roles.permissions_boundary import is_bootstrapped
from reconciler.kinds.sharing import wanted_grants
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import (
    IAM_ALLOWED_PRINCIPALS,
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    account_of,
)
from reconciler.model.plan import Foreign
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import named_in_center

VOID = (
    "this account passed it on and is given nothing of it any more, so it gives nothing; AWS lets nobody take it back "
    "now. It is taken back when the account is given something of it again"
)
"""Why something that no document asks for stays."""
_DATA = OnDatabase | OnTable | OnColumns | OnFilter | OnTagPolicy


class GrantKind(Kind[Grant]):
    """Rows of ListPermissions without any filter: with a principal and a resource AWS lists effective permissions.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
    """

    name = addresses.GRANT
    summary = "Lake Formation permissions, one resource for each permission of each principal on each target."
    takes_only_access = True
    serves_with_more = True
    decides_access = True
    governed = True
    is_regional = True
    reads = (
        "lakeformation:ListPermissions",
        "lakeformation:ListDataCellsFilter",
        "lakeformation:ListLFTagExpressions",
        *tag_search.READS,
    )
    writes = (
        "lakeformation:GrantPermissions",
        "lakeformation:RevokePermissions",
        "lakeformation:BatchGrantPermissions",
        "lakeformation:BatchRevokePermissions",
        *NAMED,
        *CROSS_ACCOUNT,
    )
    changed_by = (
        "lakeformation:GrantPermissions",
        "lakeformation:BatchGrantPermissions",
        "lakeformation:RevokePermissions",
        "lakeformation:BatchRevokePermissions",
        "lakeformation:DeleteDataCellsFilter",
        *TABLES_GONE,
    )
    confirms_deletes = True

    def mentions(self, resource: Resource[Grant]) -> tuple[str, ...]:
        return (resource.spec.principal, *grant_targets.names_of(resource.spec.target))

    def desired(self, mesh: Mesh) -> Iterable[Resource[Grant]]:
        merged: dict[Address, Resource[Grant]] = {}
        for wanted in wanted_grants(mesh):
            known = merged.setdefault(wanted.address, wanted)
            if known is not wanted and (spec := joined(known.spec, wanted.spec)) is not known.spec:
                merged[wanted.address] = replace(known, spec=spec)
        return merged.values()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Grant]]:
        """The grants of an account on its own catalog, and those by which it passes on the central one's.

        Under the central catalog's id an account also sees what it received itself: that is the giver's to keep.
        """
        merged: dict[Address, Resource[Grant]] = {}
        own = apply_role_arn(mesh)
        for grant, changed in grant_reader.grants(aws, placement, mesh):
            where = addresses.grant(placement, grant)
            known = merged.get(where)
            if grant.principal == own:
                grant = replace(grant, own=True)
            spec = grant if known is None else joined(known.spec, grant)
            merged[where] = Resource(where, spec, changed=changed)
        saved = saved_bodies(aws, placement, (each.spec.target for each in merged.values()))
        keys, reach = lf_tag_mark.own_keys(aws, mesh), cache(partial(tag_reach.reach, aws, placements.of_catalog(mesh)))
        for where in merged.keys() - self.wanted(mesh, placement).keys():
            terms = terms_of(plain(merged[where].spec.target, saved))
            if not merged[where].spec.own and not keys.isdisjoint(key for key, _ in terms):
                merged[where] = replace(merged[where], spec=replace(merged[where].spec, reach=reach(terms)))
        return merged.values()

    def needs(self, resource: Resource[Grant]) -> Iterable[Address]:
        placement, grant = resource.address.placement, resource.spec
        yield addresses.lake_settings(placement)
        if grant.own:
            # Its order is that of the database and the tables: it is there before them and goes after them.
            return
        if (role := role_named(grant.principal, placement)) is not None:
            yield role
        if named := named_in_center(grant.principal):
            yield addresses.center_identity(placement, *named)
        owner = grant_targets.place_of(resource)
        yield from grant_targets.needs(owner, grant.target)
        if f":{placement.account}:" not in grant.principal:
            yield addresses.catalog_policy(owner)
        if owner != placement:
            # What an account passes on, it must have received and accepted.
            yield addresses.ram_acceptance(placement)
            yield addresses.grant(owner, replace(grant, principal=placement.account))

    def owner(self, have: Resource[Grant], ownership: Ownership) -> Owner:
        grant, place = have.spec, grant_targets.place_of(have)
        if place == ownership.place:
            grant = replace(grant, target=plain(grant.target, ownership.saved))
        if ownership.is_own_role(grant.principal):
            # Whoever makes a table may read it: this role has no more than the mesh asks for. Links give no data.
            if grant_targets.database_of(place, grant.target, ownership) in ownership.used and not is_bootstrapped(
                ownership.mesh
            ):
                # Somebody else may work as this role, and made the database with it.
                return UNMARKED
            if isinstance(grant.target, _DATA) and place == ownership.place:
                return OURS if grant_targets.is_inside(place, grant.target, ownership) else UNMARKABLE
            return UNMARKABLE
        if isinstance(grant.target, OnSavedExpression | OnOther) and place == ownership.place:
            return unmarkable("a grant whose reach the mesh cannot tell")
        if not grant_targets.is_inside(place, grant.target, ownership):
            return UNMARKABLE
        if grant.principal == IAM_ALLOWED_PRINCIPALS and place != ownership.place:
            # An account that opens new databases to IAM opens new links too; a link gives nothing of its target.
            return UNMARKABLE
        if grant.principal == IAM_ALLOWED_PRINCIPALS and grant_targets.is_hybrid(grant.target, ownership.mesh):
            return unmarkable("open to whoever IAM allows: the domain is in hybrid access mode")
        if (stuck := ownership.stuck(have)) is not None and stuck.is_void:
            return kept(VOID)
        if isinstance(grant.target, OnFilter) and put_of(grant.target) in ownership.listed:
            return OURS
        outside = tag_reach.beyond(grant.reach, (key for key, _ in terms_of(grant.target)), ownership)
        if outside:
            return unmarkable(f"a grant by tags that is left alone: {outside}")
        keys = [key for key, _ in terms_of(grant.target)]
        database = grant_targets.database_of(place, grant.target, ownership)
        if keys and ownership.made_keys.isdisjoint(keys) and grant.reach and grant.reach <= ownership.used:
            # By tags of others to data of others.
            database = min(grant.reach)
        if is_its_makers(ownership.mesh, database, grant):
            return UNMARKABLE
        product = grant_targets.product_of(place, grant.target, ownership)
        if ownership.reports(grant.principal, database, product, keys) and not _given_by_apply(have, ownership.mesh):
            return unmarkable(f"a grant that no document asks for{f' ({have.remark})' if have.remark else ''}")
        return OURS

    def other_owner(self, have: Resource[Grant], ownership: Ownership) -> Owner | None:
        """Only what our own role holds can be somebody's: a million others need not be looked into."""
        return super().other_owner(have, ownership) if ownership.is_own_role(have.spec.principal) else None

    def parted(
        self, want: Resource[Grant] | None, have: Resource[Grant], ownership: Ownership
    ) -> tuple[Resource[Grant] | None, Foreign] | None:
        return parted(want, have, ownership.stuck) if isinstance(have.spec.target, OnColumns) else None

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        """Columns taken from an account; rights on keys that others made; what has to be given again."""
        yield from takings(changes)
        yield from tag_rights(changes, mesh, found)
        yield from given_anew(changes, mesh, found, lambda: self.every(mesh))

    def order(self, changes: Sequence[Change], mesh: Mesh) -> Iterable[tuple[Address, Address]]:
        return ordered(changes, mesh)

    def before(self, change: Change) -> Iterable[Address]:
        """Columns are revoked before the table loses them; what an account is given is accepted afterwards.

        A role that was made anew bears its tag until it has been given everything, and until what it is to lose is
        gone: what stays listed may be asked for later.
        """
        region = change.address.placement.region
        if is_taking(change.address):
            return
        role = role_named(change.resource.spec.principal, change.address.placement)
        if role is not None:
            yield given_to(role)
        if not isinstance(change, Create) and isinstance(change.have.spec.target, OnColumns):
            # What an account passes on is taken back by it before its own share goes.
            whole = replace(change.have.spec, principal=change.address.placement.account)
            yield taking(Placement(change.have.spec.target.catalog, region), whole)
            yield taking(change.address.placement, change.have.spec)
        if isinstance(change, Delete):
            target = change.have.spec.target
            if isinstance(target, OnTagPolicy) and target.catalog != change.address.placement.account:
                yield from descriptions(change.have)
            if isinstance(target, OnColumns):
                yield addresses.table(Placement(target.catalog, region), target.database, target.table)
        elif change.address.placement.account == change.want.spec.target.catalog:
            account = account_of(change.want.spec.principal)
            if account and account != change.address.placement.account:
                yield addresses.ram_acceptance(Placement(account, region))

    def cuts_off(self, change: Change, blind: Mapping[tuple[str, Placement], str]) -> str | None:
        """What an account passed on by LF-tags it can take back while it may describe them. That gives no data.

        https://docs.aws.amazon.com/lake-formation/latest/dg/permission-cascading-rules.html
        """
        if not isinstance(change, Delete) or not isinstance(change.have.spec.target, OnTag):
            return None
        principal, region = change.have.spec.principal, change.address.placement.region
        for (kind, place), reason in blind.items():
            is_of = principal == place.account or _is_organization(principal)
            if kind == self.name and place.region == region and is_of:
                return (
                    f"{place.account} needs it to take back what it passed on, which was not seen: {reason}. It gives "
                    "no data. Let Meshform read there, or take the account out of the mesh"
                )
        return None

    def shortfalls(self, want: Resource[Grant], have: Resource[Grant]) -> Iterable[str]:
        """More than is needed, which is a grant option, serves."""
        return ()

    def create(self, want: Resource[Grant]) -> tuple[Call, ...]:
        return (give(want.address.placement, want.spec),)

    def update(self, have: Resource[Grant], want: Resource[Grant]) -> tuple[Call, ...]:
        """First what is added (columns, the grant option), then what is taken away.

        AWS does not say whether it keeps two lists of columns apart or as one, so the new list is given before and,
        where old ones were revoked, once more after: right at the end in either case, and without a gap in the first.
        """
        placement, old, new = want.address.placement, have.spec, want.spec
        calls = []
        if old.target != new.target and takes_from_account(have, want):
            # The rest is a step of its own, after the account has taken back what it passed on.
            calls.append(give(placement, new))
        elif old.target != new.target:
            gone = [each for each in lists(old) if not within(each.target, new.target)]
            calls += [give(placement, new), *(take(placement, each) for each in gone)]
            if gone:
                calls.append(give(placement, new))
        elif new.grantable and not old.grantable:
            calls.append(give(placement, new))
        if old.grantable and not new.grantable:
            calls.append(take(placement, new, only_option=True))
        return tuple(calls)

    def delete(self, have: Resource[Grant]) -> tuple[Call, ...]:
        return tuple(take(have.address.placement, each) for each in lists(have.spec))


def _given_by_apply(have: Resource[Grant], mesh: Mesh) -> bool:
    """Whether the apply role gave it, as far as AWS tells: only for a role that nobody else works with.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_PrincipalResourcePermissions.html
    """
    by = have.changed.by if have.changed is not None else None
    return is_bootstrapped(mesh) and by == apply_role_arn(mesh, have.address.placement)


def _is_organization(principal: str) -> bool:
    return ":organizations:" in principal
