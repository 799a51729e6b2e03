"""Who may read what: effective access from a snapshot, explained, and compared between two states. Pure."""

from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.difference import AccessDifference, Counts, counts, difference
from reconciler.access.evaluation.evaluate import Access, TableAccess, evaluate
from reconciler.access.state.principal_directory import PrincipalDirectory, principal_directory
from reconciler.access.state.projection import project_changes
from reconciler.access.state.table_view import TableId, TableView

__all__ = [
    "Access",
    "AccessDifference",
    "AccessEntry",
    "Counts",
    "PrincipalDirectory",
    "TableAccess",
    "TableId",
    "TableView",
    "counts",
    "difference",
    "evaluate",
    "principal_directory",
    "project_changes",
]
