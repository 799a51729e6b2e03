"""Whose code is mutated, and the tests that are told of it first: those of the room itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.machine import ROOT

PLACE = ROOT / ".venv" / "mutants"
SAMPLE = Path("sample.json")
"""In the folder of a room: the mutants that were drawn last, if what was run is a sample."""


@dataclass(frozen=True, slots=True)
class Room:
    """Patterns of files, and pytest's arguments."""

    code: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = {
    "access": Room(
        ("reconciler/access/*",),
        (
            "tests/access",
            "--deselect=tests/access/test_shifting.py",  # 20 s of processor time each
            "--deselect=tests/access/test_agreement.py",
        ),
    ),
    "plan": Room(
        ("reconciler/plan/*",),
        (
            "tests/plan",
            "--deselect=tests/plan/test_changed.py",  # a minute of processor time
            "--deselect=tests/plan/test_linear.py",  # these two count calls of functions, of which mutmut has more
            "--deselect=tests/plan/test_no_pairs.py",
        ),
    ),
    "owners": Room(("reconciler/owners/*",), ("tests/owners",)),
    "grants": Room(
        ("reconciler/kinds/lakeformation/grant*",),
        ("tests/kinds/lakeformation",),
    ),
    "checks": Room(
        ("reconciler/spec/checks/*",),
        (
            "tests/spec/test_cases.py",
            "tests/spec/test_example.py",
            "tests/spec/test_limits.py",  # rules that need a large mesh
            "tests/spec/contracts",
        ),
    ),
}
