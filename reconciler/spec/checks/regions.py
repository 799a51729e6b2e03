"""Everything of a mesh is in its home region; another one is refused rather than ignored."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.settings import Settings
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

REGION = Rule(
    "other-region",
    "error",
    "The mesh, its accounts and its consumers work in one region, the mesh's home region.",
    "The catalog, its permissions and its shares are of one region, and Meshform makes links, workgroups and settings "
    "there only. Readers elsewhere make a resource link with the region of the catalog by hand. Leave the region out.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about regions that Meshform would do nothing in."""
    for settings in unchecked.all(Settings)[:1]:
        documents: tuple[Settings | Account, ...] = (settings, *unchecked.all(Account))
        for document in documents:
            for index, region in enumerate(document.regions):
                if region != settings.region:
                    yield REGION.broken(
                        document.at("regions", index),
                        f"nothing would be made in {region}: everything of the mesh is in {settings.region}",
                    )
