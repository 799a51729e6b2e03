"""What holds for every import, whatever the estate: the law, the reckoning, and that nothing is wider."""

from __future__ import annotations

from dataclasses import replace

from reconciler import pipeline
from reconciler.access import difference, evaluate, principal_directory
from reconciler.importing.basis import Basis
from reconciler.importing.importing import Done, import_estate
from reconciler.importing.looking import Looking
from reconciler.importing.reckoning import ADMIN
from reconciler.kinds import registry
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.model.lakeformation import Grant, account_of
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, REGION, TODAY, Estate

ROLE = "OrganizationAccountAccessRole"


def basis_of(*accounts: str, name: str = "mesh", apply_role: str = ROLE) -> Basis:
    """The central account with others."""
    return Basis(name, REGION, CENTRAL, (CENTRAL, *accounts), ROLE, apply_role, TODAY)


def import_of(estate: Estate, basis: Basis, *, named: bool = False) -> tuple[Done, Observation]:
    """The import of what is in the sandbox, and what a plan of it reads."""
    looking = Looking(estate.sessions)
    done = import_estate(looking, basis, named=named)
    assert done.mesh is not None, [str(finding) for finding in done.findings]
    return done, looking.of(done.mesh)


def hold_the_laws(done: Done, seen: Observation) -> None:
    """The plan has no step, also once grants are decided; everything has one fate; no wanted grant is wider."""
    assert done.reckoning is not None
    assert done.mesh is not None
    assert done.reckoning.steps == ()
    assert steps_of(deciding(done.mesh), seen) == []
    assert len(done.reckoning.atoms) == sum(sum(fates.values()) for fates in done.reckoning.counts.values())
    atoms = [(atom.kind, atom.place, atom.name) for atom in done.reckoning.atoms]
    assert len(set(atoms)) == len(atoms)
    assert len([kind for kind, _, _ in atoms if kind != ADMIN]) == len(done.read.found)
    assert all(atom.why for atom in done.reckoning.foreign)
    wanted = compile_mesh(done.mesh, registry())
    for each in wanted.of(Grant):
        assert seen.found[each.address].spec == each.spec, each.address


def deciding(mesh: Mesh) -> Mesh:
    """The mesh once it decides about permissions: the one word that people change."""
    territory = mesh.territory.model_copy(update={"undeclared_grants": "revoke"})
    return replace(mesh, settings=mesh.settings.model_copy(update={"territory": territory}))


def steps_of(mesh: Mesh, seen: Observation) -> list[str]:
    """What a plan of a mesh would do."""
    plan = pipeline.plan_for(mesh, compile_mesh(mesh, registry()), seen)
    return [f"{step.change.action} {step.address}" for step in plan.steps]


def same_access(done: Done, seen: Observation, unnamed: tuple[str, ...] = ()) -> None:
    """Who reads which columns and rows by the documents is who reads them in AWS.

    What is on the accounts' own catalogs is nothing of the mesh, and what Meshform's role has made it may also use.
    """
    assert done.mesh is not None
    databases = {"", *(product.database for product in done.mesh.products.values())}
    # What waits to be accepted has not arrived in AWS; documents say what is given.
    waiting = {each.address.placement.account for each in seen.found.of(Acceptance) if each.spec.pending}
    directory = principal_directory(done.mesh)
    told = evaluate(compile_mesh(done.mesh, registry()), directory)
    live = evaluate(seen, directory)
    for one, other in ((told, live), (live, told)):
        between = difference(one, other)
        found = [
            each
            for each in (*between.gained, *between.lost, *between.shared, *between.unshared)
            if each.place.catalog == CENTRAL
            and each.place.database in databases
            and not each.principal.endswith(f":role/{ROLE}")
            and account_of(each.principal) not in waiting
            if not (each.columns and set(each.columns) <= set(unnamed))
            # Before version 3 some shares go by RAM and some do not: of rights that are no reading documents tell less.
            and not (each.change == "rights" and done.mesh.settings.cross_account_version < 3)
            # How a file is read, and whether a share waits, is told where two states differ in it; no document says it.
            if not (each.change == "unknown" and any(map(_is_of_aws, each.reasons)))
        ]
        assert found == [], [
            (each.principal, each.change, each.columns, each.reasons, each.permissions, each.place) for each in found
        ]
        assert between.admins_gained == between.admins_lost == ()


def _is_of_aws(reason: str) -> bool:
    return any(
        words in reason for words in ("are read otherwise", "not accepted every share", "waits for its acceptance")
    )
