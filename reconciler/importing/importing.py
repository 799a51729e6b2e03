"""From looking to the proof: what was found, the pages, and that a plan of them has nothing to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reconciler.importing.basis import Basis
from reconciler.importing.evidence import Evidence
from reconciler.importing.existing import Existing
from reconciler.importing.importer import imported
from reconciler.importing.page import Page
from reconciler.importing.reckoning import Reckoning, reckoning
from reconciler.kinds import registry
from reconciler.model.finding import Finding
from reconciler.model.resource import Observation, Snapshot
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


def import_estate(seen: Seen, basis: Basis, *, named: bool, existing: Existing | None = None) -> Done:
    """Look, write what is not written yet, and hold all of it to what a plan of it reads."""
    basis, observation = seen.around(basis, named=named or existing is not None)
    evidence = Evidence(basis, observation, existing)
    made = imported(evidence)
    if made.mesh is None:
        return Done(made.pages, None, observation, None, made.findings)
    wanted, again = compile_mesh(made.mesh, registry()), seen.of(made.mesh)
    plan = plan_for(made.mesh, wanted, again)
    read = _both(observation, again)
    reckoned = reckoning(read, made.mesh, wanted, plan)
    return Done(made.pages, made.mesh, read, reckoned, made.findings, evidence.names.unused)


def _both(first: Observation, again: Observation) -> Observation:
    """Everything that was read, and everything that was not seen, at either time."""
    every = {**first.found, **again.found}
    resources = sorted(every.values(), key=lambda resource: resource.address)
    return Observation(Snapshot(resources), tuple(sorted({*first.gaps, *again.gaps})))
