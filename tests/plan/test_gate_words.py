"""What gates say, word for word, of cases, of the way back from each, and of their neighbours.

`GOLDEN=refresh` writes said.json anew; the diff of it is to be reviewed.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from reconciler.plan.gates import judge
from reconciler.plan.review import Review
from tests.plan.scenes import SCENES
from tests.plan.test_gates import CASES

SAID = Path(__file__).parent / "said.json"


def said(made: Review) -> list[str]:
    """Every finding with all that belongs to it, but for the day until which a term allows today."""
    found = judge(made)
    return [
        "; ".join(
            [
                re.sub(r"(allowed is) \S+\.", r"\1 <day>.", f"{each.severity}  {each}"),
                *each.hints,
                *(f"of {name}" for name in each.databases),
                *["governance"][: each.by_governance],
            ]
        )
        for each in found
    ]


@pytest.mark.parametrize("name", sorted(SCENES))
def test_gates_say_word_for_word(name: str) -> None:
    now = said(SCENES[name]())
    assert name not in CASES or any(f"  {name}" in each for each in now), "its gate has something to say"
    known: dict[str, list[str]] = json.loads(SAID.read_text(encoding="utf-8")) if SAID.exists() else {}
    if os.environ.get("GOLDEN") == "refresh":
        known[name] = now
        SAID.write_text(json.dumps(known, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    assert now == known[name], "`make golden` if this is what people should see"
