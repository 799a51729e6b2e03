"""Glue jobs are defined, read, deleted, and started: a script is not run, and that is told."""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError

import pytest

from tests.sandbox.conftest import OWNER, Http, document

COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://code/job.py"}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::code/job.py"}


def test_jobs_are_defined_replaced_and_deleted(http: Http) -> None:
    """API_CreateJob, API_UpdateJob (replaces the definition), API_DeleteJob."""
    anything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    http.role(OWNER, "job", anything, trust={"Service": "glue.amazonaws.com"})
    glue = http.client("glue")
    glue.create_job(Name="j", Role="job", Command=COMMAND, Description="first", Tags={"m": "x"})
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_job(Name="j", Role="job", Command=COMMAND)
    glue.update_job(JobName="j", JobUpdate={"Role": "job", "Command": COMMAND})
    assert "Description" not in glue.get_job(JobName="j")["Job"]
    assert glue.list_jobs(Tags={"m": "x"})["JobNames"] == ["j"]
    assert [j["Name"] for j in glue.get_jobs()["Jobs"]] == ["j"]
    glue.delete_job(JobName="j")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job(JobName="j")


def job(http: Http, *statements: dict[str, Any]) -> Any:
    """A client of Glue, with a job `j` whose script lies in S3."""
    s3 = http.client("s3", OWNER)
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="code", Key="job.py", Body=b"print()")
    http.role(OWNER, "job", *statements, trust={"Service": "glue.amazonaws.com"})
    glue = http.client("glue")
    glue.create_job(Name="j", Role="job", Command=COMMAND)
    return glue


def ended(glue: Any) -> dict[str, Any]:
    run = glue.start_job_run(JobName="j")["JobRunId"]
    for _ in range(3):
        found: dict[str, Any] = glue.get_job_run(JobName="j", RunId=run)["JobRun"]
    return found


def test_a_run_starts_runs_and_ends_as_was_said(http: Http) -> None:
    glue = job(http, READ)
    http.control("POST", "job-outcomes", [{"job": "j"}])
    run = glue.start_job_run(JobName="j")["JobRunId"]
    states = [glue.get_job_runs(JobName="j")["JobRuns"][0]["JobRunState"] for _ in range(3)]
    assert states == ["STARTING", "RUNNING", "SUCCEEDED"]
    http.control("POST", "job-outcomes", [{"job": "j", "account": OWNER, "error": "out of memory"}])
    assert ended(glue)["ErrorMessage"] == "out of memory"
    assert [each["JobRunState"] for each in glue.get_job_runs(JobName="j")["JobRuns"]] == ["FAILED", "SUCCEEDED"]
    assert glue.get_job_runs(JobName="j")["JobRuns"][1]["Id"] == run


def test_a_script_is_not_run_and_nobody_is_told_that_it_was(http: Http) -> None:
    run = ended(job(http, READ))
    assert run["JobRunState"] == "FAILED"
    assert "scripts of Glue jobs are not run" in run["ErrorMessage"]


def test_a_run_needs_its_script_and_the_right_to_read_it(http: Http) -> None:
    glue = job(http)
    http.control("POST", "job-outcomes", {"job": "j"})
    assert "not authorized to perform: s3:GetObject" in ended(glue)["ErrorMessage"]
    policy = document(READ)
    http.client("iam", OWNER).put_role_policy(RoleName="job", PolicyName="p", PolicyDocument=policy)
    assert ended(glue)["JobRunState"] == "SUCCEEDED"
    http.client("s3", OWNER).delete_object(Bucket="code", Key="job.py")
    assert "does not exist" in ended(glue)["ErrorMessage"]


def test_one_run_at_a_time_and_it_can_be_stopped(http: Http) -> None:
    glue = job(http, READ)
    run = glue.start_job_run(JobName="j")["JobRunId"]
    with pytest.raises(glue.exceptions.ConcurrentRunsExceededException):
        glue.start_job_run(JobName="j")
    answer = glue.batch_stop_job_run(JobName="j", JobRunIds=[run, "jr_none"])
    assert [each["JobRunId"] for each in answer["SuccessfulSubmissions"]] == [run]
    assert [each["JobRunId"] for each in answer["Errors"]] == ["jr_none"]
    assert glue.get_job_run(JobName="j", RunId=run)["JobRun"]["JobRunState"] == "STOPPED"


def test_an_ending_that_is_none_is_refused(http: Http) -> None:
    for given in ([{"name": "j"}], [{"job": 1}], ["j"]):
        with pytest.raises(HTTPError):
            http.control("POST", "job-outcomes", given)
    assert http.control("GET", "job-outcomes") == []
