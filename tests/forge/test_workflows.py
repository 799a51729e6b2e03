"""Workflows: least permissions, pinned actions, no text of others in a shell, nothing that a laptop cannot run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.cli import cli
from reconciler.cli.lazy import LazyGroup
from tests.estate import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
OWN = [file for file in FILES if file.name != "ci.yml"]
EVERY = [*FILES, ROOT / "action.yml"]
ID = [file.name for file in FILES]
_COMMAND = re.compile(
    r"\.venv/bin/meshform (?P<name>[a-z]+)( [A-Za-z0-9^_./> -]+)?|make [a-z-]+|\.ci/run|gh release create .+"
    r'|aws s3 sync site "s3://\$BUCKET" --delete --only-show-errors'
)


def content(file: Path) -> dict[str, Any]:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def jobs(file: Path) -> list[dict[str, Any]]:
    return list(content(file)["jobs"].values())


def steps(file: Path) -> list[dict[str, Any]]:
    data = content(file)
    if "runs" in data:
        return list(data["runs"]["steps"])
    return [step for job in data["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", FILES, ids=ID)
def test_every_step_is_a_command_that_runs_on_a_laptop(file: Path) -> None:
    assert isinstance(cli, LazyGroup)
    for step in steps(file):
        if "run" in step:
            found = _COMMAND.fullmatch(step["run"])
            assert found, step["run"]
            if found["name"]:
                assert cli.get_command(None, found["name"]) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize("file", EVERY, ids=[file.name for file in EVERY])
def test_no_expression_is_put_into_a_shell(file: Path) -> None:
    for step in steps(file):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("file", EVERY, ids=[file.name for file in EVERY])
def test_every_action_is_pinned_by_the_hash_of_a_commit(file: Path) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        if re.match(r"\s*(- )?uses:", line):
            assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("file", FILES, ids=ID)
def test_permissions_begin_with_none_and_each_says_what_for(file: Path) -> None:
    assert content(file)["permissions"] == {}
    text = file.read_text(encoding="utf-8")
    for job in jobs(file):
        for permission, level in job["permissions"].items():
            assert re.search(rf"{permission}: {level} # to ", text), permission
        assert job["timeout-minutes"] <= 60


@pytest.mark.parametrize("file", FILES, ids=ID)
def test_a_checkout_keeps_no_token_and_never_takes_a_ref_from_an_event(file: Path) -> None:
    for step in steps(file):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
            assert "ref" not in step["with"]
    assert "pull_request_target" not in file.read_text(encoding="utf-8")


def test_only_the_three_roles_are_assumed_and_only_where_they_belong() -> None:
    roles: dict[str, list[str]] = {}
    for file in FILES:
        for job in jobs(file):
            for step in job["steps"]:
                role = step.get("with", {}).get("role-to-assume")
                if role:
                    roles.setdefault(file.name, []).append(role.strip("${} ").removeprefix("vars.MESHFORM_"))
                    assert job["permissions"]["id-token"] == "write"
    assert roles == {
        "apply.yml": ["APPLY_ROLE"],
        "catalog.yml": ["PLAN_ROLE", "CATALOG_ROLE"],  # the second may write the bucket of the site, and nothing else
        # Trusted on the main branch alone; by the other one where it is not deployed yet.
        "drift.yml": ["KEEP_ROLE || vars.MESHFORM_PLAN_ROLE"],
        "plan.yml": ["PLAN_ROLE"],
        "watch.yml": ["PLAN_ROLE"],
    }
    (apply,) = jobs(ROOT / ".github" / "workflows" / "apply.yml")
    assert apply["environment"] == "production"
    assert "github.ref == 'refs/heads/main'" in apply["if"]


def test_a_fork_gets_no_role_and_no_writing_token_in_its_own_run() -> None:
    (plan,) = jobs(ROOT / ".github" / "workflows" / "plan.yml")
    assert "head.repo.full_name == github.repository" in plan["if"]
    validate, scan = jobs(ROOT / ".github" / "workflows" / "validate.yml")
    assert validate["permissions"] == {"contents": "read"}
    assert "head.repo.full_name == github.repository" in scan["if"]


def test_two_runs_of_apply_never_run_at_once_and_none_is_cut_off() -> None:
    assert content(ROOT / ".github" / "workflows" / "apply.yml")["concurrency"] == {
        "group": "apply",
        "cancel-in-progress": False,
    }


def test_required_checks_report_in_a_merge_queue() -> None:
    for name in ("plan.yml", "validate.yml"):
        assert "merge_group" in content(ROOT / ".github" / "workflows" / name)[True]  # YAML 1.1 reads `on` as true


def test_accepted_gates_stand_before_those_who_approve_the_environment() -> None:
    assert "inputs.accept" in content(ROOT / ".github" / "workflows" / "apply.yml")["run-name"]


def test_the_strictest_linter_is_content_with_one_reasoned_exception() -> None:
    binary = str(Path(sys.executable).parent / "zizmor")
    arguments = ["--offline", "--persona=auditor", "--no-exit-codes", "--format=json", "."]
    done = subprocess.run([binary, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)
    assert [each["ident"] for each in findings if not each["ignored"]] == []
    assert [each["ident"] for each in findings] == ["dangerous-triggers"] * len(findings)
    ignored = [line for file in EVERY for line in file.read_text().splitlines() if "zizmor: ignore" in line]
    assert len(ignored) == 1


def test_actionlint_is_content() -> None:
    binary = str(Path(sys.executable).parent / "actionlint")
    done = subprocess.run([binary, *map(str, FILES)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
