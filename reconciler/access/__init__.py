"""Who may read what: effective access from a snapshot, explained, and compared between two states. Pure."""

from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.difference import AccessDifference, Counts, counts, difference
from reconciler.access.evaluation.evaluate import Access, TableAccess, evaluate
from reconciler.access.state.principal_directory import World, world_of
from reconciler.access.state.projection import after_changes
from reconciler.access.state.table_view import Subject, TableId

__all__ = [
    "Access",
    "AccessDifference",
    "AccessEntry",
    "Counts",
    "Subject",
    "TableAccess",
    "TableId",
    "World",
    "after_changes",
    "counts",
    "difference",
    "evaluate",
    "world_of",
]
