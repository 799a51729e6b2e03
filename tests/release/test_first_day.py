"""From an empty machine to the first comment: the wheel, `init`, git, and the commands of the forge's own jobs.

Of this repository nothing is there but the wheel; the forge is its stand-in, AWS the sandbox of the installed Meshform.
"""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.forge.gitlab.standin import GitLab
from tests.forge.standin import GitHub
from tests.release.conftest import BIN, Machine, Release
from tests.release.runner import GitLabRunner, Runner
from tests.until import until

pytestmark = pytest.mark.release
KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
SUBSCRIPTION = "mesh/consumers/analytics/subscriptions/sales/orders/automatic/analytics-orders.yaml"


def git(machine: Machine, where: Path, *words: str) -> str:
    who = ("-c", "user.name=ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main")
    return machine.runs("git", *who, *words, where=where).strip()


@contextmanager
def served(machine: Machine, shop: Path, program: Path = BIN / "meshform") -> Iterator[str]:
    """The sandbox of a Meshform, with what the mesh needs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [program, "sandbox", "serve", "--port", str(port), "--mesh", "mesh"]
    process = subprocess.Popen([*map(str, words)], cwd=shop, env=machine.env, stdout=subprocess.DEVNULL)

    def answers() -> bool:
        assert process.poll() is None, "the sandbox has ended"
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(answers)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def made(machine: Machine, release: Release, *words: str) -> Path:
    """A repository by `init` of an installed wheel, committed; the install is all that was downloaded by hand."""
    place = machine.environment()
    machine.runs(BIN / "uv", "pip", "install", "--quiet", "--python", place / "python", release.wheel)
    said = machine.runs(place / "meshform", "init", "shop", "--organization", "acme", "--policies", "--yes", *words)
    assert "Say in requirements.txt" not in said, "it knows the wheel that it came from"
    shop = machine.home / "shop"
    assert (shop / "wheels" / release.wheel.name).read_bytes() == release.wheel.read_bytes()
    git(machine, shop, "init", "--quiet")
    git(machine, shop, "add", "--all")
    git(machine, shop, "commit", "--quiet", "--message", "The mesh")
    return shop


def asked(machine: Machine, shop: Path) -> str:
    """The last commit of a branch `more` that asks for more."""
    document = shop / SUBSCRIPTION
    wider = document.parent.parent / document.name
    git(machine, shop, "switch", "--quiet", "--create", "more")
    text = document.read_text(encoding="utf-8").replace("[internal]", "[internal, confidential]")
    document.unlink()
    wider.write_text(text, encoding="utf-8")
    git(machine, shop, "add", "--all")
    git(machine, shop, "commit", "--quiet", "--message", "Ask for more")
    head = git(machine, shop, "rev-parse", "HEAD")
    git(machine, shop, "switch", "--quiet", "main")
    return head


def proposed(machine: Machine, shop: Path, github: GitHub) -> tuple[int, str, Path]:
    """A pull request that asks for more, as GitHub has it: its number, its merge commit, and a checkout of that."""
    head = asked(machine, shop)
    number = github.records.add_pull("more", head)
    checkout = machine.home / "work"
    git(machine, machine.home, "clone", "--quiet", str(shop), str(checkout))
    git(machine, checkout, "merge", "--quiet", "--no-ff", "--message", "Merge", "origin/more")
    return number, git(machine, checkout, "rev-parse", "HEAD"), checkout


def test_from_the_wheel_to_the_first_comment(machine: Machine, release: Release) -> None:
    shop = made(machine, release)
    with GitHub(repository="acme/shop", git=str(shop)).served() as github:
        number, commit, checkout = proposed(machine, shop, github)
        machine.runs("make", ".venv/.sandbox", where=shop)
        (machine.home / "event.json").write_text(json.dumps({"pull_request": {"number": number}}))
        environment = {
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_API_URL": github.url,
            "GITHUB_SHA": commit,
            "GITHUB_RUN_ID": "1001",
            "GITHUB_ACTOR": "ada",
            "GITHUB_EVENT_PATH": str(machine.home / "event.json"),
            "GITHUB_STEP_SUMMARY": str(machine.home / "summary.md"),
            "GITHUB_WORKFLOW_REF": "acme/shop/.github/workflows/plan.yml@refs/pull/1/merge",
        }
        values = {
            "github.token": github.token,
            "github.event.pull_request.number": str(number),
            "vars.MESHFORM_PLAN_ROLE": "arn:aws:iam::111111111111:role/plan",
            "vars.MESHFORM_REGION": "eu-west-1",
        }
        with served(machine, shop, shop / ".venv/bin/meshform") as url:
            runner = Runner(machine, checkout, values, environment, {**KEYS, "AWS_ENDPOINT_URL": url})
            runner.plays("validate.yml")
            runner.plays("plan.yml")
    (comment,) = [each["body"] for each in github.records.comments_of(str(number))]
    assert "sales-stewards must approve that." in comment
    assert "confidential" in comment
    plan = json.loads(runner.kept[f"meshform-plan-{number}"].read_text(encoding="utf-8"))
    assert plan["digest"] in comment
    assert json.loads(runner.kept["sarif"].read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert release.commit in machine.runs(checkout / ".venv/bin/meshform", "--version")


def test_from_the_wheel_to_what_is_applied_at_gitlab(machine: Machine, release: Release) -> None:
    """The jobs of its own pipeline, line by line in one shell, as a runner does: checked, noted, approved, merged,
    applied. Nobody here asks for GitLab's token for AWS, which is a file."""
    shop = made(machine, release, "--forge", "gitlab")
    git(machine, shop, "config", "receive.denyCurrentBranch", "ignore")
    with GitLab(repository="acme/shop", git=str(shop)).served() as gitlab, served(machine, shop) as url:
        records = gitlab.records
        records.join("acme/sales-stewards", "ines")
        gitlab.readable = {"acme/sales-stewards"}
        aws = {**KEYS, "AWS_ENDPOINT_URL": url}
        # The first apply is a person's: what nobody has asked for by a merge request is not for the job.
        machine.runs(BIN / "meshform", "apply", "--auto-approve", where=shop, **aws)
        head = asked(machine, shop)
        number = records.add("more", head)
        records.pushed("more", head, "ada", action="created")
        git(machine, shop, "update-ref", f"refs/merge-requests/{number}/head", head)
        runner = GitLabRunner(machine, shop, gitlab, aws)
        runner.plays("validate", head)
        place = runner.plays("plan", head, CI_MERGE_REQUEST_IID=str(number), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main")
        (note,) = [each["body"] for each in records.notes_of(str(number))]
        assert "sales-stewards must approve that." in note
        plan = json.loads((place / "plan.json").read_text(encoding="utf-8"))
        assert plan["digest"] in note
        assert (place / "comment.md").is_file()
        records.planned(number, plan)
        records.approve(number, "ines")
        git(machine, shop, "merge", "--quiet", "--no-ff", "--message", "Merge", "more")
        merged = git(machine, shop, "rev-parse", "HEAD")
        records.merge(number, merged)
        runner.plays("apply", merged, CI_ENVIRONMENT_NAME="production")
        (note,) = [each["body"] for each in records.notes_of(str(number))]
        assert "pplied" in note
    assert (machine.home / "token").stat().st_mode & 0o077 == 0
