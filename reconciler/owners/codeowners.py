"""CODEOWNERS from the mesh, so that GitHub itself asks the right people to review.

GitHub reads the file at the base of a pull request, takes the last line that fits a path, and asks one of its owners.
So a line must be right for files that do not exist yet, and whatever needs another answer must change this file, which
governance owns:

| path                                              | owner                                                         |
|---------------------------------------------------|---------------------------------------------------------------|
| everything                                        | governance                                                    |
| domains/<d>/                                      | the owner of the domain                                       |
| domains/<d>/products/<file>                       | the owner of the product                                      |
| consumers/*/subscriptions/<product>/              | the owner of the product; nobody, where all is automatic      |
| consumers/*/subscriptions/<product>/automatic/    | nobody, where the product has `automaticUpTo`                 |
| a subscription for which these lines are wrong    | who must approve it                                           |

A subscription in another product's folder, one that reaches the most sensitive data, one in `automatic/` that asks for
more: each makes `meshform owners --check` fail until its own line is here, and governance has approved that line.
https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.errors import MeshformError
from reconciler.owners.approval import governance, subscription_demands
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh

NOBODY = ""
_HANDLE = re.compile(r"@[A-Za-z0-9-]+(/[A-Za-z0-9_.-]+)?|[^@\s#]+@[^@\s#]+\.[^@\s#]+")
_TEAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PATH = re.compile(r"[A-Za-z0-9_./-]+")


@dataclass(frozen=True, slots=True)
class Team:
    """How owners of the mesh are called at GitHub. A plain name is a team of `organization`.

    `governance` stands for whoever the sensitivity key belongs to, when it is given.
    """

    organization: str
    governance: str | None = None

    def handle(self, owner: str) -> str:
        """`@organization/team`, `@user` or an e-mail address. Raises MeshformError for what is none of them."""
        if _HANDLE.fullmatch(owner):
            return owner
        if _TEAM.fullmatch(owner):
            return f"@{self.organization}/{owner}"
        raise MeshformError(
            f"The owner {owner!r} is nobody at GitHub. Write a team's name (consumer-banking-stewards), "
            "@user, @organization/team or an e-mail address."
        )


def codeowners(mesh: Mesh, folder: str, team: Team) -> str:
    """The whole file. `folder` is the mesh below the repository's root. Raises MeshformError, see Team.handle."""
    governed = f"--governance {team.governance} " if team.governance else ""
    head = [
        f"# Made by: meshform owners --organization {team.organization} {governed}".rstrip(),
        "# Do not edit: change the owners in the documents of the mesh, and run it again.",
    ]
    return (
        "\n".join([*head, *(f"{path} {owner}".rstrip() for path, owner in _lines(mesh, folder.strip("/"), team))])
        + "\n"
    )


def known_team(text: str) -> Team | None:
    """The team that an existing file was made for; None when it was not made by us."""
    found = re.match(r"# Made by: meshform owners --organization (\S+)(?: --governance (\S+))?\s*$", text, re.MULTILINE)
    return Team(found[1], found[2]) if found else None


def _lines(mesh: Mesh, folder: str, team: Team) -> Iterator[tuple[str, str]]:
    ruler = team.handle(team.governance or governance(mesh))
    yield "*", ruler
    for domain in mesh.domains.values():
        yield f"/{folder}/domains/{domain.name}/", team.handle(domain.owner)
    for product in mesh.products.values():
        yield _path(product.origin.file), team.handle(product.owner)
    for product in mesh.products.values():
        place = f"/{folder}/consumers/*/subscriptions/{product.name}/"
        yield place, _folder_owner(product, team)
        if product.approval.mode == "owner" and product.approval.automatic_up_to:
            yield f"{place}automatic/", NOBODY
    for subscription in mesh.subscriptions.values():
        asked, given = _wanted(mesh, subscription, team, ruler), _by_folder(mesh, folder, subscription, team, ruler)
        if asked != given:
            yield _path(subscription.origin.file), asked


def _folder_owner(product: Product, team: Team) -> str:
    return NOBODY if product.approval.mode == "automatic" else team.handle(product.owner)


def _wanted(mesh: Mesh, subscription: Subscription, team: Team, ruler: str) -> str:
    """Who must approve a subscription. GitHub asks one of several owners; where several must agree, governance does."""
    asked = list(subscription_demands(mesh, subscription))
    if any(demand.way == "governance" for demand in asked):
        return ruler
    owners = {team.handle(demand.who) for demand in asked if demand.way == "owner"}
    if len(owners) > 1:
        return ruler
    return owners.pop() if owners else NOBODY


def _by_folder(mesh: Mesh, folder: str, subscription: Subscription, team: Team, ruler: str) -> str:
    """Whom the lines for folders would ask."""
    below = f"{folder}/consumers/{subscription.consumer}/subscriptions/"
    place = subscription.origin.file.removeprefix(below).split("/")[:-1]
    product = mesh.products.get(place[0]) if place else None
    if product is None:
        return ruler
    automatic = product.approval.mode == "owner" and product.approval.automatic_up_to and place[1:2] == ["automatic"]
    return NOBODY if automatic else _folder_owner(product, team)


def _path(file: str) -> str:
    """A file as a pattern. Raises MeshformError for names that CODEOWNERS would read as something else."""
    if not _PATH.fullmatch(file):
        raise MeshformError(
            f"{file!r} cannot be written into CODEOWNERS. Name files with letters, digits and . _ - only."
        )
    return f"/{file}"
