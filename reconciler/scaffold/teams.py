"""teams: the Team documents that an older mesh lacks, one for each owner who is only a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from reconciler.forge.protocol import ForgeName
from reconciler.scaffold.template import filled
from reconciler.spec.documents.base import Document
from reconciler.spec.mesh import Mesh

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_WORDS = {"Domain": "the data of", "Product": "the data of", "Consumer": "who reads for", "LFTag": "the LF-tag"}


def team_documents(mesh: Mesh, organization: str, forge: ForgeName = "github") -> dict[str, str]:
    """The documents by their paths in the mesh, with teams of a GitHub organization or groups in one of GitLab.

    Owners that are no name of a team (a person with a blank, @user, an address) are left to people.
    """
    template = (files("reconciler.scaffold") / "files/mesh/teams/team.yaml").read_text(encoding="utf-8")
    words, made = {"organization": organization, "forge": forge}, dict[str, str]()
    for owner, document in _owned(mesh):
        path = f"teams/{owner}.yaml"
        if owner not in mesh.teams and path not in made and _NAME.fullmatch(owner):
            decides = f"Decides about {_WORDS[document.kind]} {document.name}."
            made[path] = filled(template, {**words, "team": owner, "decides": decides})
    return made


def _owned(mesh: Mesh) -> Iterator[tuple[str, Document]]:
    """Owners with the first document that each has, the widest first."""
    for domain in mesh.domains.values():
        yield domain.owner, domain
    for consumer in mesh.consumers.values():
        yield consumer.owner, consumer
    for tag in mesh.tags.values():
        if tag.owner is not None:
            yield tag.owner, tag
    for product in mesh.products.values():
        yield product.owner, product
