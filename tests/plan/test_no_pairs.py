"""Nothing is looked at in pairs: four times the changes are about four times the work, in calls of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.meshes import Document, Size, documents, write_documents
from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.address import Address
from reconciler.model.plan import Plan
from reconciler.model.resource import Observation
from reconciler.plan.build import open_circles
from reconciler.plan.compile import compile_mesh
from reconciler.plan.diff import snapshot_diff
from reconciler.plan.review import Review
from reconciler.report.text import plan_text
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import folder_sources
from tests.counted import work
from tests.estate import TODAY
from tests.plan.toys import address

Edit = Callable[[Document], Document]


def mesh_in(folder: Path, these: Iterable[tuple[str, Document]]) -> Mesh:
    write_documents(these, folder)
    loaded = load(folder_sources(folder), TODAY)
    assert loaded.mesh is not None, loaded.findings[:3]
    return loaded.mesh


def renamed(document: Document) -> Document:
    """Another name of each product: another LF-tag on its database, another expression of each of its readers."""
    field = {"Product": "name", "Subscription": "product"}.get(document["kind"])
    return document if field is None else {**document, field: document[field].replace("product", "produce")}


def reclassified(document: Document) -> Document:
    """Another label of most columns."""
    if document["kind"] != "Product":
        return document
    columns = [{"name": f"column_{each}", "type": "string", "tags": {"sensitivity": "public"}} for each in range(3)]
    return {**document, "tables": [{**table, "columns": columns} for table in document["tables"]]}


def of_many(times: int) -> Size:
    """Products and consumers, each with a few."""
    return Size(1, 1, 8 * times, 1, 3, 4 * times, 1, 16 * times)


def of_one(times: int) -> Size:
    """One principal reads everything."""
    return Size(1, 1, 8 * times, 1, 2, 1, 1, 8 * times)


CHANGES: dict[str, tuple[Callable[[int], Size], Edit, tuple[str, ...]]] = {
    "products renamed": (of_many, renamed, ("internal",)),
    "columns and clearances cross": (of_many, reclassified, ("public",)),
    "the clearances of one principal": (of_one, dict, ("internal", "public")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_four_times_the_changes_are_four_times_the_work(tmp_path: Path, name: str) -> None:
    sized, edit, clearance = CHANGES[name]

    def plan(times: int) -> tuple[int, int]:
        size = sized(times)
        old = mesh_in(tmp_path / f"{times}-old", documents(size, ("internal",)))
        new = mesh_in(tmp_path / f"{times}-new", ((path, edit(each)) for path, each in documents(size, clearance)))
        there, wanted = (compile_mesh(each, registry()) for each in (old, new))
        found = Observation(there)

        made: list[Plan] = []

        def tell() -> None:
            mesh, base = replace(new), replace(old)
            made.append(pipeline.plan_for(mesh, wanted, found))
            asked = snapshot_diff(there, wanted, registry())
            list(plan_text(Review(mesh, wanted, made[0], found, base="main", before=base, asked=asked)))

        return work(tell), len(list(made[0].steps))

    (once, few), (often, many) = plan(1), plan(4)
    assert few > 40, "the change is no change"
    assert often < 1.25 * many / few * once, f"{often / once:.1f} times the work for {many / few:.1f} times the steps"


def circles(count: int) -> tuple[dict[Address, set[Address]], dict[tuple[Address, Address], bool]]:
    """So many circles, each of two, in a long row of things that wait for each other."""
    waits = {address(f"{n:04}"): {address(f"{n - 1:04}")} for n in range(1, 4 * count)}
    preferred = {(address(f"{4 * n + 1:04}"), address(f"{4 * n:04}")): False for n in range(count)}
    for first, later in preferred:
        waits.setdefault(later, set()).add(first)
    return waits, preferred


def test_four_times_the_circles_are_four_times_the_work() -> None:
    once, often = (work(partial(open_circles, *circles(count))) for count in (50, 200))
    assert often < 4.4 * once


WISHES = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]), st.booleans(), max_size=20
)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1])), WISHES)
def test_circles_are_opened_by_preferences_alone_and_none_is_given_up_without_one(
    needs: list[tuple[int, int]], wishes: dict[tuple[int, int], bool]
) -> None:
    """Needs point upwards, so they close no circle by themselves. What AWS insists on is given up only where that alone
    closes one with them."""
    waits: dict[Address, set[Address]] = {}
    for first, later in (*needs, *wishes):
        waits.setdefault(address(str(later)), set()).add(address(str(first)))
    needed = {(address(str(first)), address(str(later))) for first, later in needs}
    every = {(address(str(first)), address(str(later))): firm for (first, later), firm in wishes.items()}
    preferred = {pair: firm for pair, firm in every.items() if pair not in needed}
    before = {later: set(firsts) for later, firsts in waits.items()}
    open_circles(waits, preferred)
    given_up = {(first, later) for later in before for first in before[later] - waits[later]}
    assert given_up <= preferred.keys()
    TopologicalSorter(waits).prepare()
    if not has_circle(before):
        assert not given_up
    firm = needed | {pair for pair, insists in preferred.items() if insists}
    if not has_circle({later: {first for first, of in firm if of == later} for later in before}):
        assert not given_up & {pair for pair, insists in preferred.items() if insists}


def has_circle(waits: dict[Address, set[Address]]) -> bool:
    """Whether something waits for itself, by trying all ways."""
    behind = {later: set(firsts) for later, firsts in waits.items()}
    order = list(behind)
    Random(0).shuffle(order)
    for _ in order:
        for later in order:
            behind[later] |= {far for first in behind[later] for far in behind.get(first, ())}
    return any(later in behind[later] for later in order)
