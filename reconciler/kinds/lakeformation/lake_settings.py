"""Data lake settings of an account: administrators, defaults and cross-account version, merged, never overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import role_path
from reconciler.kinds.common.owner import UNMARKABLE, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.in_force import is_suspended
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import admin_arns, iam_arn, principal_identity

_VERSION = "CROSS_ACCOUNT_VERSION"
_IDENTITY = "SET_SOURCE_IDENTITY"
_EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class LakeSettings:
    """The managed part of the document. `defaults` are the permissions that new databases and tables get by
    themselves; None leaves them as they are. `trusted` are accounts that may see in CloudTrail who read.
    `own_roles` (wanted side only) is what ARNs of roles that the mesh makes contain, `suspended` who is none any more,
    as `principal_identity` writes it.
    `document` is all that AWS has, for writing it back as a whole.
    """

    admins: frozenset[str]
    read_only_admins: frozenset[str]
    database_defaults: str | None
    table_defaults: str | None
    version: int
    trusted: frozenset[str] = frozenset()
    source_identity: bool = False
    exclusive: bool = field(default=False, compare=False)
    own_roles: str = field(default="", compare=False)
    suspended: frozenset[str] = field(default=frozenset(), compare=False)
    document: Mapping[str, Any] = field(default_factory=lambda: _EMPTY, compare=False)


class LakeSettingsKind(Kind[LakeSettings]):
    """PutDataLakeSettings replaces the whole document, so it is read, merged and put back as one.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_PutDataLakeSettings.html
    """

    name = addresses.LAKE_SETTINGS
    summary = "Data lake settings of an account: administrators, default permissions off, cross-account version."
    decides_access = True
    is_regional = True
    reads = ("lakeformation:GetDataLakeSettings",)
    writes = ("lakeformation:PutDataLakeSettings",)
    changed_by = ("lakeformation:PutDataLakeSettings",)

    def mentions(self, resource: Resource[LakeSettings]) -> tuple[str, ...]:
        return ()

    def desired(self, mesh: Mesh) -> Iterable[Resource[LakeSettings]]:
        roles, audit = mesh.settings.roles, mesh.settings.audit
        every = (
            (account, where) for account in mesh.accounts.values() for where in placements.in_account(mesh, account)
        )
        for account, where in every:
            is_central = where == placements.of_catalog(mesh)
            # What stays as it is has those administrators that its document names, and no others.
            own = {iam_arn(mesh, account, roles.apply)} if is_managed(account) else set[str]()
            reading = {iam_arn(mesh, account, roles.plan)} - own if is_managed(account) else set[str]()
            named = admin_arns(mesh, account)
            yield Resource(
                addresses.lake_settings(where),
                LakeSettings(
                    admins=frozenset(own.union(each for each in named if not is_suspended(mesh, each))),
                    read_only_admins=frozenset(reading),
                    database_defaults="[]" if is_central else None,
                    table_defaults="[]" if is_central else None,
                    version=mesh.settings.cross_account_version if is_central else 0,
                    trusted=frozenset({mesh.central.id} if audit.principals and account != mesh.central else ()),
                    source_identity=audit.source_identity and is_central,
                    own_roles=f":role{role_path(mesh)}",
                    exclusive=mesh.territory.undeclared_admins == "revoke",
                    suspended=mesh.suspended,
                ),
                origin=account.at("admins"),
                mode=account.resources,
            )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[LakeSettings]]:
        answer = aws.read(placement, "lakeformation", "GetDataLakeSettings")
        assert answer is not None
        document = answer["DataLakeSettings"]
        yield Resource(
            addresses.lake_settings(placement),
            LakeSettings(
                admins=_principals(document, "DataLakeAdmins"),
                read_only_admins=_principals(document, "ReadOnlyAdmins"),
                database_defaults=_defaults(document, "CreateDatabaseDefaultPermissions"),
                table_defaults=_defaults(document, "CreateTableDefaultPermissions"),
                version=int(document.get("Parameters", {}).get(_VERSION, "1")),
                trusted=frozenset(document.get("TrustedResourceOwners", ())),
                source_identity=document.get("Parameters", {}).get(_IDENTITY) == "TRUE",
                document=document,
            ),
        )

    def needs(self, resource: Resource[LakeSettings]) -> Iterable[Address]:
        """An administrator must exist, and AWS takes no settings that name one who does not any more."""
        for admin in sorted(resource.spec.admins):
            if f":iam::{resource.address.placement.account}:role/" in admin:
                yield addresses.iam_role(resource.address.placement, admin)

    def owner(self, have: Resource[LakeSettings], ownership: Ownership) -> Owner:
        """The account's own: the mesh has a part in them."""
        return UNMARKABLE

    def merge_unmanaged(self, want: Resource[LakeSettings], have: Resource[LakeSettings]) -> Resource[LakeSettings]:
        """Other people's part stays (administrators: as the territory says); the version never goes down."""
        wanted, found = want.spec, have.spec
        keep, keep_read_only = found.admins, found.read_only_admins
        if wanted.exclusive:
            keep = keep_read_only = frozenset()
        # A role that the mesh makes is an administrator only while a document says so: the role itself may go.
        keep = frozenset(admin for admin in keep if wanted.own_roles not in admin)
        # Whoever is suspended could grant himself everything again.
        away = {each for each in keep | keep_read_only if principal_identity(each) in wanted.suspended}
        keep, keep_read_only = keep - away, keep_read_only - away
        return replace(
            want,
            spec=LakeSettings(
                admins=wanted.admins | keep,
                read_only_admins=wanted.read_only_admins | keep_read_only,
                database_defaults=found.database_defaults
                if wanted.database_defaults is None
                else wanted.database_defaults,
                table_defaults=found.table_defaults if wanted.table_defaults is None else wanted.table_defaults,
                version=max(wanted.version, found.version),
                trusted=wanted.trusted | found.trusted,
                source_identity=wanted.source_identity or found.source_identity,
            ),
        )

    def added_rights(self, want: Resource[LakeSettings], have: Resource[LakeSettings]) -> Iterable[tuple[str, str]]:
        """Whoever administers an account grants himself what is there, so that it is no remark but drift."""
        return self._undeclared(want, have) if want.mode == "managed" else ()

    def unmanaged_parts(self, want: Resource[LakeSettings], have: Resource[LakeSettings]) -> Iterable[str]:
        return () if want.mode == "managed" else (words for words, _ in self._undeclared(want, have))

    def _undeclared(self, want: Resource[LakeSettings], have: Resource[LakeSettings]) -> Iterable[tuple[str, str]]:
        """Administrators, and where they are left alone."""
        merged = self.merge_unmanaged(want, have).spec
        for arn in sorted(merged.admins - want.spec.admins):
            yield f"an administrator that no document names: {arn}", arn
        for arn in sorted(merged.read_only_admins - want.spec.read_only_admins):
            yield f"a read-only administrator that no document names: {arn}", arn

    def has_nothing_managed(self, have: Resource[LakeSettings]) -> bool:
        """An account without a declaration keeps its settings: nothing is ever emptied."""
        return True

    def create(self, want: Resource[LakeSettings]) -> tuple[Call, ...]:
        return self._put(want, {})

    def update(self, have: Resource[LakeSettings], want: Resource[LakeSettings]) -> tuple[Call, ...]:
        return self._put(want, have.spec.document)

    def delete(self, have: Resource[LakeSettings]) -> tuple[Call, ...]:
        raise AssertionError(f"settings are never deleted: {have.address}")

    def _put(self, want: Resource[LakeSettings], document: Mapping[str, Any]) -> tuple[Call, ...]:
        spec = want.spec
        changed: dict[str, Any] = {
            **document,
            "DataLakeAdmins": _rows(spec.admins),
            "ReadOnlyAdmins": _rows(spec.read_only_admins),
            "Parameters": {**document.get("Parameters", {}), _VERSION: str(max(spec.version, 1))},
            "TrustedResourceOwners": sorted(spec.trusted),
        }
        if spec.source_identity:
            changed["Parameters"][_IDENTITY] = "TRUE"
        if spec.database_defaults == "[]":
            changed["CreateDatabaseDefaultPermissions"] = []
        if spec.table_defaults == "[]":
            changed["CreateTableDefaultPermissions"] = []
        placement = want.address.placement
        return (
            Call(
                placement,
                "lakeformation",
                "PutDataLakeSettings",
                {"CatalogId": placement.account, "DataLakeSettings": changed},
            ),
        )


def administers(aws: Reader, placement: Placement, mesh: Mesh) -> bool:
    """Whether one of Meshform's own roles is an administrator of an account already (also for reading only).

    Until then Lake Formation hides what only administrators may list, and nothing of ours can be there.
    """
    answer = aws.read(placement, "lakeformation", "GetDataLakeSettings")
    assert answer is not None
    document, account = answer["DataLakeSettings"], mesh.account_by_id(placement.account)
    assert account is not None
    own = {iam_arn(mesh, account, name) for name in (mesh.settings.roles.plan, mesh.settings.roles.apply)}
    return bool(own & (_principals(document, "DataLakeAdmins") | _principals(document, "ReadOnlyAdmins")))


def _principals(document: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(row["DataLakePrincipalIdentifier"] for row in document.get(name, ()))


def _rows(principals: frozenset[str]) -> list[dict[str, str]]:
    return [{"DataLakePrincipalIdentifier": principal} for principal in sorted(principals)]


def _defaults(document: Mapping[str, Any], name: str) -> str:
    """The default permissions as text; no list and an empty one both mean that Lake Formation decides."""
    rows = sorted(
        f"{row.get('Principal', {}).get('DataLakePrincipalIdentifier', '')}:{'+'.join(sorted(row['Permissions']))}"
        for row in document.get(name) or ()
    )
    return f"[{','.join(rows)}]"
