"""AccessEntry: one thing that somebody gained or lost, in the form of the contract."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from reconciler.access.algebra.effective_grant import NOTHING
from reconciler.access.algebra.rows import Rows, text
from reconciler.access.evaluation.enforcement import Verdict
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.grant_paths import Use, via
from reconciler.access.state.grant_index import Given
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId
from reconciler.kinds.iam.trust_policy import is_service
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS

ChangeType = Literal["opened", "unknown", "columns", "rows", "raw-read", "permissions", "rights", "path"]
"""What changed: IAM decides now; an uncertainty came up; columns, wider rows, raw files, or only permissions; rights on
something else than tables (a database, catalog, data location or LF-tag); a way to values past Lake Formation."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """That somebody has something only as a role that he may act as.

    reasons  why it is not certain that he comes to be let, or is let no more; none where it is
    how      what lets him, in words; its trust policy, where nothing is said
    """

    role: str
    reasons: tuple[str, ...] = ()
    how: str = ""


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """What one principal gained (or lost) on one table, for columns with the same rows.

    columns      the columns that it is about, in the table's order
    rows         the rows of them that he can read in the state that has more; `rows_before` those in the other state
                 (None: nothing of these columns was readable)
    permissions  what he could not do in the other state; with columns SELECT is always among them
    sensitivity  of each column, in the state that has more; a column without one is not in it
    new_account  whether nobody of his account could read anything of the table in the other state
    values_of    columns that show the values of a column that has another name in the other state, with that name;
                 their sensitivity is that of the values before
    readable     how many columns of the table he reads in the state that has more (`source`), of `width`
    path         which way past Lake Formation it is, by name, and `why` it is open
    thing        in words what `rights` are about; `place` is then without what it has not; `given` the grants
    assumed      the role as which he has it, where who may act as it is what changed
    other        the other state
    """

    principal: str
    place: TableId
    change: ChangeType
    columns: tuple[str, ...]
    rows: Rows
    permissions: tuple[str, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    rows_before: Rows | None = None
    sensitivity: tuple[tuple[str, str], ...] = ()
    rank: int = 0
    new_account: bool = False
    readable: int = 0
    width: int = 0
    values_of: tuple[tuple[str, str], ...] = ()
    thing: str = ""
    path: str = ""
    why: str = ""
    assumed: Assumed | None = None
    given: tuple[Given, ...] = field(default=(), repr=False, compare=False)
    source: Access = field(repr=False, compare=False, kw_only=True)
    other: Access = field(repr=False, compare=False, kw_only=True)

    @property
    def account(self) -> str:
        """The principal's account; the role's for a service that acts as one, the table's for others without any."""
        mine = account_of(self.principal)
        if mine is None and self.assumed is not None:
            return (account_of(self.assumed.role) or "") if is_service(self.principal) else ""
        return mine or self.place.catalog

    @property
    def where(self) -> str:
        """What it is about, in words: the table, or the thing."""
        return self.thing or str(self.place)

    @property
    def label(self) -> str:
        """How people call the principal, and as which role he has it."""
        label = self.source.directory.label
        if self.assumed is None:
            return label(self.principal)
        return f"{self.source.directory.trusted(self.principal)} as {label(self.assumed.role)}"

    @property
    def holder(self) -> str:
        """The principal who has it himself: the role, where somebody acts as one."""
        return self.assumed.role if self.assumed is not None else self.principal

    @property
    def is_perhaps_no_change(self) -> bool:
        """Whether all of it may be so in the other state too: it becomes certain, or ceases to be."""
        if self.change != "unknown" or self.place not in self.other.tables:
            return False
        there = self.other.on(self.principal, self.place)
        rights = {*there.permissions, *(there.beyond[0] if there.beyond else ())}
        return set(self.columns) <= there.possible.keys() and set(self.permissions) <= rights

    @property
    def is_left_to_iam(self) -> bool:
        """Whether a grant says it of a table that is open to IAM: then IAM decides, and the grant limits nothing."""
        is_named = self.principal != IAM_ALLOWED_PRINCIPALS
        return self.verdict == "open" and is_named and self.change not in ("opened", "rights", "path")

    @property
    def via(self) -> tuple[str, ...]:
        """The grants, shares and links that give it, one sentence each."""
        if self.assumed is None:
            return self._given_by
        role, who = self.source.directory.label(self.assumed.role), self.source.directory.trusted(self.principal)
        return (self.assumed.how or f"the trust policy of {role} lets {who}", *self._given_by)

    @property
    def _given_by(self) -> tuple[str, ...]:
        """The same without the trust of a role."""
        if self.change == "path":
            return (self.why,)
        if self.change == "rights":
            return tuple(dict.fromkeys(Use(each, NOTHING).sentence(self.source) for each in self.given))
        # Whoever opens the files, or the table to IAM, need not give any column of it.
        columns = () if self.change in ("opened", "raw-read") else self.columns
        return via(self.source, self.holder, self.place, columns)

    @property
    def badness(self) -> int:
        """For sorting, the greater the worse: open to IAM, sensitive columns to a new account, wider rows, size."""
        is_new = self.new_account and bool(self.columns)
        found = 0
        for part in (
            self.change == "opened",
            is_new,
            self.rank if is_new else 0,
            self.change == "rows",
            self.change == "unknown",
            self.change in ("raw-read", "path"),
            self.rank,
            len(self.columns),
        ):
            found = found << 16 | part
        return found

    def as_json(self) -> dict[str, Any]:
        """The entry as in JSON v1, with a few fields more."""
        return {
            "principal": self.principal,
            "account": self.account,
            "catalog": self.place.catalog,
            "database": self.place.database,
            "table": self.place.table,
            "columns": self.columns,
            "rows": text(self.rows),
            "permissions": self.permissions,
            "via": self.via,
            "change": self.change,
            "verdict": self.verdict,
            "reasons": self.reasons,
            "rows_before": text(self.rows_before) if self.rows_before is not None else None,
            "sensitivity": dict(self.sensitivity),
            "new_account": self.new_account,
            "values_of": dict(self.values_of),
            "thing": self.thing,
            "path": self.path,
            "assumed": self.assumed.role if self.assumed is not None else "",
        }


def narrowed(entry: AccessEntry, columns: tuple[str, ...]) -> AccessEntry:
    """The entry for some of its columns only, with the sensitivity of these."""
    values = tuple((column, value) for column, value in entry.sensitivity if column in columns)
    labels, order = dict(values), entry.source.directory.sensitivity_order
    ranks = {value: rank for rank, value in enumerate(order, 1)}
    rank = max((ranks.get(labels.get(column, ""), len(order) + 1) for column in columns), default=0)
    shown = tuple(each for each in entry.values_of if each[0] in columns)
    return replace(entry, columns=columns, sensitivity=values, rank=min(rank, entry.rank), values_of=shown)
