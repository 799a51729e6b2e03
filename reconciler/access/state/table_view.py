"""TableView: a table as it is judged, with its columns, tag signature, filters and everything else that decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reconciler.access.algebra.tag_signature import TagSignature
from reconciler.kinds.glue.column_identity import Layout
from reconciler.kinds.lakeformation.data_filter import DataFilter


class TableId(NamedTuple):
    """A table (or view) by catalog, which is the 12 digits of its account, database and name.

    A tuple, because a large mesh hashes and sorts millions of them.
    """

    catalog: str
    database: str
    table: str

    def __str__(self) -> str:
        return f"{self.database}.{self.table}"


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of a snapshot.

    layout      the columns, data columns first, then partition keys, and how their values are found in the files;
                bit n of a mask is column n
    files       where its files are, as s3://bucket/prefix; empty for a view
    registered  whether its files are at a place that Lake Formation serves (True where there are no files)
    hybrid      whether IAM decides there as well
    """

    id: TableId
    layout: Layout
    signature: TagSignature
    region: str = ""
    files: str = ""
    registered: bool = True
    hybrid: bool = False
    has_row_policy: bool = False
    filters: Mapping[str, DataFilter] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.layout.columns

    @property
    def judged(self) -> tuple[object, ...]:
        """What decides, besides grants, what an effective grant means on the table."""
        return (self.layout, self.signature.data, self.registered, self.has_row_policy)

    def mask(self, names: Iterable[str]) -> int:
        """The columns of these names; names that the table does not have count for nothing."""
        wanted = set(names)
        return sum(1 << number for number, name in enumerate(self.columns) if name in wanted)

    def chosen(self, names: Iterable[str], excluded: bool) -> int:
        """The columns listed, or all but those listed.

        A filter may list fields of a struct (`"address"."zip"`): who reads one reads of the column, and where one is
        left out the rest of the column is read. That counts as the column.
        """
        told = (name.split('"')[1] if name.startswith('"') else name for name in names)
        mask = self.mask(name for name in names if not name.startswith('"')) if excluded else self.mask(told)
        return self.signature.all & ~mask if excluded else mask

    def names(self, mask: int) -> tuple[str, ...]:
        """The names of columns, in the order of the table."""
        if mask == self.signature.all:
            return self.columns
        return tuple(name for number, name in enumerate(self.columns) if mask >> number & 1)

    def is_like(self, other: TableView) -> bool:
        """Whether every grant gives the same on both."""
        return (
            self.layout == other.layout
            and self.signature.key == other.signature.key
            and (self.registered, self.hybrid, self.has_row_policy)
            == (other.registered, other.hybrid, other.has_row_policy)
            and self.filters == other.filters
        )
