"""What a job of GitLab says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.forge import here
from reconciler.forge.gitlab.environment import project
from reconciler.forge.protocol import ForgeError

SAID = {
    "CI_PROJECT_PATH": "acme/mesh",
    "CI_PROJECT_URL": "https://gitlab.example/acme/mesh",
    "CI_API_V4_URL": "https://gitlab.example/api/v4",
    "CI_COMMIT_SHA": "a" * 40,
    "CI_JOB_ID": "12",
    "CI_JOB_URL": "https://gitlab.example/acme/mesh/-/jobs/12",
    "CI_JOB_NAME": "apply",
    "CI_MERGE_REQUEST_IID": "7",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "topic",
    "GITLAB_USER_LOGIN": "ada",
    "GITLAB_TOKEN": "glpat-x",
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in SAID.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_job_knows_who_where_and_what(said: pytest.MonkeyPatch) -> None:
    job = here.job()
    assert (job.actor, job.commit, job.run, job.branch) == ("ada", "a" * 40, "12", "topic")
    assert job.files_url("b") == "https://gitlab.example/acme/mesh/-/blob/b"
    assert (project().number, project().organization, project().client.api) == (7, "acme", SAID["CI_API_V4_URL"])


def test_without_a_token_it_says_which_one(said: pytest.MonkeyPatch) -> None:
    said.delenv("GITLAB_TOKEN")
    said.setenv("CI_JOB_TOKEN", "glcbt-x")
    with pytest.raises(ForgeError, match="Set GITLAB_TOKEN"):
        here.forge()


@pytest.mark.parametrize(
    ("payload", "number"),
    [
        ({"object_kind": "issue", "object_attributes": {"iid": 5}}, 5),
        ({"object_kind": "note", "object_attributes": {"iid": 5}}, None),
        ({"object_kind": "issue", "object_attributes": {"iid": "x"}}, None),
        ([], None),
        (None, None),
    ],
)
def test_what_set_off_the_job_may_be_anything(
    said: pytest.MonkeyPatch, tmp_path: Path, payload: object, number: int | None
) -> None:
    (tmp_path / "payload").write_text(json.dumps(payload))
    said.setenv("TRIGGER_PAYLOAD", str(tmp_path / "payload"))
    assert project().issue_number == number
