"""CODEOWNERS from the mesh, so that GitHub itself asks the right people to review.

GitHub reads the file at the base of a pull request, takes the last line that fits a path, and asks its owners. So a
line must be right for files that do not exist yet; and the file stays as it is while domains stay as they are, since
it belongs to governance, who would be asked otherwise:

| path                                                | owner                                                       |
|-----------------------------------------------------|-------------------------------------------------------------|
| everything                                          | governance                                                  |
| domains/<domain>/                                   | the owner of the domain                                     |
| suspensions/<domain>/                               | the owner of the domain or governance                       |
| domains/<domain>/products/<file>                    | the owner of the product, where that is somebody else       |
| consumers/*/subscriptions/<domain>/                 | the owner of the domain                                     |
| consumers/*/subscriptions/<domain>/<product>/       | the owner of the product, where that is somebody else       |
| consumers/*/subscriptions/<product>/                | the owner of the product, where subscriptions lie so        |
| consumers/*/subscriptions/**/automatic/             | nobody; `validate` takes there only what asks nobody        |
| a subscription for which these lines are wrong      | everybody who must approve it                               |

GitHub is content with one of several owners of a line; `meshform apply` wants all of them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reconciler.errors import MeshformError
from reconciler.owners.approval import subscription_demands
from reconciler.owners.documents import path_in_mesh
from reconciler.owners.handles import Handles
from reconciler.owners.resolve import resolver
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh

Line = tuple[str, tuple[str, ...]]
NOBODY = ()
_PATH = re.compile(r"[A-Za-z0-9_./-]+")


def codeowners(mesh: Mesh, folder: str, handles: Handles) -> str:
    """The whole file. `folder`: the mesh below the top of the repository, empty where it is the top itself.

    Raises MeshformError for owners and files that cannot be written there.
    """
    governed = f"--governance {handles.governance} " if handles.governance else ""
    head = [
        f"# Made by: meshform owners --organization {handles.organization} {governed}".rstrip(),
        "# Do not edit: change the owners in the documents of the mesh, and run it again.",
    ]
    root = f"/{folder.strip('/')}" if folder.strip("/") else ""
    lines = [_text(line) for line in _lines(mesh, root, handles)]
    usual = resolver("\n".join(lines))
    for subscription in mesh.written.values():
        path, asked = _path(f"{root}/{path_in_mesh(mesh, subscription)}"), _wanted(mesh, subscription, handles)
        if set(usual.owners(path[1:])) != set(asked):
            lines.append(_text((path, asked)))
    return "\n".join([*head, *lines]) + "\n"


def known_handles(text: str) -> Handles | None:
    """What an existing file was made with; None when it was not made by us."""
    found = re.match(r"# Made by: meshform owners --organization (\S+)(?: --governance (\S+))?\s*$", text, re.MULTILINE)
    return Handles(found[1], found[2]) if found else None


def _lines(mesh: Mesh, root: str, handles: Handles) -> Iterator[Line]:
    yield "*", handles.ruler(mesh)
    for domain in mesh.domains.values():
        yield f"{root}/domains/{domain.name}/", handles.of(mesh, domain.owner)
        both = dict.fromkeys((*handles.of(mesh, domain.owner), *handles.ruler(mesh)))
        yield f"{root}/suspensions/{domain.name}/", tuple(both)
    others = [each for each in mesh.products.values() if each.owner != mesh.domain(each).owner]
    for product in others:
        for path in _files(mesh, product):
            yield _path(f"{root}/{path}"), handles.of(mesh, product.owner)
    subscriptions = f"{root}/consumers/*/subscriptions"
    for domain in mesh.domains.values():
        yield f"{subscriptions}/{domain.name}/", handles.of(mesh, domain.owner)
    used = {_folder(mesh, each) for each in mesh.written.values()}
    for product in mesh.products.values():
        is_open = product.approval.mode == "automatic"
        asked = NOBODY if is_open else handles.of(mesh, product.owner)
        if is_open or product in others:
            yield f"{subscriptions}/{product.domain}/{product.name}/", asked
        if product.name in used and product.name not in mesh.domains:
            yield f"{subscriptions}/{product.name}/", asked
    yield f"{subscriptions}/**/automatic/", NOBODY


def _folder(mesh: Mesh, subscription: Subscription) -> str:
    """The folder below subscriptions/ in which a subscription lies; empty when it lies in none."""
    below = path_in_mesh(mesh, subscription).partition("/subscriptions/")[2]
    return below.partition("/")[0] if "/" in below else ""


def _wanted(mesh: Mesh, subscription: Subscription, handles: Handles) -> tuple[str, ...]:
    """Everybody who must approve a subscription."""
    found: dict[str, None] = {}
    for demand in subscription_demands(mesh, subscription):
        match demand.way:
            case "governance":
                found.update(dict.fromkeys(handles.ruler(mesh)))
            case "owner":
                found.update(dict.fromkeys(handles.of(mesh, demand.who)))
    return tuple(sorted(found))


def _files(mesh: Mesh, product: Product) -> Iterator[str]:
    """The document of a product and the contracts of its tables, in the folder of the mesh."""
    path = path_in_mesh(mesh, product)
    yield path
    for contract in sorted({table.contract for table in product.tables if table.contract}):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), contract))


def _path(path: str) -> str:
    """A file as a pattern. Raises MeshformError for names that CODEOWNERS would read as something else."""
    if not _PATH.fullmatch(path):
        raise MeshformError(
            f"{path!r} cannot be written into CODEOWNERS. Name files with letters, digits and . _ - only."
        )
    return path


def _text(line: Line) -> str:
    return " ".join([line[0], *line[1]])
