"""Looking around where there is no mesh yet: first which databases there are, then everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.aws.observe import observe
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.garbage import no_garbage_collection
from reconciler.importing.basis import Basis
from reconciler.importing.evidence import mesh_name
from reconciler.importing.regions import told_regions
from reconciler.importing.survey import survey
from reconciler.kinds import AnyKind, registry
from reconciler.kinds.glue.database import Database
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.lakeformation import Grant
from reconciler.model.progress import Progress, silent
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.spec.mesh import Mesh


class Looking:
    """AWS as it is asked for an import; nothing is asked for twice."""

    def __init__(self, sessions: Sessions, progress: Progress = silent) -> None:
        self._reader = AwsReader(sessions)
        self._progress = progress

    @no_garbage_collection()
    def around(self, basis: Basis, *, named: bool) -> tuple[Basis, Observation]:
        """Everything in the accounts. Unless a person `named` it, a mesh is called as the marks in AWS say."""
        first = self._databases(basis)
        if not named:
            basis = replace(basis, name=mesh_name(first) or basis.name)
        names = tuple(each.address.name for each in first.found.of(Database))
        found = observe(survey(basis, names), registry(), self._reader, self._progress)
        more = told_regions(found) - {basis.region, *basis.regions}
        if more:
            basis = replace(basis, regions=tuple(sorted({*basis.regions, *more})))
            found = observe(survey(basis, names), registry(), self._reader, self._progress)
        return basis, self._with_roles(basis, found)

    def databases(self, basis: Basis) -> tuple[str, ...]:
        """The databases of the central catalog: whose tables are looked at."""
        return tuple(each.address.name for each in self._databases(basis).found.of(Database))

    @no_garbage_collection()
    def of(self, mesh: Mesh) -> Observation:
        """What a plan of a mesh would read."""
        return observe(mesh, registry(), self._reader, self._progress)

    def _databases(self, basis: Basis) -> Observation:
        return observe(survey(basis), _kinds_of(Database), self._reader, self._progress)

    def _with_roles(self, basis: Basis, found: Observation) -> Observation:
        """What was found, with the roles of whoever has permissions: their tags and permission sets are evidence."""
        people = {each.spec.principal for each in found.found.of(Grant)}
        roles = observe(survey(basis, people=people), _kinds_of(Role), self._reader, self._progress)
        return replace(found, found=Snapshot({**found.found, **roles.found}.values()))


def _kinds_of(spec: type[object]) -> Mapping[str, AnyKind]:
    return {name: kind for name, kind in registry().items() if kind.spec_type() is spec}


class Kept:
    """A snapshot in the place of AWS. It was taken of these accounts, or of a mesh of theirs, by whatever roles."""

    def __init__(self, observation: Observation) -> None:
        self._observation = observation
        self._known: dict[str, Observation] = {}

    def around(self, basis: Basis, *, named: bool) -> tuple[Basis, Observation]:
        """All that it holds. Unless a person `named` it, a mesh is called as the marks say."""
        name = basis.name if named else mesh_name(self._observation) or basis.name
        return replace(basis, name=name), self._as_of(survey(basis))

    def of(self, mesh: Mesh) -> Observation:
        """All that it holds: what a plan would look for besides is not in it."""
        return self._as_of(mesh)

    def _as_of(self, mesh: Mesh) -> Observation:
        """What it holds, with the permissions of the mesh's apply role as Meshform's own, and no others."""
        own = apply_role_arn(mesh)
        if own not in self._known:
            found = [_with_own(each, own) for each in self._observation.found.values()]
            self._known[own] = replace(self._observation, found=Snapshot(found))
        return self._known[own]


def _with_own(each: AnyResource, own: str) -> AnyResource:
    spec = each.spec
    if not isinstance(spec, Grant) or spec.own == (spec.principal == own):
        return each
    return replace(each, spec=replace(spec, own=not spec.own))
