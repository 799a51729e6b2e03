"""DataBrew recipes: their steps."""

from __future__ import annotations

from tests.kinds.cases import Case
from tests.kinds.full import CREDIT

CASE = Case(
    edits={"steps": ((CREDIT, "          laufkont: status\n", "          konto: status\n"),)},
    fixed={"mark": "our tag", "published": "every recipe is"},
)
