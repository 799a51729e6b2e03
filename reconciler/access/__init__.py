"""Who may read what: effective access from a snapshot, explained, and compared between two states. Pure."""

from reconciler.access.after import after_changes
from reconciler.access.difference import AccessDifference, Counts, counts, difference
from reconciler.access.entry import AccessEntry
from reconciler.access.evaluate import Access, TableAccess, evaluate
from reconciler.access.subject import Subject, TableId
from reconciler.access.world import World, world_of

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
