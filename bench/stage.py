"""Every pure stage, one after another, in this process: seconds of each, and the peak of the memory until its end.

    python -m bench.stage MESH

The mesh lies in a git repository; what it was at HEAD is the base, and stands for what was found in AWS. Prints JSON.
"""

from __future__ import annotations

import json
import resource as usage
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from reconciler import pipeline
from reconciler.access import difference, evaluate, principal_directory
from reconciler.garbage import no_garbage_collection
from reconciler.kinds import registry
from reconciler.model.resource import Observation
from reconciler.plan.compile import compile_mesh
from reconciler.plan.diff import snapshot_diff
from reconciler.plan.review import Review
from reconciler.report.json_v1 import plan_json
from reconciler.report.text import plan_text
from reconciler.spec.load import Loaded, load
from reconciler.spec.today import today
from reconciler.spec.yaml.source import folder_sources

T = TypeVar("T")


class Stages:
    """What was measured so far, by the name of the stage."""

    def __init__(self) -> None:
        self.measured: dict[str, dict[str, object]] = {}

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Do the work of a stage."""
        began, began_cpu = time.perf_counter(), time.process_time()
        result = work()
        seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
        self.measured[name] = {"seconds": round(seconds, 3), "cpu_seconds": round(cpu, 3), "peak_mib": peak()}
        return result

    def without(self, name: str, *others: str) -> None:
        """Take out of a stage what others did once more within it."""
        for what in ("seconds", "cpu_seconds"):
            less = sum(float(str(self.measured[other][what])) for other in others)
            self.measured[name][what] = round(float(str(self.measured[name][what])) - less, 3)

    def total(self, what: str) -> float:
        """All stages together."""
        return round(sum(float(str(stage[what])) for stage in self.measured.values()), 3)


@no_garbage_collection()
def measure(folder: str) -> dict[str, Any]:
    """All stages over the mesh in a folder."""
    stage, kinds = Stages(), registry()
    loaded = read(folder, stage)
    assert loaded.mesh is not None, loaded.findings
    mesh = loaded.mesh
    wanted = stage("compile", lambda: compile_mesh(mesh, kinds))
    old = stage("base, documents and checks", lambda: pipeline.load_commit(folder, "HEAD", loaded))
    assert old.mesh is not None, old.findings
    base = old.mesh
    before = stage("base, compile", lambda: compile_mesh(base, kinds, like=mesh))
    asked = stage("diff", lambda: snapshot_diff(before, wanted, kinds))
    found = Observation(before)
    plan = stage("build", lambda: pipeline.plan_for(mesh, wanted, found))
    access = stage(
        "access difference",
        lambda: difference(evaluate(before, principal_directory(base)), evaluate(wanted, principal_directory(mesh))),
    )
    review = replace(
        Review(mesh, wanted, plan, found, base="HEAD", before=base),
        asked=asked,
        access=access,
        asked_access=access,
    )
    stage("report", lambda: (json.dumps(plan_json(review), default=str), list(plan_text(review))))
    return {
        "grants": Counter(address.kind for address in wanted)["grant"],
        "resources": len(wanted),
        "changes": len(asked),
        "steps": sum(1 for _ in plan.steps),
        "seconds": stage.total("seconds"),
        "cpu_seconds": stage.total("cpu_seconds"),
        "peak_mib": peak(),
        "stages": stage.measured,
    }


def read(folder: str, stage: Stages) -> Loaded:
    """The mesh, from its files, one after another."""
    stage("source", lambda: sum(1 for _ in folder_sources(folder)))
    loaded = stage("documents", lambda: load(folder_sources(folder), today()))
    # Checks alone are what is left of loading when every document is known already.
    stage("checks", lambda: load(folder_sources(folder), today(), like=loaded))
    stage.without("checks", "source")
    stage.without("documents", "source", "checks")
    return loaded


def peak() -> int:
    """The most memory that this process had so far, in MiB."""
    return usage.getrusage(usage.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
