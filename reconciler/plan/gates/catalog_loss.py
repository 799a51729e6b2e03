"""catalog-loss: databases and tables that go take their metadata and everybody's access along."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Table
from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

CATALOG_LOSS = Rule(
    "catalog-loss",
    "error",
    "A database or table is deleted only when somebody says so.",
    "Its metadata, tags and grants go; the files in S3 stay. Accept by name when the product is really retired.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each database or table that would be deleted. The files in S3 stay."""
    for step in reviewed.steps:
        match step.change:
            case Delete(have) if isinstance(have.spec, Database | Table):
                name = step.address.name
                yield Finding(
                    CATALOG_LOSS.id,
                    CATALOG_LOSS.severity,
                    f"The {step.address.kind} {name} would be deleted. Its files in S3 stay.",
                    databases=(name if isinstance(have.spec, Database) else have.spec.database,),
                )
