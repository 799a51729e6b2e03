"""From looking to the proof: what was found, the pages, and that a plan of them has nothing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from reconciler.importing.basis import Basis
from reconciler.importing.evidence import Evidence
from reconciler.importing.existing import Existing
from reconciler.importing.importer import imported
from reconciler.importing.new_tables import NewTable, new_tables
from reconciler.importing.page import Page
from reconciler.importing.reckoning import Reckoning, reckoning
from reconciler.kinds import registry
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.iam.permission_sets import with_their_roles
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.address import Address
from reconciler.model.finding import Finding
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.pipeline import plan_for
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh


class Seen(Protocol):
    """Where what is imported comes from."""

    def around(self, basis: Basis, *, named: bool) -> tuple[Basis, Observation]:
        """Everything in the accounts, and the basis with the name that the mesh has there."""
        ...

    def of(self, mesh: Mesh) -> Observation:
        """What a plan of a mesh would read."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """An import: its pages, what became of everything, and findings where the pages are no mesh."""

    pages: tuple[Page, ...]
    mesh: Mesh | None
    read: Observation
    reckoning: Reckoning | None
    findings: tuple[Finding, ...] = ()
    unused: tuple[str, ...] = ()
    """What people have given a name, and was not found."""
    new: tuple[NewTable, ...] = ()
    """What is new in databases of documents that were there."""


def import_estate(seen: Seen, basis: Basis, *, named: bool, existing: Existing | None = None) -> Done:
    """Look, write what is not written yet, and hold all of it to what a plan of it reads."""
    basis, observation = seen.around(basis, named=named or existing is not None)
    found = observation.found
    while True:
        evidence = Evidence(basis, replace(observation, found=found), existing)
        made = imported(evidence)
        if made.mesh is None:
            return Done(made.pages, None, observation, None, made.findings)
        again = seen.of(made.mesh)
        learned = _learned(evidence, again)
        if not learned:
            break
        found = Snapshot({**found, **learned}.values())
    wanted = with_their_roles(compile_mesh(made.mesh, registry()), again)
    plan = plan_for(made.mesh, wanted, again)
    read = _both(_without_evidence(evidence), again)
    reckoned = reckoning(read, made.mesh, wanted, plan)
    new = tuple(new_tables(evidence, existing.mesh)) if existing is not None else ()
    return Done(made.pages, made.mesh, read, reckoned, made.findings, evidence.names.unused, new)


def _learned(evidence: Evidence, again: Observation) -> Mapping[Address, AnyResource]:
    """The mesh's buckets that are found once their names are known: they say which key and region a place has."""
    buckets = (*again.found.of(Bucket), *again.found.of(BucketPolicy))
    return {each.address: each for each in buckets if each.address not in evidence.found}


def _without_evidence(evidence: Evidence) -> Observation:
    """What was found, without the roles that were looked at for their tags alone."""
    found = (
        each
        for each in evidence.found.values()
        if not isinstance(each.spec, Role) or evidence.made_role(each.handle or "") is not None
    )
    return replace(evidence.observation, found=Snapshot(found))


def _both(first: Observation, again: Observation) -> Observation:
    """Everything that was read, and everything that was not seen, at either time."""
    every = {**first.found, **again.found}
    resources = sorted(every.values(), key=lambda resource: resource.address)
    return Observation(Snapshot(resources), tuple(sorted({*first.gaps, *again.gaps})))
