"""What holds for every import, whatever the estate: the law, the reckoning, and that nothing is wider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler import pipeline
from reconciler.access import evaluate, facts_of, principal_directory
from reconciler.importing.basis import Basis
from reconciler.importing.existing import basis_like, existing_of
from reconciler.importing.importing import Done, import_estate
from reconciler.importing.looking import Looking
from reconciler.importing.reckoning import ADMIN, Reckoning
from reconciler.kinds import registry
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.database import Database
from reconciler.kinds.iam.permission_sets import with_their_roles
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, REGION, TODAY, Estate

ROLE = "OrganizationAccountAccessRole"
Said = tuple[str, ...]
"""A fact of access as it is compared: who, where, what, by which way, which rows, and how sure that is."""
_LEFT_OUT = ("table", "database", "grant", "data-filter", "opt-in", "tag-assignment", "ram-acceptance")
"""Kinds of which the reckoning may call some other people's, and which are then left out of the comparison."""


def basis_of(*accounts: str, name: str = "mesh", apply_role: str = ROLE) -> Basis:
    """The central account with others."""
    return Basis(name, REGION, CENTRAL, (CENTRAL, *accounts), ROLE, apply_role, TODAY)


def import_of(estate: Estate, basis: Basis, *, named: bool = False) -> tuple[Done, Observation]:
    """The import of what is in the sandbox, and what a plan of it reads."""
    looking = Looking(estate.sessions)
    done = import_estate(looking, basis, named=named)
    assert done.mesh is not None, [str(finding) for finding in done.findings]
    return done, looking.of(done.mesh)


def import_again(estate: Estate, done: Done, basis: Basis) -> Done:
    """The same import into the folder that the first one has written."""
    sources = [page.source("mesh") for page in done.pages]
    existing = existing_of(sources, load(sources, TODAY))
    assert existing is not None
    return import_estate(Looking(estate.sessions), basis_like(existing, basis), named=True, existing=existing)


def came_back(estate: Estate, made: Mesh, *accounts: str) -> tuple[Mesh, Snapshot, Snapshot]:
    """The mesh that an import writes of what another has made, what it wants, and what that wanted; under the laws."""
    estate.repair(made)
    done, seen = import_of(estate, basis_of(*accounts))
    hold_the_laws(done, seen)
    same_access(done, seen)
    mesh = _mesh(done)
    wanted, before = compile_mesh(mesh, registry()), compile_mesh(made, registry())
    assert before.keys() - wanted.keys() == set()
    return mesh, wanted, before


def hold_the_laws(done: Done, seen: Observation) -> None:
    """The plan has no step, also once grants are decided; everything has one fate; no wanted grant is wider."""
    reckoned, mesh = _reckoning(done), _mesh(done)
    assert reckoned.steps == (), reckoned.steps
    steps = steps_of(deciding(mesh), seen)
    assert steps == [], steps
    assert len(reckoned.atoms) == sum(sum(fates.values()) for fates in reckoned.counts.values())
    atoms = [(atom.kind, atom.place, atom.name) for atom in reckoned.atoms]
    assert len(set(atoms)) == len(atoms)
    assert len([kind for kind, _, _ in atoms if kind != ADMIN]) == len(done.read.found)
    assert all(atom.why for atom in reckoned.foreign), reckoned.foreign
    for each in _wanted(done, seen).of(Grant):
        assert seen.found[each.address].spec == each.spec, each.address
    strangers = [each for each in _foreign_grants(done, seen) if not _is_others(each, mesh, seen)]
    assert strangers == [], strangers


def deciding(mesh: Mesh) -> Mesh:
    """The mesh once it decides about permissions: the one word that people change."""
    territory = mesh.territory.model_copy(update={"undeclared_grants": "revoke"})
    return replace(mesh, settings=mesh.settings.model_copy(update={"territory": territory}))


def steps_of(mesh: Mesh, seen: Observation) -> list[str]:
    """What a plan of a mesh would do."""
    plan = pipeline.plan_for(mesh, compile_mesh(mesh, registry()), seen)
    return [f"{step.change.action} {step.address}" for step in plan.steps]


def same_access(done: Done, seen: Observation, unnamed: tuple[str, ...] = ()) -> None:
    """Who reads which columns and rows by the documents is who reads them in AWS, fact by fact.

    Left out are what the reckoning calls other people's (`hold_the_laws` says which permissions may be that), columns
    that the language cannot name, and accounts that have not accepted every share: AWS has not delivered those.
    """
    told = set(_facts(_wanted(done, seen), done, seen, unnamed))
    live = set(_facts(_without_foreign(done, seen), done, seen, unnamed))
    assert told == live, f"told only: {sorted(told - live)}; there only: {sorted(live - told)}"


def _wanted(done: Done, seen: Observation) -> Snapshot:
    """What the documents ask for, the roles of permission sets as they are."""
    return with_their_roles(compile_mesh(_mesh(done), registry()), seen)


def waiting_accounts(seen: Observation) -> set[str]:
    """The accounts that have not accepted everything."""
    return {each.address.placement.account for each in seen.found.of(Acceptance) if each.spec.pending}


def _facts(state: Snapshot | Observation, done: Done, seen: Observation, unnamed: tuple[str, ...]) -> Iterator[Said]:
    mesh, waiting = _mesh(done), waiting_accounts(seen)
    for fact in facts_of(evaluate(state, principal_directory(mesh)), mesh):
        if fact.account not in waiting and fact.column not in unnamed:
            reasons = "; ".join(fact.reasons)
            yield *fact.key, str(fact.rows), fact.verdict, reasons, str(fact.certain), str(fact.grantable)


def _without_foreign(done: Done, seen: Observation) -> Observation:
    """What was found, less what the reckoning calls other people's."""
    foreign = {(atom.kind, atom.place, atom.name) for atom in _reckoning(done).foreign if atom.kind in _LEFT_OUT}
    found = seen.found.values()
    kept = [
        each for each in found if (each.address.kind, str(each.address.placement), each.address.name) not in foreign
    ]
    return Observation(Snapshot(kept), seen.gaps)


def _foreign_grants(done: Done, seen: Observation) -> list[Resource[Grant]]:
    left = {(atom.place, atom.name) for atom in _reckoning(done).foreign if atom.kind == "grant"}
    return [each for each in seen.found.of(Grant) if (str(each.address.placement), each.address.name) in left]


def _is_others(found: Resource[Grant], mesh: Mesh, seen: Observation) -> bool:
    """Whether a permission is on the own catalog of another account or region, on what another mesh has made, or
    Meshform's own."""
    grant = found.spec
    if found.address.placement.region != REGION:
        return True
    marked = {each.address.name: dict(each.spec.parameters).get(MARK) for each in seen.found.of(Database)}
    database = getattr(grant.target, "database", None)
    is_meshs = marked.get(database) not in (None, mesh.name) if database is not None else False
    return (
        grant.own or is_meshs or grant.target.catalog in {account.id for account in mesh.accounts.values()} - {CENTRAL}
    )


def _mesh(done: Done) -> Mesh:
    assert done.mesh is not None
    return done.mesh


def _reckoning(done: Done) -> Reckoning:
    assert done.reckoning is not None
    return done.reckoning
