"""The sandbox over HTTP and in process, with log, faults and reset."""

from __future__ import annotations

import threading
import urllib.error

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from reconciler.sandbox import Sandbox, sandbox
from reconciler.sandbox.http.server import Server
from tests.sandbox.conftest import MANAGEMENT, OWNER, Http


def test_static_credentials_act_as_the_management_account(http: Http) -> None:
    identity = boto3.client("sts", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x").get_caller_identity()
    assert identity["Account"] == MANAGEMENT


def test_in_process_the_account_is_the_assumed_role_s(aws: Sandbox) -> None:
    assert aws.session(OWNER).client("sts").get_caller_identity()["Account"] == OWNER


def test_one_sandbox_at_a_time_in_a_process(aws: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="open"), sandbox():
        pass


def test_no_call_leaves_the_machine(aws: Sandbox) -> None:
    """In process every address is answered here, by what the signature says, whatever its host."""
    client = aws.session().client("glue", endpoint_url="https://elsewhere.example")
    assert client.get_databases()["DatabaseList"] == []
    assert aws.calls.of("glue", "GetDatabases")


def test_a_bug_of_the_sandbox_is_told_as_one(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    glue = http.client("glue")
    monkeypatch.setattr("reconciler.sandbox.http.dispatch.authorize", broken)
    with pytest.raises(ClientError, match=r"InternalFailure.*a bug of the sandbox: ZeroDivisionError: oh"):
        glue.get_databases()


def test_only_the_loopback_is_served() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Server(host="0.0.0.0")


def test_every_call_is_logged_with_account_service_operation_and_status(http: Http) -> None:
    http.client("s3").list_buckets()
    calls = http.control("GET", "calls")
    assert [(c["account"], c["service"], c["operation"], c["status"]) for c in calls] == [
        (MANAGEMENT, "sts", "AssumeRole", 200),
        (OWNER, "s3", "ListBuckets", 200),
    ]
    http.control("DELETE", "calls")
    assert http.control("GET", "calls") == []


def test_reset_empties_every_account_and_ends_every_session(http: Http) -> None:
    s3 = http.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    http.control("POST", "reset")
    with pytest.raises(ClientError, match="invalid"):
        s3.list_buckets()
    assert http.session().client("s3").list_buckets()["Buckets"] == []


def test_an_injected_error_falls_on_the_nth_call_only(http: Http) -> None:
    fault = {"service": "s3", "operation": "ListBuckets", "nth": 2, "error": "SlowDown", "status": 400}
    http.control("POST", "faults", [fault])
    s3 = http.client("s3")
    s3.list_buckets()
    with pytest.raises(ClientError, match="SlowDown"):
        s3.list_buckets()
    s3.list_buckets()
    assert http.control("GET", "faults")[0]["struck"] == 1


def test_a_fault_of_another_account_does_not_strike(http: Http) -> None:
    http.control("POST", "faults", [{"account": "333333333333", "error": "SlowDown", "times": None}])
    http.client("s3").list_buckets()


@pytest.mark.parametrize(("when", "buckets"), [("before", 0), ("after", 1)])
def test_a_lost_connection_loses_the_answer_and_after_keeps_the_effect(http: Http, when: str, buckets: int) -> None:
    http.control("POST", "faults", [{"operation": "CreateBucket", "reset": when}])
    s3 = http.client("s3")
    with pytest.raises(ConnectionClosedError):
        s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert len(s3.list_buckets()["Buckets"]) == buckets


def test_a_fault_that_would_do_nothing_is_refused(http: Http) -> None:
    for fault in ({"service": "s3"}, {"eror": "SlowDown"}, {"reset": "sometimes"}):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            http.control("POST", "faults", [fault])


def test_faults_strike_in_process_too(aws: Sandbox) -> None:
    aws.faults({"operation": "ListBuckets", "reset": "after", "times": 1})
    s3 = aws.session().client("s3", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(ConnectionClosedError):
        s3.list_buckets()
    assert [c.operation for c in aws.calls] == ["ListBuckets"]


def test_an_unknown_operation_of_ours_is_not_simulated(http: Http) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*sandbox: glue.CreateMLTransform") as raised:
        http.client("glue").create_ml_transform(
            Name="m", InputRecordTables=[], Parameters={"TransformType": "FIND_MATCHES"}, Role="r"
        )
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_32_clients_at_once_lose_nothing(http: Http) -> None:
    s3, glue = http.client("s3"), http.client("glue")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    glue.create_database(DatabaseInput={"Name": "sales"})
    once = Config(retries={"total_max_attempts": 1})
    # boto3 sessions are not thread-safe, clients are made before.
    session = http.session()
    clients = [(session.client("s3", config=once), session.client("glue", config=once)) for _ in range(32)]

    def work(number: int) -> None:
        objects, tables = clients[number]
        for part in range(4):
            objects.put_object(Bucket="lake", Key=f"{number}/{part}", Body=b"x")
            tables.create_table(DatabaseName="sales", TableInput={"Name": f"t{number}_{part}"})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert s3.list_objects_v2(Bucket="lake")["KeyCount"] == 128
    pages = glue.get_paginator("get_tables").paginate(DatabaseName="sales")
    assert sum(len(page["TableList"]) for page in pages) == 128
