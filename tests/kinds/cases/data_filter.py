"""Data filters: columns and rows of a subscription; somebody else's filter on somebody else's table."""

from __future__ import annotations

from tests.kinds.cases import Case
from tests.kinds.full import FUND_ROWS

CASE = Case(
    edits={
        "columns": ((FUND_ROWS, "columns: [currency, isin]", "columns: [isin]"),),
        "rows": ((FUND_ROWS, "currency = 'EUR'", "currency = 'USD'"),),
        "all-columns": ((FUND_ROWS, "columns: [currency, isin], ", ""),),
    },
    fixed={"database": "part of its address", "table": "part of its address"},
)
