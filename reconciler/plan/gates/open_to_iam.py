"""open-to-iam: a table of the mesh is open to whoever IAM lets, and stays so, or would be closed to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.kinds.territory import ownership_of
from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import ALL_TABLES, IAM_ALLOWED_PRINCIPALS, Grant, OnDatabase, OnTable
from reconciler.model.resource import AnyResource
from reconciler.plan.review import Review
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule

OPEN_TO_IAM = Rule(
    "open-to-iam",
    "error",
    "A table that others opened to IAM is never taken for guarded, and is closed only when somebody says so.",
    "IAM_ALLOWED_PRINCIPALS lets everybody read every column and row whose IAM policies allow it: what subscriptions "
    "give limits nobody in the account of the catalog then. On a database that no mesh made it stays, and this warns. "
    "To close it, mesh.yaml names it: `territory: {exceptions: [{product: NAME, principal: IAM_ALLOWED_PRINCIPALS, "
    "undeclaredGrants: revoke}]}`. The plan that does so stops here, because whoever reads by IAM alone loses it: find "
    "them, write subscriptions for them, and accept by name. Where IAM is meant to decide for others, the domain says "
    "`hybrid: true`.",
)
_SHOWN = 3


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each product that is open and stays so, and one for each that would be closed."""
    if reviewed.plan is None or reviewed.observation is None:
        return
    mesh = reviewed.mesh
    used = ownership_of(mesh, reviewed.wanted, reviewed.observation.found).used
    gone = [step.change.have for step in reviewed.steps if isinstance(step.change, Delete)]
    for product in mesh.products.values():
        stays = _opened([other.resource for other in reviewed.plan.foreign], product, mesh)
        if stays and not mesh.domain(product).hybrid:
            # What several products share is no one's to close.
            whose = "" if product.is_part else f"product: {product.name}, "
            yield Finding(
                OPEN_TO_IAM.id,
                "warning",
                f"{stays} would stay open to whoever IAM lets ({IAM_ALLOWED_PRINCIPALS}), whatever subscriptions say; "
                "in other accounts nobody reads it by Lake Formation until then, and by name AWS shares it with none "
                "unless its place is in hybrid access mode. To close it, "
                f"mesh.yaml says territory: {{exceptions: [{{{whose}principal: "
                f"{IAM_ALLOWED_PRINCIPALS}, undeclaredGrants: revoke}}]}}.",
                product.origin,
            )
        closes = _opened(gone, product, mesh) if not used.isdisjoint(product.databases) else ""
        if closes:
            yield Finding(
                OPEN_TO_IAM.id,
                OPEN_TO_IAM.severity,
                f"{closes} would be closed to whoever reads by IAM alone, which Meshform does not see.",
                product.origin,
            )


def _opened(grants: Iterable[AnyResource], product: Product, mesh: Mesh) -> str:
    """What of a product is open to IAM by these grants, in words; empty where nothing is."""
    names = sorted(set(_names(grants, product, mesh)))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _names(grants: Iterable[AnyResource], product: Product, mesh: Mesh) -> Iterator[str]:
    home = placements.of_catalog(mesh)
    for each in grants:
        if each.address.placement == home and isinstance(each.spec, Grant):
            if each.spec.principal != IAM_ALLOWED_PRINCIPALS:
                continue
            match each.spec.target:
                case OnDatabase(database=name) if name in product.databases:
                    yield f"the database {name}"
                case OnTable(database=name, table=table) if name in product.databases:
                    if table == ALL_TABLES or product_at(mesh, name, table) is product:
                        yield f"{name}.{'*' if table == ALL_TABLES else table}"
                case _:
                    pass
