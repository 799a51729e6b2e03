"""Objects are taken out of the collector's sight only where the process ends with the run."""

from __future__ import annotations

import atexit
import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from reconciler import garbage


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bool]]:
    kept = {"ends": False}
    monkeypatch.setattr(garbage, "_run", kept)
    monkeypatch.setattr(garbage, "MANY", 1000)
    monkeypatch.setattr(atexit, "register", lambda _: None)
    often = gc.get_threshold()
    yield kept
    gc.unfreeze()
    gc.set_threshold(*often)


def frozen() -> int:
    """How many objects are out of sight after a stage that made many."""
    gc.unfreeze()
    with garbage.no_garbage_collection():
        made = [[number] for number in range(5000)]
        assert len(made) == 5000
    assert gc.isenabled()
    return gc.get_freeze_count()


def test_a_server_keeps_nothing_for_ever(run: dict[str, bool]) -> None:
    assert frozen() == 0


def test_a_command_looks_for_no_garbage_at_its_end() -> None:
    program = (
        "import atexit, gc\n"
        "from reconciler.garbage import process_ends_with_run\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000, len(gc.get_objects()) < 100))\n"
        "process_ends_with_run()"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ran.stdout.split() == ["True", "True"]


def test_a_command_does(run: dict[str, bool]) -> None:
    garbage.process_ends_with_run()
    assert run["ends"]
    assert gc.get_threshold()[0] == garbage.YOUNG, "it looks seldom meanwhile"
    assert frozen() >= 5000


@pytest.mark.parametrize("library", ["cel_expr_python.cel", "duckdb"])
def test_what_complains_of_what_is_not_freed_is_freed(library: str) -> None:
    program = (
        "import atexit, gc\n"
        "from reconciler.garbage import process_ends_with_run\n"
        "atexit.register(lambda: print(gc.get_freeze_count()))\n"
        "process_ends_with_run()\n"
        f"import {library}\n"
        "gc.freeze()"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert (ran.stdout.strip(), ran.stderr) == ("0", "")
