"""The page of policies names every field of every object, and its examples are right."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from reconciler.policy.check import checked
from reconciler.policy.objects import TYPES
from tests.estate import TODAY, variant

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", TYPES)
def test_the_page_has_every_field(word: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{word}` | ") and "<br>" in line]
    assert [name for name in (each.name for each in fields(TYPES[word])) if f"`{name}`" not in row] == []


def test_its_examples_are_right() -> None:
    policy, exception, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    mesh = variant(more={"policies/a.yaml": policy, "exceptions/a.yaml": exception})
    assert checked(mesh, lambda _: "", TODAY)[1] == ()
