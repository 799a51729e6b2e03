"""Who may read what: effective access from a snapshot, explained, and compared between two states. Pure."""

from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.difference import AccessDifference, Counts, counts, difference
from reconciler.access.evaluation.evaluate import Access, TableAccess, evaluate
from reconciler.access.facts.access_fact import AccessFact, ChangedFact, FactChange
from reconciler.access.facts.of_difference import changed_facts, gained_facts, lost_facts
from reconciler.access.facts.of_state import facts_of
from reconciler.access.state.principal_directory import PrincipalDirectory, principal_directory
from reconciler.access.state.projection import project_changes
from reconciler.access.state.table_view import TableId, TableView

__all__ = [
    "Access",
    "AccessDifference",
    "AccessEntry",
    "AccessFact",
    "ChangedFact",
    "Counts",
    "FactChange",
    "PrincipalDirectory",
    "TableAccess",
    "TableId",
    "TableView",
    "changed_facts",
    "counts",
    "difference",
    "evaluate",
    "facts_of",
    "gained_facts",
    "lost_facts",
    "principal_directory",
    "project_changes",
]
