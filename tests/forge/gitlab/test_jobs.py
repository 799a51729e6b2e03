"""Which commits were applied, and the plans that were reviewed: nothing that a branch could have made counts."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.jobs import applied, reviewed_plan
from reconciler.forge.gitlab.merge_requests import merge_request
from reconciler.forge.protocol import ForgeError
from tests.forge.gitlab.records import FORK
from tests.forge.gitlab.standin import GitLab

HEAD, OLD = "a" * 40, "b" * 40


def done(client: Client, branch: str = "main") -> tuple[str, ...]:
    return applied(client, "apply", "production", [HEAD, OLD], branch)


@pytest.mark.parametrize(
    "how",
    [
        {"status": "failed"},
        {"ref": "topic"},
        {"tag": True},
        {"source": "merge_request_event"},
        {"source": "parent_pipeline"},
        {"source": "schedule"},
        {"source": "external"},
    ],
)
def test_only_a_success_of_the_job_on_the_branch_itself_counts(
    gitlab: GitLab, client: Client, how: dict[str, Any]
) -> None:
    gitlab.records.ran("apply", HEAD, **how)
    gitlab.records.ran("other", HEAD)
    assert done(client) == ()
    gitlab.records.ran("apply", OLD, source="web")
    assert done(client) == (OLD,)
    assert done(client, "topic") == ((HEAD,) if how == {"ref": "topic"} else ())


def test_a_deployment_that_somebody_has_written_by_the_api_counts_for_nothing(gitlab: GitLab, client: Client) -> None:
    gitlab.records.ran("apply", HEAD)
    gitlab.records.deployments[0]["deployable"] = None
    assert done(client) == ()


def test_the_commit_is_the_jobs_whatever_the_deployment_says(gitlab: GitLab, client: Client) -> None:
    gitlab.records.ran("apply", OLD)
    gitlab.records.deployments[0]["sha"] = HEAD
    assert done(client) == (OLD,)


@pytest.mark.parametrize(("sha", "ref"), [("", "head"), ("c" * 40, "merge"), ("c" * 40, "train")])
def test_the_plan_of_the_head_or_of_what_merging_it_made_is_found(
    gitlab: GitLab, client: Client, sha: str, ref: str
) -> None:
    number = gitlab.records.add("topic", HEAD)
    gitlab.records.planned(number, {"digest": "old"}, sha=sha, ref=ref)
    gitlab.records.planned(number, {"digest": "new"}, sha=sha, ref=ref)
    assert reviewed_plan(client, merge_request(client, number)) == {"digest": "new", "pull_request": number}


@pytest.mark.parametrize(
    "how",
    [{"project": FORK}, {"ref": "x"}, {"name": "validate"}, {"source": "parent_pipeline"}, {"source": "push"}],
)
def test_what_others_have_kept_is_no_plan(gitlab: GitLab, client: Client, how: dict[str, Any]) -> None:
    number = gitlab.records.add("topic", HEAD)
    gitlab.records.planned(number, {"digest": "forged"}, **how)
    assert reviewed_plan(client, merge_request(client, number)) is None


def test_a_plan_of_another_commit_or_of_a_fork_or_kept_no_longer_is_none(gitlab: GitLab, client: Client) -> None:
    number = gitlab.records.add("topic", OLD)
    job = gitlab.records.planned(number, {"digest": "x"})
    gitlab.records.push(number, HEAD)
    assert reviewed_plan(client, merge_request(client, number)) is None
    gitlab.records.push(number, OLD)
    assert reviewed_plan(client, merge_request(client, number)) is not None
    del gitlab.records.kept[job]
    assert reviewed_plan(client, merge_request(client, number)) is None
    fork = gitlab.records.add("topic", HEAD, fork=True)
    gitlab.records.planned(fork, {"digest": "x"})
    assert reviewed_plan(client, merge_request(client, fork)) is None


@pytest.mark.parametrize("content", [b"no JSON", b"[]"])
def test_what_is_no_plan_is_told(gitlab: GitLab, client: Client, content: bytes) -> None:
    number = gitlab.records.add("topic", HEAD)
    gitlab.records.planned(number, content)
    with pytest.raises(ForgeError, match="merge request"):
        reviewed_plan(client, merge_request(client, number))
