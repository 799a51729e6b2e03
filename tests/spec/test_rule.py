"""A check is one file: found in its folder, it judges every mesh and is among the rules, without another edit."""

from __future__ import annotations

from pathlib import Path

import reconciler.spec.checks
from reconciler.spec.load import load
from reconciler.spec.rule import rules
from reconciler.spec.yaml.source import Source
from tests.estate import TODAY, edited
from tests.toys.dropping import dropped

PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"


def test_a_check_that_was_found_judges_every_mesh(tmp_path: Path) -> None:
    files = edited((PRODUCT, "paid back.", "paid back!"))
    with dropped("no_shouting", reconciler.spec.checks, tmp_path):
        loaded = load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY)
        assert "no-shouting" in rules()
    assert [(each.rule, each.message) for each in loaded.findings] == [("no-shouting", "credit-profile shouts")]
    assert loaded.findings[0].origin is not None
    assert loaded.findings[0].origin.file.endswith(PRODUCT)
