"""The pipeline for GitLab: pinned, roles where they belong, and commands that a laptop can run."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from reconciler.cli import cli
from reconciler.cli.lazy import LazyGroup
from tests.estate import ROOT

PIPELINE: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "gitlab-ci.yml").read_text(encoding="utf-8"))
JOBS = {name: job for name, job in PIPELINE.items() if isinstance(job, dict) and "script" in job}


def test_its_image_is_pinned_by_digest_and_is_that_of_the_container() -> None:
    image = PIPELINE["default"]["image"]
    assert re.fullmatch(r"docker\.io/library/python:[\w.-]+@sha256:[0-9a-f]{64}", image)
    assert f"FROM {image}" in (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert not any("image" in job or "include" in job for job in JOBS.values())


@pytest.mark.parametrize("name", JOBS)
def test_every_command_of_meshform_is_there(name: str) -> None:
    assert isinstance(cli, LazyGroup)
    said = [re.search(r"\.venv/bin/meshform ([a-z]+)(.*)", line) for line in JOBS[name]["script"]]
    (found,) = [each for each in said if each]
    command = cli.get_command(None, found[1])  # type: ignore[arg-type]
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", found[2])) <= known


def test_only_apply_has_its_role_on_the_main_branch_by_hand_in_the_environment() -> None:
    roles = {name: job.get("variables", PIPELINE[".aws"]["variables"])["AWS_ROLE_ARN"] for name, job in JOBS.items()}
    assert roles == {"change": "$MESHFORM_PLAN_ROLE", "drift": "$MESHFORM_PLAN_ROLE", "apply": "$MESHFORM_APPLY_ROLE"}
    (rule,) = JOBS["apply"]["rules"]
    assert "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in rule["if"]
    assert rule["when"] == "manual"
    apply = JOBS["apply"]
    assert (apply["environment"], apply["resource_group"], apply["interruptible"]) == ("production", "apply", False)


def test_no_name_that_others_choose_stands_bare_in_a_shell() -> None:
    for job in (PIPELINE["default"], *JOBS.values()):
        for line in (*job.get("script", ()), *job.get("before_script", ())):
            bare = re.sub(r'"[^"]*"', "", line)
            assert "$" not in bare, line
