"""What has to be asked for a new document of each kind, and what answers there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reconciler.spec.documents.account import Account
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.team import Team
from reconciler.spec.mesh import Mesh

Among = Literal["producer", "consumer", "domain", "owner"]


@dataclass(frozen=True, slots=True)
class Question:
    """A field of a document and how it is asked for. `among`: the answer is one of those that the mesh has.

    `may_lack`: the field can be left out; `instead_of`: it is asked only where that field was left out.
    """

    field: str
    asks: str
    option: str = ""
    among: Among | None = None
    is_list: bool = False
    may_lack: bool = False
    instead_of: str = ""

    @property
    def name(self) -> str:
        """The name of its option, without the hyphens."""
        return self.option or self.field


_OWNER = Question("owner", "Who answers for it (a Team, or a person)", among="owner")

QUESTIONS: Mapping[type[Document], tuple[Question, ...]] = {
    Account: (
        Question("name", "Name of the account"),
        Question("id", "Its id, 12 digits"),
        Question("parts", "What it does, with commas: central, producer, consumer", is_list=True),
        Question("description", "What it is for", may_lack=True),
    ),
    Team: (
        Question("name", "Name of the team"),
        Question("description", "What it decides about"),
        Question("github", "Its team at GitHub, organization/team", may_lack=True),
        Question("members", "Its members, their names at GitHub with commas", is_list=True, instead_of="github"),
        Question("email", "Its address for notices", may_lack=True),
    ),
    Domain: (
        Question("name", "Name of the domain"),
        Question("description", "What it is responsible for"),
        _OWNER,
        Question("account", "Account with its data", among="producer"),
    ),
    Consumer: (
        Question("name", "Name of the consumer"),
        Question("description", "Who that is and what they do with data"),
        _OWNER,
        Question("account", "Account in which they read", among="consumer"),
        Question("principals", "IAM roles of that account that read, with commas", "roles", is_list=True),
    ),
    Product: (
        Question("domain", "Domain that owns it", among="domain"),
        Question("name", "Name of the product"),
        _OWNER,
        Question("description", "What it is and what it is good for"),
        Question("database", "Name of its database in the catalog"),
    ),
}


def known(mesh: Mesh, among: Among) -> tuple[str, ...]:
    """The answers that a mesh has for a question, sorted."""
    match among:
        case "domain":
            return tuple(sorted(mesh.domains))
        case "owner":
            return tuple(sorted(mesh.teams))
        case part:
            return tuple(sorted(name for name, account in mesh.accounts.items() if part in account.parts))
