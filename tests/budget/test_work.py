"""What a command works, in calls of functions and in bytes: more than here is a decision, not an accident.

Each bound is what it takes now and a tenth; time follows it, and is told by docs/performance.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.meshes import Size, write
from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import Source, folder_sources
from tests.counted import work
from tests.estate import EXAMPLE, ROOT, TODAY, bank, example, mesh_of

VALIDATE, REVIEW = 7_450, 36_700
START_AND_VALIDATE, START_AND_PLAN = 392_500, 630_000
CALLS_A_DOCUMENT, CALLS_A_RESOURCE = 675, 53
BYTES_A_DOCUMENT, BYTES_A_RESOURCE = 4_850, 560
SIZE = Size(producers=1, domains=2, products=10, tables=5, columns=10, consumers=4, principals=2, subscriptions=40)


def test_the_example_is_validated_in_its_work() -> None:
    sources = [Source(path, text.encode(), "mesh") for path, text in example().items()]
    load(sources, TODAY)
    assert work(lambda: load(sources, TODAY)) < 1.1 * VALIDATE


def by_a_new_process(folder: Path, *words: str) -> tuple[int, int]:
    """How many functions are called for a command, and how often garbage is looked for once it is under way.

    Most of it is Python's and pydantic's: modules are imported, models and dataclasses made, patterns compiled.
    """
    code = (
        f"import cProfile, gc, pstats, sys; sys.argv = ['meshform', *{words!r}]; looked = []\n"
        "usual = gc.get_threshold(); gc.callbacks.append(lambda *_: looked.append(gc.get_threshold() != usual))\n"
        "def run():\n from reconciler.cli import main\n try: main()\n except SystemExit as end: assert not end.code\n"
        "profile = cProfile.Profile(); profile.runcall(run); often = sum(looked)\n"
        "print(sum(called for _, called, *_ in pstats.Stats(profile).stats.values()), often)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    called, looked = ran.stdout.splitlines()[-1].split()
    return int(called), int(looked)


def test_the_example_is_validated_in_its_work_by_a_new_process() -> None:
    called, _ = by_a_new_process(ROOT, "validate")
    assert called < 1.1 * START_AND_VALIDATE


def test_the_example_is_planned_in_its_work_by_a_new_process(tmp_path: Path) -> None:
    """Without AWS, beside the same mesh as it is in git."""
    shutil.copytree(EXAMPLE, tmp_path / "mesh")
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "mesh"), ("commit", "-qm", "Base")):
        subprocess.run((*git, *words), check=True)
    called, looked = by_a_new_process(tmp_path, "plan", "--offline", "--base", "HEAD")
    assert called < 1.1 * START_AND_PLAN
    assert looked == 0


def test_the_example_is_reviewed_in_its_work() -> None:
    """As a plan does it after it has read AWS, where nothing is to be done."""
    found = Observation(compile_mesh(bank(), registry()))
    pipeline.review(mesh_of(example()), observation=found)
    assert work(lambda: pipeline.review(replace(bank()), observation=found)) < 1.1 * REVIEW


def test_a_large_mesh_is_read_and_compiled_in_its_work(tmp_path: Path) -> None:
    """A million permissions are so many documents and resources."""
    write(SIZE, tmp_path)
    sources = list(folder_sources(tmp_path))
    loaded = load(sources, TODAY)
    assert loaded.mesh is not None
    assert work(lambda: load(sources, TODAY)) / len(sources) < 1.1 * CALLS_A_DOCUMENT
    wanted = compile_mesh(replace(loaded.mesh), registry())
    mesh = replace(loaded.mesh)
    assert work(lambda: compile_mesh(mesh, registry())) / len(wanted) < 1.1 * CALLS_A_RESOURCE


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def grown(before: int) -> int:
    return tracemalloc.get_traced_memory()[0] - before


def test_a_large_mesh_stays_in_its_memory(tmp_path: Path, traced: None) -> None:
    """A million permissions are so many documents and resources."""
    write(SIZE, tmp_path)
    sources = list(folder_sources(tmp_path))
    load(sources, TODAY)
    before = tracemalloc.get_traced_memory()[0]
    loaded = load(sources, TODAY)
    assert loaded.mesh is not None
    assert grown(before) / len(sources) < 1.1 * BYTES_A_DOCUMENT
    # Once before it counts: kinds are modules, which the first one to compile loads.
    compile_mesh(replace(loaded.mesh), registry())
    mesh: Mesh = replace(loaded.mesh)
    before = tracemalloc.get_traced_memory()[0]
    wanted = compile_mesh(mesh, registry())
    assert grown(before) / len(wanted) < 1.1 * BYTES_A_RESOURCE
