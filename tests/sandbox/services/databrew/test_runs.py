"""Recipe jobs of DataBrew run: real files in, real files out, as the job's role (databrew/latest/dg/jobs.recipe)."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import OWNER, Http

RAW = b"laufkont,hoehe,name\n1,1169,Anna\n2,5951,Bert\n"
READ = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/raw/*"],
}
WRITE = {"Effect": "Allow", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::data/out/*"}


def step(operation: str, **parameters: str) -> dict[str, Any]:
    return {"Action": {"Operation": operation, "Parameters": parameters}}


RENAME = step("RENAME", sourceColumn="laufkont", targetColumn="status")


def job(http: Http, *steps: dict[str, Any], rights: tuple[dict[str, Any], ...] = (READ, WRITE), **output: Any) -> Any:
    """A client of DataBrew in an account with a bucket, a dataset, a published recipe and a job `j`."""
    s3, databrew = http.client("s3", OWNER), http.client("databrew", OWNER)
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="data", Key="raw/a.csv", Body=RAW)
    role = http.role(OWNER, "curator", *rights, trust={"Service": "databrew.amazonaws.com"})
    source = {"S3InputDefinition": {"Bucket": "data", "Key": "raw/"}}
    options = {"Csv": {"Delimiter": ",", "HeaderRow": True}}
    databrew.create_dataset(Name="d", Format="CSV", FormatOptions=options, Input=source)
    databrew.create_recipe(Name="r", Steps=list(steps or (RENAME,)))
    databrew.publish_recipe(Name="r")
    out = {"Location": {"Bucket": "data", "Key": "out/"}, "Format": "CSV", "Overwrite": True, **output}
    reference = {"Name": "r", "RecipeVersion": "LATEST_PUBLISHED"}
    databrew.create_recipe_job(Name="j", DatasetName="d", RecipeReference=reference, RoleArn=role, Outputs=[out])
    return databrew


def ended(databrew: Any) -> dict[str, Any]:
    """Start the job, and look until its run has ended."""
    run = databrew.start_job_run(Name="j")["RunId"]
    for _ in range(3):
        found: dict[str, Any] = databrew.describe_job_run(Name="j", RunId=run)
    return found


def written(http: Http) -> dict[str, bytes]:
    s3 = http.client("s3", OWNER)
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="data", Prefix="out/").get("Contents", ())]
    return {key: s3.get_object(Bucket="data", Key=key)["Body"].read() for key in keys}


def test_a_run_starts_runs_and_ends(http: Http) -> None:
    databrew = job(http)
    assert databrew.list_job_runs(Name="j")["JobRuns"] == []
    run = databrew.start_job_run(Name="j")["RunId"]
    states = [databrew.describe_job_run(Name="j", RunId=run)["State"] for _ in range(4)]
    assert states == ["STARTING", "RUNNING", "SUCCEEDED", "SUCCEEDED"]
    (shown,) = databrew.list_job_runs(Name="j")["JobRuns"]
    assert (shown["RunId"], shown["RecipeReference"]["Name"]) == (run, "r")
    assert shown["StartedOn"] <= shown["CompletedOn"]


def test_the_recipe_is_applied_to_the_real_rows(http: Http) -> None:
    steps = (RENAME, step("DELETE", sourceColumns='["hoehe"]'), step("UPPER_CASE", sourceColumn="name"))
    assert ended(job(http, *steps, step("DUPLICATE", sourceColumn="status", targetColumn="again")))["State"]
    assert written(http) == {"out/j_part00000.csv": b"status,name,again\n1,ANNA,1\n2,BERT,2\n"}


def test_overwrite_replaces_what_lies_there(http: Http) -> None:
    databrew = job(http)
    http.client("s3", OWNER).put_object(Bucket="data", Key="out/old.csv", Body=b"x")
    assert ended(databrew)["State"] == "SUCCEEDED"
    assert list(written(http)) == ["out/j_part00000.csv"]


def test_what_was_deleted_in_a_versioned_bucket_is_not_read(http: Http) -> None:
    databrew, s3 = job(http), http.client("s3", OWNER)
    s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    s3.delete_object(Bucket="data", Key="raw/a.csv")
    assert "There are no files at s3://data/raw/" in ended(databrew)["ErrorMessage"]


def test_without_overwrite_each_run_has_its_folder(http: Http) -> None:
    databrew = job(http, Overwrite=False)
    http.client("s3", OWNER).put_object(Bucket="data", Key="out/old.csv", Body=b"x")
    assert ended(databrew)["State"] == "SUCCEEDED"
    assert len(written(http)) == 2
    assert b"x" in written(http).values()


def test_parquet_is_written_with_types(http: Http) -> None:
    assert ended(job(http, Format="PARQUET"))["State"] == "SUCCEEDED"
    ((key, body),) = written(http).items()
    assert key == "out/j_part00000.parquet"
    assert body[:4] == b"PAR1"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((step("RENAME", sourceColumn="gone", targetColumn="x"),), "no column gone"),
        ((step("RENAME", sourceColumn="name", targetColumn="hoehe"),), "has a column hoehe already"),
        ((RENAME, step("FILL_WITH_AVERAGE", sourceColumn="hoehe")), "step 2 of the recipe, FILL_WITH_AVERAGE"),
        ((step("RENAME", sourceColumn="name", targetColumn="x", mode="y"),), "step 1, RENAME, takes"),
        ((step("DELETE", sourceColumns="name"),), "step 1, DELETE: sourceColumns is not a JSON list"),
    ],
)
def test_a_step_that_cannot_be_done_fails_the_run_by_its_name(
    http: Http, steps: tuple[dict[str, Any], ...], words: str
) -> None:
    run = ended(job(http, *steps))
    assert run["State"] == "FAILED"
    assert words in run["ErrorMessage"]
    assert not written(http)


@pytest.mark.parametrize("rights", [(READ,), (WRITE,), ()])
def test_a_run_has_only_the_rights_of_the_jobs_role(http: Http, rights: tuple[dict[str, Any], ...]) -> None:
    run = ended(job(http, rights=rights))
    assert run["State"] == "FAILED"
    assert "is not authorized to perform: s3:" in run["ErrorMessage"]
    assert not written(http)


def test_a_role_that_does_not_trust_databrew_runs_nothing(http: Http) -> None:
    databrew = job(http)
    stranger = http.role(OWNER, "stranger", READ, WRITE, trust={"Service": "glue.amazonaws.com"})
    location = {"Location": {"Bucket": "data", "Key": "out/"}}
    databrew.update_recipe_job(Name="j", RoleArn=stranger, Outputs=[location])
    assert "unable to assume the role" in ended(databrew)["ErrorMessage"]


def test_who_may_not_start_a_job_does_not(http: Http) -> None:
    job(http)
    http.role(OWNER, "reader", {"Effect": "Allow", "Action": "databrew:ListJobRuns", "Resource": "*"})
    reader = http.client("databrew", OWNER, "reader")
    assert reader.list_job_runs(Name="j")["JobRuns"] == []
    with pytest.raises(ClientError, match="databrew:StartJobRun"):
        reader.start_job_run(Name="j")


def test_a_run_can_be_stopped_until_it_has_ended(http: Http) -> None:
    databrew = job(http)
    run = databrew.start_job_run(Name="j")["RunId"]
    databrew.stop_job_run(Name="j", RunId=run)
    assert databrew.describe_job_run(Name="j", RunId=run)["State"] == "STOPPED"
    with pytest.raises(databrew.exceptions.ValidationException):
        databrew.stop_job_run(Name="j", RunId=run)


def test_jobs_and_runs_that_are_not_there_are_told(http: Http) -> None:
    databrew = job(http)
    with pytest.raises(databrew.exceptions.ResourceNotFoundException):
        databrew.start_job_run(Name="other")
    with pytest.raises(databrew.exceptions.ResourceNotFoundException):
        databrew.describe_job_run(Name="j", RunId="db_none")
