"""The demo: from YAML to a clean second plan, a query, a drift and a pull request, on the simulated AWS."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from reconciler import pipeline
from reconciler.aws.sessions import Sessions
from reconciler.demo import analyst
from reconciler.errors import MeshformError, Refused
from reconciler.plan.review import Review
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from reconciler.report.outline import counted, counted_done
from reconciler.report.table import WIDE
from reconciler.report.text import first_screen_text
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh

Tell = Callable[[str], None]
INDENT = 3
"""Blanks before each line that the story says."""
SUBSCRIPTION = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


def play(aws: Sandbox, folder: Path, title: Tell, say: Tell) -> None:
    """Play the story in the accounts of `aws` with the mesh in `folder`. Raises MeshformError where it goes wrong."""
    title("1. Validate: the mesh is checked before AWS is asked")
    mesh = _mesh(folder, say)
    say(f"{len(mesh.products)} products of {len(mesh.domains)} domains in {len(mesh.accounts)} accounts are valid.")

    title("2. Plan: from empty accounts")
    sessions = pipeline.sessions_for(mesh, writes=True)
    reviewed = _review(mesh, sessions)
    _tell_access(reviewed, say)
    assert reviewed.plan is not None
    say(f"For that: {counted(step.change for step in reviewed.plan.steps)}.")

    title("3. Apply: one plan over all accounts")
    _apply(reviewed, sessions, say)

    title("4. Plan again: nothing is left to do")
    again = _review(mesh, sessions)
    assert again.plan is not None
    if not again.plan.is_empty:
        raise MeshformError("The second plan is not empty: " + counted(step.change for step in again.plan.steps))
    say("No changes. AWS is as the mesh says.")

    title("5. Use: the data scientist reads what he may, through the link, with Athena")
    analyst.deliver(aws, mesh)
    analyst.read(aws, mesh, say)

    title("6. Drift: somebody grants by hand")
    analyst.grant_by_hand(aws, mesh, say)
    drifted = _review(mesh, sessions)
    _lines(drift_text(Drift(drifted)), say)
    say("Repairing it:")
    _apply(drifted, sessions, say)

    title("7. Pull request: one more value in a clearance")
    with tempfile.TemporaryDirectory(prefix="meshform-demo-") as scratch:
        _pull_request(folder, Path(scratch), sessions, say)


def _mesh(folder: Path, say: Tell) -> Mesh:
    loaded = pipeline.load_folder(str(folder))
    for finding in loaded.findings:
        say(str(finding))
    if loaded.mesh is None:
        raise MeshformError(f"The mesh in {folder} is not valid.")
    return loaded.mesh


def _review(mesh: Mesh, sessions: Sessions) -> Review:
    return pipeline.review(mesh, observation=pipeline.look(mesh, sessions))


def _apply(reviewed: Review, sessions: Sessions, say: Tell) -> None:
    run = pipeline.apply_reviewed(reviewed, sessions)
    for outcome in run.failed:
        say(f"{outcome.result}: {outcome.step.address}: {outcome.message}")
    if run.failed:
        raise MeshformError("The demo could not be applied as a whole.")
    say(f"Done: {counted_done(outcome.step.change for outcome in run.outcomes)}.")


def _tell_access(reviewed: Review, say: Tell) -> None:
    _lines(first_screen_text(reviewed, shutil.get_terminal_size((WIDE, 0)).columns - INDENT), say)


def _lines(lines: Iterable[str], say: Tell) -> None:
    for line in lines:
        say(line)


def _pull_request(folder: Path, scratch: Path, sessions: Sessions, say: Tell) -> None:
    """Widen a clearance on a branch, and see what it would open and what stops it."""
    repository = scratch / "mesh-repository"
    shutil.copytree(folder, repository / "mesh")
    _git(repository, "init", "--quiet", "--initial-branch=main")
    _git(repository, "add", ".")
    _git(repository, "commit", "--quiet", "--message", "The mesh")
    path = repository / "mesh" / SUBSCRIPTION
    before = path.read_text(encoding="utf-8")
    after = before.replace("[internal, confidential]", "[internal, confidential, restricted]")
    if after == before:
        raise MeshformError(f"The demo widens the clearance in {SUBSCRIPTION}, but does not find it there.")
    path.write_text(after, encoding="utf-8")
    say(f"{SUBSCRIPTION}: [internal, confidential] becomes [internal, confidential, restricted].")
    mesh = _mesh(repository / "mesh", say)
    base = pipeline.load_commit(str(repository / "mesh"), "main").mesh
    reviewed = pipeline.review(mesh, observation=pipeline.look(mesh, sessions), base=base, base_name="main")
    _tell_access(reviewed, say)
    try:
        pipeline.apply_reviewed(reviewed, sessions)
    except Refused as refusal:
        _lines(str(refusal).splitlines(), say)
        return
    raise MeshformError("Restricted columns were opened without anybody's word.")


def _git(repository: Path, *arguments: str) -> None:
    repository.mkdir(parents=True, exist_ok=True)
    who = ["-c", "user.name=demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(repository), *who, *arguments], check=True, capture_output=True)
