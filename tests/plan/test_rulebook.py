"""docs/rules.md has a section for every rule of plans, as the rule says it."""

from __future__ import annotations

import os
import re

from reconciler.plan.rulebook import page, plan_rules
from tests.estate import ROOT

RULES = ROOT / "docs" / "rules.md"
_OURS = re.compile(
    r"(<!-- made from the rules of plans[^>]*-->\n).*?(\n<!-- made from the rules of plans: end -->)", re.S
)


def test_the_page_says_of_each_gate_what_the_gate_says() -> None:
    text = RULES.read_text(encoding="utf-8")
    fresh = _OURS.sub(lambda found: f"{found[1]}\n{page()}{found[2]}", text)
    assert page() in fresh
    if os.environ.get("GOLDEN") == "refresh":
        RULES.write_text(fresh, encoding="utf-8")
    else:
        assert text == fresh, "`make golden` writes docs/rules.md anew"


def test_gates_and_the_live_check_are_among_the_rules() -> None:
    assert {"mass-delete", "catalog-loss", "opens-most-sensitive", "access-differs"} <= plan_rules().keys()
