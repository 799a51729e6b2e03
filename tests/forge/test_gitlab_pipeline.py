"""The pipeline of `init --forge gitlab`: GitLab's schema, pinned, roles and tokens where they belong, merge trains, and
commands that a laptop can run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from reconciler.cli import cli
from reconciler.cli.lazy import LazyGroup
from tests.estate import ROOT
from tests.forge.gitlab.rules import holds

FILE = ROOT / "reconciler" / "scaffold" / "files" / "gitlab" / "gitlab-ci.yml"
PIPELINE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
JOBS = {name: job for name, job in PIPELINE.items() if isinstance(job, dict) and "script" in job}
SET_UP = {
    "CI_PROJECT_ID": "7",
    "CI_DEFAULT_BRANCH": "main",
    "MESHFORM_PLAN_ROLE": "arn:plan",
    "MESHFORM_APPLY_ROLE": "arn:apply",
    "MESHFORM_EXPIRE": "true",
    "MESHFORM_EVENTS": "queue",
    "MESHFORM_CATALOG": "pages",
    "MESHFORM_REQUESTS": "true",
}
MAIN = {**SET_UP, "CI_COMMIT_BRANCH": "main"}
MERGE_REQUEST = {
    **SET_UP,
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7",
}


def jobs(variables: dict[str, str]) -> set[str]:
    """Those of a pipeline; none where there is no pipeline."""
    if not holds(PIPELINE["workflow"]["rules"], variables):
        return set()
    return {name for name, job in JOBS.items() if holds(job["rules"], variables)}


def test_gitlabs_own_schema_is_content() -> None:
    """app/assets/javascripts/editor/schema/ci.json of gitlab-org/gitlab, as check-jsonschema brings it."""
    binary = str(Path(sys.executable).parent / "check-jsonschema")
    arguments = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", str(FILE)]
    done = subprocess.run([binary, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_image_is_pinned_by_digest_and_is_that_of_the_container() -> None:
    image = PIPELINE["default"]["image"]
    assert re.fullmatch(r"docker\.io/library/python:[\w.-]+@sha256:[0-9a-f]{64}", image)
    assert f"FROM {image}" in (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert not any(key in job for job in (PIPELINE, *JOBS.values()) for key in ("image", "include", "services"))


@pytest.mark.parametrize("name", JOBS)
def test_every_command_of_meshform_is_there_with_its_options(name: str) -> None:
    here = click.Context(cli)
    assert isinstance(cli, LazyGroup)
    lines = [*JOBS[name]["script"], *JOBS[name].get("after_script", ())]
    said = [found for line in lines if (found := re.search(r"\.venv/bin/meshform ([a-z]+)(?: ([a-z]+))?(.*)", line))]
    assert said
    for found in said:
        command = cli.get_command(here, found[1])
        if found[1] in ("policy", "catalog"):
            assert isinstance(command, click.Group)
            command = command.get_command(here, found[2])
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", found[0])) <= known


def test_only_apply_has_its_role_on_the_main_branch_in_the_environment_and_never_two_at_once() -> None:
    shared = PIPELINE[".aws"]["variables"]["AWS_ROLE_ARN"]
    roles = {
        name: job.get("variables", {}).get("AWS_ROLE_ARN", shared) for name, job in JOBS.items() if "extends" in job
    }
    assert {name for name, role in roles.items() if role == "$MESHFORM_APPLY_ROLE"} == {"apply"}
    assert set(roles.values()) == {"$MESHFORM_PLAN_ROLE", "$MESHFORM_APPLY_ROLE"}
    first, then = JOBS["drift"]["rules"]
    assert first["variables"] == {"AWS_ROLE_ARN": "$MESHFORM_KEEP_ROLE"}
    assert "variables" not in then
    keeping = {name for name, job in JOBS.items() if "$MESHFORM_KEEP_ROLE" in str(job)}
    assert (
        keeping == {"drift"} == {name for name, job in JOBS.items() if any("--keep" in line for line in job["script"])}
    )
    # Of a pipeline of the main branch alone; no other lets the role in (tests/bootstrap/test_trust.py).
    assert "drift" in jobs(
        {**MAIN, "CI_PIPELINE_SOURCE": "schedule", "MESHFORM_PLAN_ROLE": "", "MESHFORM_KEEP_ROLE": "arn"}
    )
    assert not {"drift"} & jobs({**MERGE_REQUEST, "MESHFORM_KEEP_ROLE": "arn"})
    apply = JOBS["apply"]
    assert (apply["environment"], apply["resource_group"]) == ("production", "apply")
    assert PIPELINE["default"]["interruptible"] is False
    assert not any("environment" in job for name, job in JOBS.items() if name != "apply")


def test_what_a_branch_may_run_has_no_token_that_may_push() -> None:
    """Whoever may push a branch sees the variables of its jobs: with such a token he would propose as the bot, and
    approve that."""
    tokens = {name: job.get("variables", {}).get("GITLAB_TOKEN") for name, job in JOBS.items()}
    writers = {name for name, token in tokens.items() if token == "$MESHFORM_PROPOSE_TOKEN"}
    assert writers == {"expire", "request"}
    assert tokens["plan"] == tokens["apply"] == "$MESHFORM_TOKEN"
    assert tokens["validate"] is None
    assert not writers & (jobs(MERGE_REQUEST) | jobs({**MAIN, "CI_PIPELINE_SOURCE": "push"}))


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        (MERGE_REQUEST, {"validate", "plan"}),
        ({**MERGE_REQUEST, "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"}, {"validate", "plan"}),
        ({**MERGE_REQUEST, "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train"}, {"validate"}),
        ({**MERGE_REQUEST, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "666"}, {"validate"}),
        ({**MERGE_REQUEST, "MESHFORM_PLAN_ROLE": ""}, {"validate"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "push"}, {"validate", "apply"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "web"}, {"apply"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "api"}, set()),
        ({**MAIN, "CI_PIPELINE_SOURCE": "schedule"}, {"drift", "expire", "pages"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "schedule", "CI_PIPELINE_SCHEDULE_DESCRIPTION": "watch"}, {"watch"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "trigger"}, {"request"}),
        ({**MAIN, "CI_COMMIT_BRANCH": "topic", "CI_PIPELINE_SOURCE": "push"}, set()),
        ({**MAIN, "CI_COMMIT_BRANCH": "topic", "CI_PIPELINE_SOURCE": "web"}, set()),
        ({**SET_UP, "CI_COMMIT_TAG": "main", "CI_PIPELINE_SOURCE": "push"}, set()),
        ({"CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BRANCH": "main", "CI_PIPELINE_SOURCE": "push"}, {"validate"}),
    ],
)
def test_each_pipeline_has_the_jobs_that_belong_to_it(variables: dict[str, str], found: set[str]) -> None:
    assert jobs(variables) == found


def test_no_name_that_others_choose_stands_bare_in_a_shell() -> None:
    for job in (PIPELINE["default"], *JOBS.values()):
        for line in (*job.get("script", ()), *job.get("before_script", ()), *job.get("after_script", ())):
            bare = re.sub(r'"[^"]*"', "", line)
            assert "$" not in bare, line


def test_every_job_ends() -> None:
    limits = [PIPELINE["default"]["timeout"], *(job["timeout"] for job in JOBS.values() if "timeout" in job)]
    assert all(re.fullmatch(r"\d\d minutes", each) and int(each[:2]) <= 60 for each in limits)
