"""Breaches: what breaks a policy of the mesh now, among its documents or in the access that they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from reconciler.access import evaluate, facts_of, principal_directory
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.policy.access_objects import access_objects
from reconciler.policy.compiled import compiled
from reconciler.policy.judged import Breach, of_access, of_documents
from reconciler.spec.documents.policy import Policy
from reconciler.spec.mesh import Mesh


def breaches(mesh: Mesh, policies: Iterable[Policy], today: date) -> Mapping[str, tuple[Breach, ...]]:
    """What breaks each policy, by its name; nothing of those over plans. Raises MeshformError for one that is wrong.

    Access is evaluated once for all of them, and not where no policy looks at it.
    """
    found: dict[str, tuple[Breach, ...]] = {}
    things = None
    for policy in policies:
        made, wrong = compiled(policy, mesh)
        if made is None:
            raise MeshformError(f"{policy.name} cannot be asked: {wrong[0].mistake.text}")
        match policy.object:
            case "change" | "plan":
                found[policy.name] = ()
            case "access":
                if things is None:
                    access = evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
                    things = tuple(access_objects(facts_of(access, mesh), mesh))
                found[policy.name] = tuple(of_access([made], "access", things, mesh, today))
            case _:
                found[policy.name] = tuple(of_documents([made], mesh, today))
    return found
