"""The documents that are there already: they are kept, name what they are about, and are not written again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.importing.basis import Basis
from reconciler.importing.page import Page
from reconciler.model.resource import Gap
from reconciler.spec.load import Loaded
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from reconciler.spec.yaml.source import Source


@dataclass(frozen=True, slots=True)
class Existing:
    """A mesh with its files."""

    sources: tuple[Source, ...]
    mesh: Mesh

    def has(self, page: Page) -> bool:
        """Whether a document of that kind and name is there."""
        return page.name in self.named(page.kind) or (page.kind == "Mesh")

    def named(self, kind: str) -> Collection[str]:
        """The names of the documents of a kind."""
        mesh = self.mesh
        by_kind: Mapping[str, Collection[str]] = {
            "Account": mesh.accounts,
            "Adopted": mesh.adopted,
            "Consumer": mesh.consumers,
            "Domain": mesh.domains,
            "LFTag": mesh.tags,
            "Product": mesh.products,
            "Subscription": mesh.subscriptions,
        }
        return by_kind.get(kind, ())

    @property
    def names(self) -> Mapping[str, str]:
        """What each thing in AWS is called in them, as a file of names says it."""
        return dict(_names(self.mesh))


def seen_now(mesh: Mesh, gaps: Iterable[Gap]) -> list[str]:
    """What the documents say was not seen, and was seen now: by account, as `account: kind, kind`."""
    blind = {(gap.placement.account, gap.kind) for gap in gaps}
    told: list[str] = []
    for name, kinds in mesh.territory.unseen.items():
        seen = [kind for kind in kinds if (mesh.accounts[name].id, kind) not in blind]
        told += [f"{name}: {', '.join(seen)}"] if seen else []
    return told


def existing_of(sources: Collection[Source], loaded: Loaded) -> Existing | None:
    """The documents of a folder; None where they are no mesh."""
    return None if loaded.mesh is None else Existing(tuple(sources), loaded.mesh)


def basis_like(existing: Existing, given: Basis) -> Basis:
    """What the documents say in the place of a person, who may only name more accounts and things."""
    mesh, roles = existing.mesh, existing.mesh.settings.roles
    accounts = tuple(sorted({*(account.id for account in mesh.accounts.values()), *filter(None, given.accounts)}))
    names = {**existing.names, **given.names}
    known = {region for account in mesh.accounts.values() for region in account.regions}
    regions = tuple(sorted({*known, *given.regions} - {mesh.region}))
    central = mesh.central.id
    asked = Basis(mesh.name, mesh.region, central, accounts, roles.plan, roles.apply, given.today, names, regions)
    return replace(asked, origins=given.origins)


def _names(mesh: Mesh) -> Iterator[tuple[str, str]]:
    for account in mesh.accounts.values():
        yield f"account {account.id}", account.name
    for product in mesh.products.values():
        if not product.is_part:
            yield f"database {product.database}", product.name
        for table in product.tables if product.is_part else ():
            yield f"table {product.database_of(table)}.{table.name}", product.name
    for domain in mesh.domains.values():
        place = f"{domain.bucket}/{domain.prefix.strip('/')}".rstrip("/") if domain.bucket else ""
        yield f"location {place}".strip(), domain.name
    for consumer in mesh.consumers.values():
        reading = mesh.reader_account(consumer)
        arns = {principal_arn(mesh, consumer, each): each.name for each in consumer.principals}
        if reading is None:
            yield f"organization {consumer.organization}", consumer.name
        elif len(mesh.consumers_in(reading)) == 1:
            yield f"consumer {reading.id}", consumer.name
        else:
            yield from ((f"consumer {arn}", consumer.name) for arn in arns)
        yield from ((f"principal {arn}", name) for arn, name in arns.items())
