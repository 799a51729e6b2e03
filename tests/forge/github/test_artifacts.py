"""Which artifact is the plan that was reviewed: that of a run of the plan workflow for the very pull request."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.forge.github.artifacts import artifact_name, reviewed_plan
from reconciler.forge.github.client import Client, Row
from reconciler.forge.protocol import PullRequest

HEAD = "a" * 40
PULL = PullRequest(5, HEAD, "main", False, True, "u", "mallory", "feature")
OURS = {
    "path": ".github/workflows/plan.yml",
    "event": "pull_request",
    "head_sha": HEAD,
    "head_branch": "feature",
    "head_repository": 7,
    "pull_requests": None,
}
OTHERS = {
    "path": [".github/workflows/evil.yml", ".github/workflows/evil-plan.yml", "dynamic/plan.yml/x"],
    "event": ["push", "workflow_dispatch", "pull_request_target", "schedule"],
    "head_sha": ["b" * 40],
    "head_branch": ["other", "main"],
    "head_repository": [666, None],
    "pull_requests": [[(5, "release")], [(6, "main")], [(6, "main"), (7, "release")]],
}
LISTED = st.sampled_from([None, [], [(5, "main")], [(6, "release"), (5, "main")]])


class Served:
    """What GitHub tells of runs and artifacts. It hands out more than is asked for: nothing hangs on its filters."""

    def __init__(self, runs: list[dict[str, Any]]) -> None:
        self.runs = [{**run, "id": number} for number, run in enumerate(runs, 1)]

    def pages(self, path: str, items: str | None = None, **_: object) -> Iterator[Row]:
        if path == "/actions/artifacts":
            assert items == "artifacts"
            yield from (self._artifact(run) for run in self.runs)
        else:
            assert (path, items) == ("/actions/workflows/plan.yml/runs", "workflow_runs")
            yield from (self._run(run) for run in self.runs)

    def download(self, path: str, most: int) -> bytes:
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as archive:
            archive.writestr("plan.json", json.dumps({"by": int(path.split("/")[3])}))
        return memory.getvalue()

    def _artifact(self, run: dict[str, Any]) -> Row:
        told = {"id": run["id"], "repository_id": 7, "head_repository_id": run["head_repository"]}
        told |= {"head_branch": run["head_branch"], "head_sha": run["head_sha"]}
        created = f"2026-11-22T10:00:{run['id']:02}Z"
        return {
            "id": run["id"],
            "name": artifact_name(5),
            "created_at": created,
            "expired": False,
            "workflow_run": told,
        }

    def _run(self, run: dict[str, Any]) -> Row:
        home = run["head_repository"]
        listed = run["pull_requests"]
        return {
            **run,
            "repository": {"id": 7},
            "head_repository": {"id": home} if home is not None else None,
            "pull_requests": listed and [{"number": number, "base": {"ref": base}} for number, base in listed],
        }


@settings(max_examples=120, deadline=None)
@given(st.data(), st.integers(0, 3), st.integers(0, 3))
def test_only_the_plan_workflow_for_this_pull_request_leaves_the_reviewed_plan(
    data: st.DataObject, before: int, after: int
) -> None:
    """Whoever may push a branch can put a workflow there, and open another pull request from it: each forged run
    differs from a genuine one in some way."""

    def forged() -> dict[str, Any]:
        wrong = data.draw(st.sets(st.sampled_from(sorted(OTHERS)), min_size=1))
        return {**OURS, **{key: data.draw(st.sampled_from(OTHERS[key])) for key in wrong}}

    is_there = data.draw(st.booleans())
    genuine = [{**OURS, "pull_requests": data.draw(LISTED)}] if is_there else []
    runs = [*(forged() for _ in range(before)), *genuine, *(forged() for _ in range(after))]
    found = reviewed_plan(cast("Client", Served(runs)), PULL)
    assert found == ({"by": before + 1, "pull_request": 5} if is_there else None)
