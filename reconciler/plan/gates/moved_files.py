"""moved-files: a table looks for its files elsewhere, and nobody moves them."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.table import Table
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

MOVED_FILES = Rule(
    "moved-files",
    "warning",
    "A table's files are where the table looks for them.",
    "Another location, prefix, bucket, domain or account means another place. Meshform never moves or deletes data: "
    "copy the files first, apply then, and delete the old ones when the readers have seen the new.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """Tables whose location changes."""
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Update) or not isinstance(change.want.spec, Table):
            continue
        old, new = change.have.spec.storage.location, change.want.spec.storage.location
        if old and old.rstrip("/") != new.rstrip("/"):
            yield Finding(
                MOVED_FILES.id,
                MOVED_FILES.severity,
                f"{change.address.name} would look for its files in {new}. Nothing moves them there from {old}.",
                change.origin,
            )
