"""The comparable scenario: what plan and apply of a mesh ask of AWS, and how long they take when AWS is 50 ms away.

    python -m bench.comparable

Writes docs/performance/comparable.json and a plot of it; takes about ten minutes, most of them for the first apply.
1,000 tables in 20 databases, tagged, with about 1,000 permissions, over a central account, 5 producers and 20
consumers, in a sandbox in a process of its own. Beside each number of calls stands the floor (bench/floor.py).
`seconds` are of the library in this process, and `cpu_seconds` what that worked itself, which says more on a busy
machine; `command` is `meshform plan` as a whole process, start-up included.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench import floor
from bench.bars import bars
from bench.counting import Calls, answers_for, of_writes
from bench.machine import commit, machine
from bench.meshes import COMPARABLE, write
from bench.served import Served, served
from bench.timed import MESHFORM, timed
from reconciler import pipeline
from reconciler.kinds import addresses
from reconciler.model.outcome import Outcome
from reconciler.plan.gates import gates
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh

LATENCY_MS = 50
PLANS = 5
THROTTLED = 0.3
RESULTS = Path("docs/performance")


def main() -> None:
    around = machine()
    with tempfile.TemporaryDirectory(prefix="meshform-comparable-") as folder, served(LATENCY_MS) as aws:
        results = measured(aws, Path(folder) / "mesh")
    whole = {
        "command": "python -m bench.comparable",
        "commit": commit(),
        **around,
        "latency_ms": LATENCY_MS,
        **results,
    }
    text = json.dumps(whole, indent=2) + "\n"
    print(text)
    (RESULTS / "comparable.json").write_text(text, encoding="utf-8")
    (RESULTS / "comparable.svg").write_text(plot(results), encoding="utf-8")


def measured(aws: Served, folder: Path) -> dict[str, Any]:
    """Everything, one after the other, in one sandbox."""
    write(COMPARABLE, folder)
    mesh = _mesh(folder)
    review, _ = planned(aws, mesh)
    first = applied(aws, mesh, review)
    empty = [planned(aws, mesh) for _ in range(PLANS)]
    for review, _ in empty:
        assert review.plan is not None
        assert review.plan.is_empty, "the first apply left something undone"
        assert review.plan.is_complete
    commands = [timed((MESHFORM, "plan", "--mesh", str(folder), "--quiet")).as_json() for _ in range(PLANS)]
    _widen(folder, range(2))
    few_mesh = _mesh(folder)
    few, planning = planned(aws, few_mesh)
    assert few.plan is not None
    partial = partly_planned(aws, mesh, few_mesh, few)
    changes = sum(step.address.kind == addresses.GRANT for step in few.plan.steps)
    applying = applied(aws, few_mesh, few)
    return {
        "mesh": _size(mesh, empty[0][0]),
        "first apply": first,
        "no-op plan": {**empty[0][1], **_of_runs([numbers for _, numbers in empty])},
        "no-op plan as a command": _of_runs(commands),
        "plan of few changed grants": {"grant_steps": changes, **planning},
        "plan of few changed grants, --changed-since": {"grant_steps": changes, **partial},
        "apply of few changed grants": {"grant_steps": changes, **applying},
        "throttled account": throttled(aws, folder),
    }


def planned(aws: Served, mesh: Mesh) -> tuple[Review, dict[str, Any]]:
    """A review as a new run of plan makes it, and its calls."""
    aws.forget()
    began, worked = time.perf_counter(), time.process_time()
    sessions = pipeline.sessions_for(mesh, writes=True)
    review = pipeline.review(mesh, observation=pipeline.look(mesh, sessions))
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    assert review.observation is not None
    calls, unavoidable = aws.calls(), floor.reads(mesh, review.observation.found)
    return review, {
        "calls": calls.total(),
        "floor": unavoidable.total(),
        "ratio": round(calls.total() / unavoidable.total(), 3),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(work, 2),
        "load": machine()["load"],
        "calls_by_what_they_answer": dict(answers_for(calls)),
        "calls_by_operation": _rows(calls, unavoidable),
    }


def partly_planned(aws: Served, base: Mesh, mesh: Mesh, whole: Review) -> dict[str, Any]:
    """The same review from what the change can touch, and its calls."""
    aws.forget()
    began = time.perf_counter()
    read_scope = pipeline.changed_since("the state before", base, mesh)
    assert read_scope is not None, "that would be everything"
    review = pipeline.review(
        mesh, observation=pipeline.look(mesh, pipeline.sessions_for(mesh, writes=True), read_scope=read_scope)
    )
    seconds = time.perf_counter() - began
    assert review.plan is not None
    assert whole.plan is not None
    assert [step.digest for step in review.plan.steps] == [step.digest for step in whole.plan.steps]
    calls = aws.calls()
    return {"calls": calls.total(), "seconds": round(seconds, 2), "calls_by_operation": dict(sorted(calls.items()))}


def applied(aws: Served, mesh: Mesh, review: Review) -> dict[str, Any]:
    """Carrying out a review as apply does after it has read, and its calls."""
    assert review.plan is not None
    aws.forget()
    ends: dict[str, float] = {}
    began, worked = time.perf_counter(), time.process_time()

    def progress(outcome: Outcome) -> None:
        ends[outcome.step.address.placement.account] = time.perf_counter() - began

    sessions = pipeline.sessions_for(mesh, writes=True)
    run = pipeline.apply_reviewed(review, sessions, accepted=every_rule(), progress=progress)
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    assert not run.failed, run.failed[:3]
    calls, unavoidable = aws.calls(), floor.writes(review.plan)
    writes = of_writes(calls)
    return {
        "steps": len(list(review.plan.steps)),
        "writes": writes.total(),
        "floor": unavoidable.total(),
        "ratio": round(writes.total() / unavoidable.total(), 3),
        "calls": calls.total(),
        "retried": round(aws.refused() / writes.total(), 4),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(work, 2),
        "load": machine()["load"],
        "retries": {placement.account: pace.retries for (placement, _), pace in sessions.paces.items() if pace.retries},
        "seconds_by_account": {account: round(end, 2) for account, end in sorted(ends.items())},
        "writes_by_operation": _rows(writes, unavoidable),
    }


def throttled(aws: Served, folder: Path) -> dict[str, Any]:
    """Every clearance is widened, once while one consumer is throttled and once while nobody is."""
    account = _mesh(folder).accounts["consumer-0"].id
    runs: dict[str, Any] = {}
    for name, share in (("throttled", THROTTLED), ("undisturbed", 0.0)):
        for back in (True, False):
            _widen(folder, range(COMPARABLE.subscriptions), back=back)
            mesh = _mesh(folder)
            review, _ = planned(aws, mesh)
            if back:
                applied(aws, mesh, review)
        if share:
            aws.fault(account=account, error="ThrottlingException", share=share, times=None)
        numbers = applied(aws, mesh, review)
        aws.heal()
        left, _ = planned(aws, mesh)
        assert left.plan is not None
        assert left.plan.is_empty, "something was lost"
        ends = numbers["seconds_by_account"]
        runs[name] = {
            **{key: numbers[key] for key in ("steps", "writes", "calls", "seconds", "retries")},
            "this_account_seconds": ends[account],
            "other_consumers_seconds": max(end for other, end in ends.items() if other in _consumers(mesh) - {account}),
            "steps_left": len(list(left.plan.steps)),
        }
    return {"account": account, "share": THROTTLED, **runs}


def plot(results: dict[str, Any]) -> str:
    """Calls of each thing to do, beside the floor."""
    rows = [
        ("no-op plan: calls", results["no-op plan"]["calls"], results["no-op plan"]["floor"]),
        ("first apply: writes", results["first apply"]["writes"], results["first apply"]["floor"]),
        (
            "few changed grants: writes",
            results["apply of few changed grants"]["writes"],
            results["apply of few changed grants"]["floor"],
        ),
    ]
    return bars("Calls of the comparable scenario, and what the API makes unavoidable", ("Meshform", "floor"), rows)


def _mesh(folder: Path) -> Mesh:
    loaded = pipeline.load_folder(str(folder))
    assert loaded.mesh is not None, loaded.findings
    return loaded.mesh


def _widen(folder: Path, numbers: Iterable[int], *, back: bool = False) -> None:
    """Give subscriptions another clearance; the text is as bench/meshes.py writes it."""
    old, new = ("[internal, public]", "[internal]") if back else ("[internal]", "[internal, public]")
    for number in numbers:
        (file,) = folder.glob(f"consumers/*/subscriptions/subscription-{number}.yaml")
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _consumers(mesh: Mesh) -> set[str]:
    return {account.id for name, account in mesh.accounts.items() if name.startswith("consumer-")}


def _of_runs(runs: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Seconds of several runs, in their order, and what the processor worked for each."""
    return {name: [run[name] for run in runs] for name in ("seconds", "cpu_seconds")}


def _size(mesh: Mesh, review: Review) -> dict[str, int]:
    kinds = {"databases": addresses.DATABASE, "tables": addresses.TABLE, "permissions": addresses.GRANT}
    numbers = {name: len(review.wanted.of_kind(kind)) for name, kind in kinds.items()}
    return {"accounts": len(mesh.accounts), **numbers, "resources": len(review.wanted)}


def _rows(calls: Calls, unavoidable: Counter[str]) -> dict[str, list[int]]:
    """Calls and floor by service and operation."""
    return {name: [calls[name], unavoidable[name]] for name in sorted(calls | unavoidable)}


def every_rule() -> Iterator[str]:
    """The ids of all gates: nobody is there to accept them one by one."""
    return (gate.__module__.rpartition(".")[2].replace("_", "-") for gate in gates())


if __name__ == "__main__":
    main()
