"""Glue jobs are defined, read and deleted."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import OWNER, Http

COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://code/job.py"}


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


def test_a_job_is_not_run(http: Http) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*sandbox: glue.StartJobRun"):
        http.client("glue").start_job_run(JobName="j")
