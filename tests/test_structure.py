"""No circle of imports anywhere in the tree, tests included, also none that only type checkers see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import grimp
import pytest

ROOTS = ("reconciler", "tests", "bench")


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
