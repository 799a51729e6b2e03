"""What the kinds of DataBrew share: who curates, the name of its parts, and where files come from and go to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.kinds.common.marks import MARK
from reconciler.model.address import Placement
from reconciler.model.change import Change, Update
from reconciler.model.origin import Origin
from reconciler.spec import placements
from reconciler.spec.documents.curation import DataBrew
from reconciler.spec.documents.files import Csv
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, domain_prefix, iam_arn, own_role, work_role

Place = tuple[str, str]
"""A bucket and a key in it, ending in a slash."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A product's curation by DataBrew: where it runs and under which name."""

    product: Product
    brew: DataBrew
    placement: Placement
    name: str
    raw: Place
    output: Place
    table: Table
    origin: Origin


def recipes(mesh: Mesh) -> Iterable[Recipe]:
    """Every curation by DataBrew."""
    for product in mesh.products.values():
        brew = product.curation.data_brew if product.curation else None
        if brew is not None:
            domain = mesh.domain(product)
            bucket, prefix, table = domain_bucket(mesh, domain), domain_prefix(domain), product.table(brew.output)
            yield Recipe(
                product,
                brew,
                placements.of_domain(mesh, domain),
                curation_name(mesh, product),
                (bucket, f"{prefix}{brew.source.location.strip('/')}/"),
                (bucket, f"{prefix}{table.path}/"),
                table,
                product.at("curation", "dataBrew"),
            )


def curation_name(mesh: Mesh, product: Product) -> str:
    """Name of a product's DataBrew dataset, recipe and job, or of its Glue job."""
    return f"meshform-{mesh.name}-{product.name}"


def curation_role_name(mesh: Mesh, product: Product) -> str:
    """Name of the role that curates a product."""
    return work_role(mesh.name, "curate", product.name)


def curation_role_arn(mesh: Mesh, product: Product) -> str:
    """ARN of the role that curates a product, in its producer's account."""
    return iam_arn(mesh, mesh.producer(mesh.domain(product)), own_role(mesh, curation_role_name(mesh, product)))


def csv_options(form: str, csv: Csv, *, header: bool) -> dict[str, Any]:
    """DataBrew's options of a format; only CSV has any. `header` where files are read."""
    if form != "csv":
        return {}
    options: dict[str, Any] = {"Delimiter": csv.delimiter}
    if header:
        options["HeaderRow"] = csv.header
    return {"FormatOptions": {"Csv": options}}


def mark_on(row: Mapping[str, Any]) -> str:
    """The name of the mesh on something of DataBrew; empty where it carries none."""
    return str((row.get("Tags") or {}).get(MARK, ""))


def taken(change: Change) -> str | None:
    """Why something of DataBrew of our name is left alone: what it is tagged with it got when it was made."""
    if not isinstance(change, Update) or change.have.spec.mark == change.want.spec.mark:
        return None
    whose = f"belongs to the mesh {change.have.spec.mark}" if change.have.spec.mark else "was not made by a mesh"
    return f"the name is taken: {change.address.name} in DataBrew {whose}; rename or delete it there"
