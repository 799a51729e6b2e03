"""The roles that a mesh asks for, and what each may do: never more than its job, never `*` where a name will do."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds import addresses
from reconciler.kinds.roles import admin_role
from reconciler.kinds.roles.crawler_role import crawler_role
from reconciler.kinds.roles.curation_role import curation_role
from reconciler.kinds.roles.event_forwarder_role import carriers
from reconciler.kinds.roles.location_role import register_role
from reconciler.kinds.roles.quality_role import quality_role
from reconciler.kinds.roles.reader_role import reader_role
from reconciler.kinds.roles.wanted_role import WantedRole
from reconciler.kinds.roles.writer_role import writer_role
from reconciler.spec.managed import managed_domains
from reconciler.spec.mesh import Mesh


def of(mesh: Mesh) -> Iterable[WantedRole]:
    """Every role that the mesh asks for."""
    for domain in managed_domains(mesh):
        if domain.mode_of(addresses.LOCATION) == "managed":
            yield register_role(mesh, domain)
    yield from carriers(mesh)
    for product in mesh.products.values():
        if product.crawler is not None:
            yield crawler_role(mesh, product)
        if any(table.quality for table in product.tables):
            yield quality_role(mesh, product)
        if product.curation is not None:
            yield curation_role(mesh, product)
        for number, writer in enumerate(product.writers):
            if writer.create:
                yield writer_role(mesh, product, writer, product.at("writers", number))
    for account in mesh.accounts.values():
        if account.manage_roles:
            yield from admin_role.roles(mesh, account)
    for consumer in mesh.consumers.values():
        for number, principal in enumerate(consumer.principals):
            if principal.create and mesh.reader_account(consumer) is not None:
                yield reader_role(mesh, consumer, principal, consumer.at("principals", number))
