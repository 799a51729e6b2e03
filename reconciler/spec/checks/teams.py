"""Teams: people can be found behind them, and owners are teams."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.team import Team
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

Path = tuple[str | int, ...]

PEOPLE = Rule(
    "team-members",
    "error",
    "A team has a team at GitHub, a group at GitLab, or members.",
    "Nobody could be asked to review otherwise. Give `github: organization/team`, or `gitlab: group/group`, not both, "
    "or `members`; those, too, where the token of apply may not read the organization's teams.",
)
OWNER = Rule(
    "owner-without-team",
    "note",
    "Every owner is a Team of the mesh.",
    "An owner who is only a name cannot be reached, and nobody knows whom the forge should ask. Write a document "
    "`kind: Team` of that name in teams/, with `github: organization/team`, `gitlab: group/group` or `members`; "
    "`meshform fmt --teams ORGANIZATION` writes them.",
    when_sound=True,
)
NOTICE = Rule(
    "notice-address",
    "error",
    "Notices go to e-mail addresses, or to teams that have one.",
    "Correct the name, or add `email` to the Team.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about teams and those who speak of them."""
    for team in unchecked.all(Team):
        if team.at_forge is None and not team.members:
            yield PEOPLE.broken(team.at("members"), f"{team.name} needs github, gitlab or members")
        if team.github is not None and team.gitlab is not None:
            yield PEOPLE.broken(team.at("gitlab"), f"{team.name} is at GitHub and at GitLab; one of them reviews")
    yield from _owners(unchecked)
    yield from _notices(unchecked)


def _owners(unchecked: UncheckedMesh) -> Iterator[Finding]:
    every: tuple[Domain | Product | Consumer | LFTag, ...] = (
        *unchecked.all(Domain),
        *unchecked.all(Product),
        *unchecked.all(Consumer),
        *unchecked.all(LFTag),
    )
    owned = [(document.owner, document) for document in every if document.owner is not None]
    if not unchecked.named(Team) and owned:
        # A mesh that was written before there were teams is told once.
        for settings in unchecked.all(Settings)[:1]:
            many = len({owner for owner, _ in owned})
            yield OWNER.broken(settings.origin, f"no Team describes its owners ({many} names); add documents to teams/")
        return
    said = set[str]()
    for owner, document in owned:
        if owner not in said and not unchecked.knows(Team, owner):
            said.add(owner)
            near = unchecked.near_document(Team, owner)
            yield OWNER.broken(document.at("owner"), f"the owner {owner} is no Team of the mesh{near}")


def _notices(unchecked: UncheckedMesh) -> Iterator[Finding]:
    told: list[tuple[Document, Path, tuple[str, ...]]] = []
    tellers: tuple[Settings | Product, ...] = (*unchecked.all(Settings), *unchecked.all(Product))
    readers: tuple[Consumer | Subscription, ...] = (*unchecked.all(Consumer), *unchecked.all(Subscription))
    for teller in tellers:
        if teller.notifications is not None:
            told.append((teller, ("notifications", "owners"), teller.notifications.owners))
    for reader in readers:
        if reader.notify is not None:
            told.append((reader, ("notify", "emails"), reader.notify.emails))
    for document, path, addresses in told:
        for index, address in enumerate(addresses):
            if "@" in address:
                continue
            team = unchecked.named(Team).get(address)
            if team is not None and team.email is None:
                yield NOTICE.broken(document.at(*path, index), f"the team {address} has no email ({team.origin})")
            elif not unchecked.knows(Team, address):
                near = unchecked.near_document(Team, address)
                yield NOTICE.broken(document.at(*path, index), f"{address} is no address and no Team{near}")
