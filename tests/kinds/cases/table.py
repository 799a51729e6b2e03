"""Tables: columns, files and words; somebody else's table in somebody else's database."""

from __future__ import annotations

from tests.kinds.cases import Case
from tests.kinds.full import CREDIT, FUNDS

CASE = Case(
    edits={
        "description": ((FUNDS, "One row per fund and trading day", "A row for each fund and day"),),
        "type": ((CREDIT, "- name: duration\n        type: int", "- name: duration\n        type: bigint"),),
        "partition-keys": ((FUNDS, "type: date, description: Day of the price", "type: string, description: Day"),),
        "location": ((FUNDS, "- name: fund_price\n", "- name: fund_price\n    location: prices\n"),),
    },
    fixed={"database": "part of its address", "table": "part of its address"},
)
