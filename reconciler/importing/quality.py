"""Quality rules of a table, from the ruleset that the mesh made of them."""

from __future__ import annotations

import re

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data
from reconciler.kinds.glue.ruleset import Ruleset
from reconciler.kinds.glue.table import Table
from reconciler.spec.names import linked_database

_PROMISE = re.compile(r"^(?P<rule>.*) with threshold >= (?P<share>0(\.\d+)?)$")


def quality_of(evidence: Evidence, table: Table) -> list[Data]:
    """The rules of a table in the order of its ruleset, each with its promise where the rule itself says one."""
    for each in evidence.found.of(Ruleset):
        spec = each.spec
        is_own = spec.mark.endswith(f"={evidence.basis.name}") and spec.table == table.table
        if is_own and table.database in (spec.database, linked_database(spec.database)):
            return [_rule(line) for line in _lines(spec.rules)]
    return []


def _lines(ruleset: str) -> list[str]:
    """One rule a line, as the mesh writes them."""
    body = ruleset.strip().removeprefix("Rules = [").removesuffix("]")
    return [line.strip().removesuffix(",") for line in body.splitlines() if line.strip()]


def _rule(text: str) -> Data:
    found = _PROMISE.match(text)
    return {"rule": found["rule"], "promise": float(found["share"])} if found else {"rule": text}
