"""DataBrew jobs: where they write and how."""

from __future__ import annotations

from tests.kinds.cases import Case
from tests.kinds.full import CREDIT

CASE = Case(
    edits={
        "output": ((CREDIT, "location: credit_card/", "location: curated/"),),
        "format": ((CREDIT, '    format: csv\n    csv: {header: true, delimiter: ","}\n', "    format: parquet\n"),),
    },
    fixed={"role": "named for the product", "mark": "our tag"},
)
