"""A document lies in the folder of the domain or consumer that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

FOLDER = Rule(
    "wrong-folder",
    "error",
    "A document below domains/ or consumers/ lies in the folder of its own domain or consumer.",
    "Who may change a document is decided by its folder (CODEOWNERS). Move the file, or correct the name in it.",
)


_KINDS: dict[str, type[Document]] = {"domains": Domain, "consumers": Consumer}


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about documents in the wrong folder. A name that leads nowhere is the affair of other checks."""
    for path, document in unchecked.entries:
        folders = path.split("/")[:-1]
        for above, field in document.homes.items():
            if above not in folders[:-1]:
                continue
            folder, name = folders[folders.index(above) + 1], str(getattr(document, field))
            if folder != name and unchecked.knows(_KINDS[above], name):
                yield FOLDER.broken(
                    document.at(field),
                    f"lies in the folder {above}/{folder}/ but says {field}: {name}; move the file or correct it",
                )
