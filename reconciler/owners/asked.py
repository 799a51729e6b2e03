"""Asked: whether GitHub, by CODEOWNERS as it is at the base, asks those who must approve a change."""

from __future__ import annotations

from reconciler.owners.approval import demands
from reconciler.owners.codeowners import known_handles
from reconciler.owners.documents import documents, path_in_mesh
from reconciler.owners.resolve import resolver
from reconciler.spec.mesh import Mesh


def unasked(before: Mesh, after: Mesh, codeowners: str, folder: str) -> frozenset[str]:
    """The owners who must approve a document that GitHub asks others about, or nobody. `codeowners` is the file at the
    base, `folder` the mesh below the top of the repository. Nobody is known where the file is not ours."""
    handles, found = known_handles(codeowners), set[str]()
    if handles is None:
        return frozenset()
    asks = resolver(codeowners)
    for demand in demands(before, after):
        if demand.way == "automatic":
            continue
        key = (demand.document.kind, demand.document.name)
        places = [(mesh, document) for mesh in (before, after) if (document := documents(mesh).get(key)) is not None]
        paths = {f"{folder}/{path_in_mesh(mesh, document)}".lstrip("/") for mesh, document in places}
        asked = {owner for path in paths for owner in asks.owners(path)}
        # Whom apply wants is said by documents, also where GitHub asks somebody else for governance.
        if not any(asked & set(handles.of(before, who)) for who in (demand.who, *demand.instead)):
            found.add(demand.who)
    return frozenset(found)
