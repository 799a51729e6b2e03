"""The pure stages do a mesh of four times the size in about four times the work, counted in calls of functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bench.meshes import Size, write
from reconciler import pipeline
from reconciler.access import difference, evaluate, principal_directory
from reconciler.kinds import registry
from reconciler.model.resource import Observation
from reconciler.owners.approval import demands
from reconciler.plan.changed import read_scope_of
from reconciler.plan.compile import compile_mesh
from reconciler.plan.teardown import teardown
from reconciler.report.json_v1 import plan_json
from reconciler.report.text import plan_text
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import folder_sources
from tests.counted import calls, steps, work
from tests.estate import TODAY

TIMES = 4
SMALL = Size(producers=2, domains=3, products=12, tables=3, columns=4, consumers=6, principals=2, subscriptions=24)
LARGE = Size(*(TIMES * getattr(SMALL, name) for name in ("producers", "domains", "products")), 3, 4, 24, 2, 96)
Meshes = tuple[Mesh, Mesh]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The two meshes as files."""
    folder = tmp_path_factory.mktemp("meshes")
    write(SMALL, folder / "small")
    write(LARGE, folder / "large")
    return folder / "small", folder / "large"


def meshes(folder: Path) -> Meshes:
    """A mesh, and what it was while nobody had subscribed to half of it. Nothing was asked of them yet."""
    loaded = load(folder_sources(folder), TODAY)
    assert loaded.mesh is not None, loaded.findings
    half = dict(list(loaded.mesh.subscriptions.items())[::2])
    return replace(loaded.mesh), replace(loaded.mesh, subscriptions=half)


def compiled(both: Meshes) -> None:
    for mesh in both:
        compile_mesh(mesh, registry())


def planned(both: Meshes) -> None:
    mesh, base = both
    found = Observation(compile_mesh(base, registry()))
    review = pipeline.review(mesh, observation=found, base=base, base_name="main")
    plan_json(review)
    list(plan_text(review))


def built(both: Meshes) -> None:
    mesh, _ = both
    wanted, there = (compile_mesh(each, registry()) for each in both)
    assert not pipeline.plan_for(mesh, wanted, Observation(there)).is_empty


def filtered_reader(both: Meshes) -> None:
    mesh, base = both
    assert read_scope_of("main", base, mesh, registry()) is not None


def asked_of_owners(both: Meshes) -> None:
    """Half of the products come, beside the files of the other half."""
    mesh, _ = both
    half = dict(list(mesh.products.items())[::2])
    assert [*demands(replace(mesh, products=half, subscriptions={}), mesh)]


def taken_down(both: Meshes) -> None:
    mesh, _ = both
    wanted = compile_mesh(mesh, registry())
    plan, _ = teardown(mesh, wanted, (), Observation(wanted), registry())
    assert not plan.is_empty


def compared(both: Meshes) -> None:
    before, after = (evaluate(compile_mesh(mesh, registry()), principal_directory(mesh)) for mesh in reversed(both))
    difference(before, after)


STAGES = [compiled, planned, filtered_reader, asked_of_owners, compared, taken_down]


@pytest.mark.parametrize("stage", STAGES)
def test_four_times_the_mesh_is_four_times_the_work(
    folders: tuple[Path, Path], stage: Callable[[Meshes], None]
) -> None:
    held_to_be_linear(folders, stage, calls)


@pytest.mark.parametrize("stage", [built, *(pytest.param(each, marks=pytest.mark.soak) for each in STAGES)])
def test_four_times_the_mesh_is_four_times_the_steps(
    folders: tuple[Path, Path], stage: Callable[[Meshes], None]
) -> None:
    """A dictionary of all products, made for each change, is one call and many steps."""
    held_to_be_linear(folders, stage, steps)


def held_to_be_linear(
    folders: tuple[Path, Path],
    stage: Callable[[Meshes], None],
    counted: Callable[[Callable[[], object]], Counter[str]],
) -> None:
    small, large = folders
    stage(meshes(small))
    once, often = (counted(partial(stage, meshes(folder))) for folder in (small, large))
    assert often.total() < 1.2 * TIMES * once.total(), f"{often.total() / once.total():.1f} times the work"
    # What is done in pairs is a small part of little work, and most of much. What was not called at all was remembered.
    both = {name: (once[name], count) for name, count in often.items() if once[name]}
    pairs = {name: counts for name, counts in both.items() if counts[1] > 100 + 1.6 * TIMES * counts[0]}
    assert not pairs


def test_no_permission_or_tag_of_a_base_is_made_that_its_head_has(folders: tuple[Path, Path]) -> None:
    mesh, base = meshes(folders[0])
    compile_mesh(mesh, registry())
    alone = replace(base)
    shared, anew = (
        calls(partial(compile_mesh, each, registry(), like=like)) for each, like in ((base, mesh), (alone, None))
    )
    for name in (" grant", " tag_assignment", " table", " resource_link"):
        made, without = (sum(n for each, n in counts.items() if each.endswith(name)) for counts in (shared, anew))
        assert made < 0.1 * without, name
    assert compile_mesh(base, registry()) == compile_mesh(alone, registry())


def test_whose_a_wanted_permission_is_is_not_looked_into(folders: tuple[Path, Path]) -> None:
    """Only what our own role holds can be somebody's; a million others are passed by."""
    mesh, _ = meshes(folders[0])
    wanted = compile_mesh(mesh, registry())
    counted = calls(lambda: pipeline.plan_for(mesh, wanted, Observation(wanted)))
    looked_into = sum(count for name, count in counted.items() if name.endswith(" is_inside"))
    assert looked_into <= sum(each.spec.own for each in wanted.of_kind("grant"))


def test_reading_four_times_the_files_is_four_times_the_work(folders: tuple[Path, Path]) -> None:
    meshes(folders[0])
    once, often = (work(partial(meshes, folder)) for folder in folders)
    assert often < 1.2 * TIMES * once, f"{often / once:.1f} times the work"
