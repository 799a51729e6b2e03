"""A document lies where those review it who decide about it: each kind in its folders."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.language.registry import kind_of
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

FOLDER = Rule(
    "wrong-folder",
    "error",
    "A document lies in a folder of those who decide about it.",
    "Who reviews a document is decided by its folder (CODEOWNERS). Products lie below domains/<domain>/ with their "
    "contracts, subscriptions below consumers/<consumer>/subscriptions/; accounts, LF-tags, teams, policies and "
    "mesh.yaml are governance's and lie in neither. Move the file, or correct the name in it.",
)

_OWNED: dict[str, type[Document]] = {"domains": Domain, "consumers": Consumer}
_FIELD = re.compile(r"\{(\w+)\}")


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about documents in the wrong folder. A name that leads nowhere is the affair of other checks."""
    for path, document in unchecked.entries:
        homes = [_home(document, home) for home in document.homes]
        if not any(_lies_in(path, home) for home in homes):
            yield from _misplaced(unchecked, path, document, homes)
        if isinstance(document, Product):
            yield from _contracts(path, document)


def _home(document: Document, home: str) -> str:
    return _FIELD.sub(lambda found: str(getattr(document, found[1])), home)


def _lies_in(path: str, home: str) -> bool:
    """Whether a file lies in a folder, or (with a `*` at its end) directly in it."""
    if not home:
        return path.split("/")[0] not in _OWNED
    if home.endswith("*"):
        return posixpath.dirname(path) == home[:-2]
    return path.startswith(home)


def _misplaced(unchecked: UncheckedMesh, path: str, document: Document, homes: list[str]) -> Iterator[Finding]:
    kind, folder = kind_of(type(document)), posixpath.dirname(path)
    here = f"the folder {folder}/" if folder else "no folder"
    field = next((found[1] for home in document.homes for found in _FIELD.finditer(home)), None)
    if field is None:
        message = f"lies in {here}, but a document of kind {kind} belongs to governance; move it to {document.folder}"
        yield FOLDER.broken(document.origin, message)
        return
    value, owner = str(getattr(document, field)), document.homes[0].split("/")[0]
    if path.split("/")[0] == owner and not unchecked.knows(_OWNED[owner], value):
        return
    wanted = " or ".join(home.rstrip("*") for home in homes)
    yield FOLDER.broken(
        document.at(field), f"lies in {here} but says {field}: {value}; move it to {wanted}, or correct the name"
    )


def _contracts(path: str, product: Product) -> Iterator[Finding]:
    home = f"domains/{product.domain}/"
    for index, table in enumerate(product.tables):
        if table.contract is not None:
            lies = posixpath.normpath(posixpath.join(posixpath.dirname(path), table.contract))
            if not lies.startswith(home):
                yield FOLDER.broken(
                    product.at("tables", index, "contract"),
                    f"the contract {lies} does not lie with its product; move it to {home}",
                )
