"""No circle of imports anywhere in the tree, tests included, also none that only type checkers see; small modules;
nothing that a merge left behind.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from statistics import median

import grimp
import pytest

import reconciler
from tests.conftest import LONG

ROOTS = ("reconciler", "tests", "bench")
LONGEST, MEDIAN = 300, 90
"""Lines of a module."""


def circle(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """The modules of one circle, each imported by the one before it; empty if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_no_modules_import_each_other() -> None:
    graph = grimp.build_graph(*ROOTS, cache_dir=None)
    assert circle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


@pytest.mark.parametrize("length", [2, 3, 7])
def test_a_circle_of_any_length_is_found(length: int) -> None:
    chain = {f"m{i}": [f"m{i + 1}"] for i in range(length - 1)} | {f"m{length - 1}": ["m0"], "beside": ["m0"]}
    found = circle(chain)
    assert len(found) == length + 1
    assert all(after in chain[before] for before, after in pairwise(found))


def test_modules_are_small() -> None:
    lengths = {
        str(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in Path(reconciler.__file__).parent.rglob("*.py")
    }
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}
    assert median(length for length in lengths.values() if length > 1) < MEDIAN


def left_by_a_merge(text: bytes) -> bool:
    """Whether a line begins as git marks the two sides of a conflict."""
    return bool(re.search(rb"^(<{7}|>{7}|\|{7}) ", text, re.MULTILINE))


def test_no_merge_conflict_is_in_a_tracked_file() -> None:
    root = Path(reconciler.__file__).parents[1]
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True, text=True)
    files = [root / name for name in listed.stdout.split("\0") if name]
    assert len(files) > 1000
    assert [str(path) for path in files if path.is_file() and left_by_a_merge(path.read_bytes())] == []


@pytest.mark.parametrize("sign", ["<", ">", "|"])
def test_a_merge_conflict_is_known_by_its_marks(sign: str) -> None:
    assert left_by_a_merge(f"| a | b |\n{sign * 7} HEAD\n| c | d |\n".encode())
    assert not left_by_a_merge(f"| a | b |\n{sign * 6} HEAD\n{sign * 7}\n {sign * 7} HEAD\n".encode())


def test_the_long_files_are_there() -> None:
    assert [path for path in LONG if not (Path(__file__).parent / path).is_file()] == []


CLOCK = re.compile(r"\btime\.(perf_counter|process_time|thread_time|monotonic|time|sleep)\b")
"""Of the module; `fast_time` and other clocks that tests turn themselves are none."""


def test_no_test_asks_the_clock() -> None:
    """No machine is too busy: work is counted (counted.py), and what takes time is waited for (until.py)."""
    tests = (path for path in Path(__file__).parent.rglob("test_*.py") if path != Path(__file__))
    assert [str(path) for path in tests if CLOCK.search(path.read_text(encoding="utf-8"))] == []
