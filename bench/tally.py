"""How much work this tree does, in numbers that are the same on every machine, for comparing two commits.

    python -m bench.tally

Prints, for the example mesh and for the comparable scenario at a tenth of its size: the calls to AWS of a first apply
and of a plan without changes, how often functions of ours are called to load and review, and the digest of the first
plan.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType

from bench.meshes import TENTH, write
from reconciler import pipeline
from reconciler.plan.gates import gates
from reconciler.sandbox import sandbox
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import folder_sources

TODAY = date(2026, 11, 22)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="meshform-tally-") as folder:
        write(TENTH, Path(folder) / "mesh", ("internal",))
        print(json.dumps({"example": tally(Path("mesh")), "tenth": tally(Path(folder) / "mesh")}, indent=2))


def tally(folder: Path) -> dict[str, object]:
    """The numbers of one mesh, in a sandbox that is empty before."""
    rules = [gate.__module__.rpartition(".")[2].replace("_", "-") for gate in gates()]
    with sandbox() as aws:
        sessions = pipeline.sessions_for(loaded(folder), writes=True)
        first = pipeline.review(loaded(folder), observation=pipeline.look(loaded(folder), sessions))
        aws.calls.clear()
        run = pipeline.apply_reviewed(first, sessions, accepted=rules)
        assert not run.failed, "nothing is in the way of a first apply"
        written = len(aws.calls.as_json())
        aws.calls.clear()
        found = pipeline.look(loaded(folder), pipeline.sessions_for(loaded(folder), writes=True))
        assert first.plan is not None, "AWS was asked"
        return {
            "calls of apply": written,
            "calls of a plan without changes": len(aws.calls.as_json()),
            "functions": functions(lambda: pipeline.review(loaded(folder), observation=found)),
            "digest": first.plan.digest,
        }


def loaded(folder: Path) -> Mesh:
    """The mesh in a folder, read anew."""
    mesh = load(folder_sources(folder), TODAY).mesh
    assert mesh is not None, "the mesh is valid"
    return mesh


def functions(work: Callable[[], object]) -> int:
    """How many functions of ours some work calls, in all threads."""
    count = 0

    def called(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and "/reconciler/" in frame.f_code.co_filename

    threading.setprofile(called)
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return count


if __name__ == "__main__":
    main()
