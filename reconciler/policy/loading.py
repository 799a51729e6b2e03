"""A mesh that was loaded, and what its own policies say of its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from reconciler.garbage import no_garbage_collection
from reconciler.policy.check import checked
from reconciler.policy.compiled import Compiled, all_compiled
from reconciler.policy.judged import of_documents
from reconciler.spec.load import Loaded
from reconciler.spec.mesh import Mesh


def with_policies(loaded: Loaded, text: Callable[[str], str], today: date, *, is_standing: bool = False) -> Loaded:
    """What was loaded with the findings of its policies; what `deny` says is an error. `text` gives a file's text.

    What stands already (`is_standing`) and breaks its policies is still a mesh: what comes next is compared with it,
    and a proposal mends it. Raises NoCel.
    """
    mesh = loaded.mesh
    if mesh is None or not mesh.policies:
        return loaded
    with no_garbage_collection():
        good, wrong = checked(mesh, text, today)
        found = [*wrong, *(breach.finding for breach in of_documents(good, mesh, today))]
    broken = not is_standing and any(finding.severity == "error" for finding in found)
    findings = (*loaded.findings, *sorted(found, key=lambda each: (str(each.origin), each.rule, each.message)))
    return replace(loaded, mesh=None if broken else mesh, findings=findings)


def policies_over(mesh: Mesh, *words: str) -> Sequence[Compiled]:
    """The policies of a mesh over these objects, ready to be asked."""
    every = (made for made, _ in all_compiled(mesh).values())
    return [made for made in every if made is not None and made.policy.object in words]


def wanted_of(policies: Iterable[Compiled], mesh: Mesh) -> frozenset[str]:
    """The fields that policies read of their objects, and by which exceptions from them say what they cover."""
    asked = tuple(policies)
    names = {each.policy.name for each in asked}
    excepted = (each.for_ for each in mesh.exceptions.values() if each.policy in names)
    return frozenset().union(*(each.reads for each in asked), *excepted)
