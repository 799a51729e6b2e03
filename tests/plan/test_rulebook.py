"""docs/rules.md has a section for every rule of plans, as the rule says it."""

from __future__ import annotations

from reconciler.plan.rulebook import page, plan_rules
from tests.estate import ROOT


def test_the_page_says_of_each_gate_what_the_gate_says() -> None:
    assert page() in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def test_gates_and_the_live_check_are_among_the_rules() -> None:
    assert {"mass-delete", "catalog-loss", "opens-most-sensitive", "access-differs"} <= plan_rules().keys()
