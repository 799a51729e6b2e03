"""rename: a table goes while its like comes under another name. AWS renames nothing: it is retired and made anew."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue import table
from reconciler.kinds.glue.table import Table
from reconciler.model.change import Create, Delete
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

RENAME = Rule(
    "rename",
    "warning",
    "A table keeps its name.",
    "AWS cannot rename a database or table: the old one goes with its grants, versions and statistics, and a new one "
    "comes. Queries under the old name fail. The files stay where they are, unless the location follows the name.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """Tables that go, each with the new one of the same columns or the same files, if there is one."""
    changes = [step.change for step in reviewed.steps if isinstance(step.change.resource.spec, Table)]
    gone = [change.have for change in changes if isinstance(change, Delete)]
    come = [change.want for change in changes if isinstance(change, Create)]
    for old in gone:
        new = next((each for each in come if _alike(old.spec, each.spec)), None)
        if new is not None:
            files = (
                ""
                if old.spec.storage.location == new.spec.storage.location
                else (
                    f" Its files are looked for in {new.spec.storage.location}; nothing moves them there from "
                    f"{old.spec.storage.location}."
                )
            )
            yield Finding(
                RENAME.id,
                RENAME.severity,
                f"{old.address.name} becomes {new.address.name}: the old table goes and a new one comes, so queries "
                f"under the old name fail.{files}",
                new.origin,
            )


def _alike(old: table.Table, new: table.Table) -> bool:
    """The same files, or the same columns with the same types (a table of no columns is like no other)."""
    return old.storage.location == new.storage.location or (bool(old.types) and dict(old.types) == dict(new.types))
