"""docs/rules.md has a section for every rule of plans, as the rule says it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import reconciler.kinds
import reconciler.plan.gates
from reconciler import pipeline
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.plan.rulebook import page, plan_rules
from tests.estate import ROOT, bank
from tests.toys.dropping import dropped

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


def test_a_gate_that_was_found_judges_every_plan_by_facts_alone(tmp_path: Path) -> None:
    """One file in its folder, and no other edit: the toy kind lets a stranger read, and the toy gate says so."""
    found = Observation(compile_mesh(bank(), reconciler.kinds.registry()))
    with (
        dropped("wish", reconciler.kinds, tmp_path / "kinds"),
        dropped("no_strangers", reconciler.plan.gates, tmp_path / "gates"),
    ):
        said = pipeline.review(bank(), observation=found).findings
        assert "no-strangers" in plan_rules()
    assert [each.message for each in said if each.rule == "no-strangers"] == [
        "arn:aws:iam::444444444444:role/guest would read credit_card."
    ]
