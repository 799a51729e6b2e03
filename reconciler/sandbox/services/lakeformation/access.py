"""What a principal may read of a table: columns with their row predicates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reconciler.sandbox.services.lakeformation.nested import Fields

Verdict = Literal["enforced", "open", "denied"]


@dataclass(frozen=True, slots=True)
class ReadAccess:
    """The answer of `LakeFormation.read_access`.

    verdict     `enforced`: exactly `columns` and `row_filter`; `open`: IAM alone decides; `denied`: nothing
    columns     each readable column with the SQL predicate under which its cell is shown (None: always;
                elsewhere the cell is NULL)
    fields      of columns of which only some fields are shown: these
    row_filter  the SQL predicate under which a row is shown at all (None: every row)
    """

    verdict: Verdict
    columns: dict[str, str | None] = field(default_factory=dict)
    row_filter: str | None = None
    fields: dict[str, Fields] = field(default_factory=dict)
