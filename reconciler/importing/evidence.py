"""Evidence: what was found, arranged for whoever makes documents of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.importing.basis import Basis
from reconciler.importing.existing import Existing
from reconciler.importing.naming import Names
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.glue.table import Table
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag_value import LFTagValue
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.address import Address, Placement
from reconciler.model.lakeformation import Grant, OnDatabase, Target
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.spec.names import partition, permission_set_arn

Tags = dict[str, str]


@dataclass(slots=True)
class Evidence:
    """Everything by what is asked of it. Names that are given are kept, so that each thing has one."""

    basis: Basis
    observation: Observation
    existing: Existing | None = None
    only: frozenset[Address] | None = None
    """What is to be explained now; None for everything."""
    names: Names = field(init=False)
    databases: dict[str, Database] = field(init=False)
    tables: dict[str, list[Table]] = field(init=False)
    tags: dict[Place, Tags] = field(init=False)
    values: dict[str, list[str]] = field(init=False)
    roles: dict[str, Role] = field(init=False)
    """By ARN the roles that were looked at: those that the mesh has made, and whoever has permissions."""
    permission_sets: dict[str, str] = field(init=False)
    """By ARN of a role the permission set of Identity Center that it is the one role of in its account."""
    columns_only: frozenset[str] = field(init=False)
    """Keys that are on columns, and on nothing else."""
    linked: dict[Placement, dict[str, str]] = field(init=False)
    """By account and region: the links to the central catalog, each with its database."""
    parts: dict[str, Mapping[str, list[Table]]] = field(init=False, default_factory=dict)
    """By database its tables taken apart, as far as that was asked (`parts_of`)."""
    _targets: dict[str, set[Target]] = field(init=False, default_factory=dict)
    _on_databases: dict[str, set[tuple[Placement, str]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        catalog, found = self.basis.catalog, self.found
        self.names = Names(self.basis.names)
        if self.existing is not None:
            for kind in ("Adopted", "Subscription"):
                self.names.reserve(kind.lower(), self.existing.named(kind))
        self.databases = {
            each.address.name: each.spec for each in found.of(Database) if each.address.placement == catalog
        }
        self.tables, self.tags, self.values, self.linked = {}, {}, {}, {}
        self.roles = {each.handle: each.spec for each in found.of(Role) if each.handle}
        self.permission_sets = {
            arns[0]: said.rpartition("/AWSReservedSSO_")[2]
            for said, arns in permission_set_roles(self.roles).items()
            if len(arns) == 1
        }
        for table in found.of(Table):
            if "TargetTable" not in table.spec.rest:
                self.tables.setdefault(table.spec.database, []).append(table.spec)
        for tag in found.of(TagAssignment):
            self.tags.setdefault(tag.spec.place, {})[tag.spec.key] = tag.spec.value
        wider = {key for place, tags in self.tags.items() if not place.column for key in tags}
        self.columns_only = frozenset(key for tags in self.tags.values() for key in tags) - wider
        for value in found.of(LFTagValue):
            self.values.setdefault(value.spec.key, []).append(value.spec.value)
        for link in found.of(ResourceLink):
            where = link.address.placement
            if Placement(link.spec.catalog, link.spec.region or where.region) == catalog:
                self.linked.setdefault(where, {})[link.address.name] = link.spec.database

    @property
    def found(self) -> Snapshot:
        """Everything."""
        return self.observation.found

    @property
    def version(self) -> int:
        """The cross-account version of the catalog; 4 where it was not seen."""
        settings = (each for each in self.found.of(LakeSettings) if each.address.placement == self.basis.catalog)
        return next((each.spec.version for each in settings), 4)

    def is_managed(self, database: str) -> bool:
        """Whether the mesh has made a database, as its mark says."""
        return self.parameters(database).get(MARK) == self.basis.name

    def mesh_of(self, database: str) -> str | None:
        """The other mesh whose mark a database carries; None for nobody's and for our own."""
        mark = self.parameters(database).get(MARK) if database in self.databases else None
        return None if mark == self.basis.name else mark

    def parameters(self, database: str) -> Mapping[str, str]:
        """The parameters of a database."""
        return dict(self.databases[database].parameters)

    def grants(self, placement: Placement) -> tuple[Resource[Grant], ...]:
        """The permissions that an account gives."""
        return tuple(each for each in self.found.of(Grant) if each.address.placement == placement)

    def targets_of(self, arn: str) -> frozenset[Target]:
        """Everything on which somebody has a permission, but for links."""
        if not self._targets:
            for each in self.found.of(Grant):
                if each.spec.target.catalog == self.basis.central:
                    self._targets.setdefault(each.spec.principal, set()).add(each.spec.target)
        return frozenset(self._targets.get(arn, ()))

    def databases_of(self, people: Iterable[str]) -> set[tuple[Placement, str]]:
        """The databases and links, each with its place, on which people have a permission."""
        if not self._on_databases:
            for each in self.found.of(Grant):
                if isinstance(each.spec.target, OnDatabase):
                    where = (each.address.placement, each.spec.target.database)
                    self._on_databases.setdefault(each.spec.principal, set()).add(where)
        return {where for arn in people for where in self._on_databases.get(arn, ())}

    def role_tags(self, arn: str) -> Mapping[str, str]:
        """The AWS tags of a role; none where it was not looked at."""
        role = self.roles.get(arn)
        return dict(role.tags) if role is not None else {}

    def said_of(self, arn: str) -> str:
        """How documents speak of somebody: the role of a permission set has an end that they do not say."""
        return (permission_set_arn(arn) or arn) if arn in self.permission_sets else arn

    def role_arn(self, account: str, name: str) -> str:
        """ARN of a role of an account."""
        return f"arn:{partition(self.basis.region)}:iam::{account}:role/{name}"

    def made_role(self, arn: str) -> str | None:
        """The name of a role that the mesh has made, as its path says; None for any other."""
        _, under, name = arn.partition(f":role/meshform/{self.basis.name}/")
        return name if under else None

    def placement(self, account: str) -> Placement:
        """An account where the mesh is."""
        return Placement(account, self.basis.region)


def permission_set_roles(arns: Iterable[str]) -> dict[str, list[str]]:
    """By what the mesh calls the role of a permission set the ARNs of such roles, sorted."""
    found: dict[str, list[str]] = {}
    for arn in sorted(arns):
        if said := permission_set_arn(arn):
            found.setdefault(said, []).append(arn)
    return found


def mesh_name(observation: Observation) -> str | None:
    """The name of the mesh that has made most databases; the first by name of several; None where none has."""
    noted = (dict(each.spec.parameters) for each in observation.found.of(Database))
    marks = Counter(said[MARK] for said in noted if MARK in said and "meshform:product" in said)
    return min(marks, key=lambda name: (-marks[name], name)) if marks else None
