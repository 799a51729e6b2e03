"""Requests that no SDK sends are refused like errors of the caller: no 500, nothing done, the world goes on."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

import pytest

from tests.sandbox.conftest import Http

Answer = tuple[int, bytes]


def signed(service: str, region: str = "eu-west-1", key: str = "static") -> dict[str, str]:
    scope = f"{key}/20260101/{region}/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def send(to: Http, method: str, path: str, body: bytes | str = b"", headers: dict[str, str] | None = None) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", int(to.endpoint.rpartition(":")[2]), timeout=600)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def target(service: str, operation: str) -> dict[str, str]:
    prefix = {"glue": "AWSGlue", "athena": "AmazonAthena"}[service]
    kind = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{prefix}.{operation}"}
    return {**signed(service), **kind}


GLUE = target("glue", "GetDatabases")
DEEP = "[" * 100_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

MALFORMED: list[tuple[str, str, Any, dict[str, str]]] = [
    ("POST", "/", "{}", {"X-Amz-Target": "AWSGlue.GetDatabases"}),
    ("POST", "/", "{}", {**GLUE, "Authorization": ""}),
    ("POST", "/", "{}", {**GLUE, "Authorization": "Basic eDp5"}),
    ("POST", "/", "{}", {**GLUE, "Authorization": "AWS4-HMAC-SHA256 Credential=a/b/c"}),
    ("POST", "/", "{}", {**GLUE, **signed("no-such-service")}),
    ("POST", "/", "{}", {**GLUE, **signed("../../etc")}),
    ("POST", "/", "{}", {**GLUE, **signed("glue", "no-such-region")}),
    ("POST", "/", "{}", {**GLUE, **signed("sts", "x" * 5000)}),
    ("POST", "/", "{}", {**GLUE, **signed("glue", key="ASIANOBODY")}),
    ("POST", "/", "{}", {**GLUE, "X-Amz-Target": ""}),
    ("POST", "/", "{}", {**GLUE, "X-Amz-Target": "AWSGlue.__init__"}),
    ("POST", "/", "garbage", GLUE),
    ("POST", "/", "[]", GLUE),
    ("POST", "/", '"text"', GLUE),
    ("POST", "/", "null", {**GLUE, "X-Amz-Target": "AWSGlue.GetDatabase"}),
    ("POST", "/", b"\xff\xfe\x00", GLUE),
    ("POST", "/", DEEP, GLUE),
    ("POST", "/", '{"MaxResults": NaN}', GLUE),
    ("POST", "/", '{"MaxResults": 1e400}', GLUE),
    ("POST", "/", '{"MaxResults": "7"}', GLUE),
    ("POST", "/", '{"NextToken": {"a": 1}}', GLUE),
    ("POST", "/", '{"NextToken": "garbage"}', GLUE),
    ("POST", "/", '{"Name": ["a"]}', target("glue", "GetDatabase")),
    ("POST", "/", '{"DatabaseInput": "a"}', target("glue", "CreateDatabase")),
    ("POST", "/", '{"DatabaseInput": {"Name": "a", "Parameters": {"b": 1}}}', target("glue", "CreateDatabase")),
    (
        "POST",
        "/",
        '{"DatabaseName":"a","TableInput":{"Name":"t","LastAccessTime":1e30}}',
        target("glue", "CreateTable"),
    ),
    ("POST", "/", '{"DatabaseName":"a","TableInput":{"Name":"t","LastAccessTime":"x"}}', target("glue", "CreateTable")),
    ("POST", "/", '{"Name": "' + "a" * 5_000_000 + '"}', target("glue", "GetDatabase")),
    ("POST", "/", '{"DatabaseName": "a", "Expression": "("}', target("glue", "GetTables")),
    ("POST", "/", '{"QueryString": 5}', target("athena", "StartQueryExecution")),
    ("GET", "/", "", GLUE),
    ("PUT", "/", "{}", GLUE),
    ("POST", "/GrantPermissions", "garbage", signed("lakeformation")),
    ("POST", "/GrantPermissions", "{}", signed("lakeformation")),
    ("POST", "/GrantPermissions/", "{}", signed("lakeformation")),
    ("GET", "/GrantPermissions", "", signed("lakeformation")),
    ("POST", "/NoSuchOperation", "{}", signed("lakeformation")),
    ("POST", "/ListPermissions", '{"MaxResults": -1}', signed("lakeformation")),
    ("POST", "/ListPermissions", '{"NextToken": "\\u0000"}', signed("lakeformation")),
    ("POST", "/ListPermissions", '{"Resource": []}', signed("lakeformation")),
    ("POST", "/getresourceshares", "{}", signed("ram")),
    ("POST", "/getresourceshares", '{"resourceOwner": "NOBODY"}', signed("ram")),
    ("DELETE", "/deleteresourceshare?resourceShareArn=x&clientToken=%FF", "", signed("ram")),
    ("POST", "/", b"Action=AssumeRole&RoleArn=\xff", {**signed("sts"), **FORM}),
    ("POST", "/", "Action=AssumeRole&DurationSeconds=--5&RoleArn=a&RoleSessionName=b", {**signed("sts"), **FORM}),
    ("POST", "/", "Action=AssumeRole&DurationSeconds=%C2%B2", {**signed("sts"), **FORM}),
    ("POST", "/", "Action=AssumeRole&RoleArn=nonsense-of-twenty-signs&RoleSessionName=bb", {**signed("sts"), **FORM}),
    ("POST", "/", "Action=AssumeRole&Tags.member.1=x", {**signed("sts"), **FORM}),
    ("POST", "/", "garbage", {**signed("sts"), **FORM}),
    ("POST", "/", "Action=NoSuchAction", {**signed("iam"), **FORM}),
    ("POST", "/", b"Action=GetRole&RoleName=\xff", {**signed("iam"), **FORM}),
    ("PUT", "/bucket?policy", "garbage", signed("s3")),
    ("GET", "/no-such-bucket/%00", "", signed("s3")),
    ("GET", "/no-such-bucket?list-type=2&max-keys=x", "", signed("s3")),
    ("GET", "/?X-Amz-Credential=%FF/a/b/c/d", "", {}),
    ("PATCH", "/", "", {}),
    ("POST", "/_sandbox/faults", "garbage", {}),
    ("POST", "/_sandbox/faults", DEEP, {}),
    ("POST", "/_sandbox/faults", "[1]", {}),
    ("POST", "/_sandbox/faults", '{"error": 5}', {}),
    ("POST", "/_sandbox/faults", '{"error": "X", "nth": "often"}', {}),
    ("POST", "/_sandbox/faults", '{"error": "X", "times": "often"}', {}),
    ("POST", "/_sandbox/faults", '{"error": "X", "status": "bad"}', {}),
    ("POST", "/_sandbox/faults", '{"error": "X", "entries": 7}', {}),
    ("POST", "/_sandbox/faults", '{"error": "X", "service": ["glue"]}', {}),
    ("POST", "/_sandbox/faults", '{"error": "X", "share": 0}', {}),
    ("POST", "/_sandbox/faults", '{"latency_ms": "long"}', {}),
    ("POST", "/_sandbox/faults", '{"latency_ms": -5}', {}),
    ("GET", "/_sandbox/nothing", "", {}),
    ("POST", "/_sandbox/../etc/passwd", "", {}),
]


@pytest.mark.parametrize(("method", "path", "body", "headers"), MALFORMED)
def test_a_malformed_request_is_the_caller_s_error(
    http: Http, method: str, path: str, body: Any, headers: dict[str, str]
) -> None:
    """Every protocol answers 4xx; the control endpoints leave no fault behind."""
    status, told = send(http, method, path, body, headers)
    assert 400 <= status < 500, (status, told[:300])
    assert b"Traceback" not in told
    assert http.control("GET", "faults") == []
    assert send(http, "POST", "/", "{}", GLUE)[0] == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
def test_the_content_type_decides_nothing(http: Http, kind: str) -> None:
    """The service and the operation are read from the signature and the target."""
    status, told = send(http, "POST", "/", "{}", {**GLUE, "Content-Type": kind})
    assert (status, json.loads(told)) == (200, {"DatabaseList": []})


@pytest.mark.parametrize("length", ["abc", "-5", "1e3", "99999999999999999999"])
def test_a_length_that_is_none_ends_the_request(http: Http, length: str) -> None:
    """A client that lies about the length of its body hangs itself at most, not the world."""
    port = int(http.endpoint.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=600) as raw:
        lines = ["POST / HTTP/1.1", "Host: x", f"Authorization: {GLUE['Authorization']}", f"Content-Length: {length}"]
        raw.sendall("\r\n".join([*lines, "", "{}"]).encode())
        raw.shutdown(socket.SHUT_WR)
        told = raw.makefile("rb").readline()
    assert told == b"" or told.split()[1].startswith(b"4"), told
    assert send(http, "POST", "/", "{}", GLUE)[0] == 200


def test_without_a_signature_nobody_does_anything(http: Http) -> None:
    """Unsigned requests are anonymous in S3: they neither list nor make buckets, nor reach other services."""
    for method, path in (("GET", "/"), ("PUT", "/mine"), ("DELETE", "/mine"), ("POST", "/GrantPermissions")):
        assert send(http, method, path)[0] in (400, 403, 404, 405)
    assert http.client("s3", "000000000001").list_buckets()["Buckets"] == []


def raw(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A request as it goes over the wire; in chunks where its headers say so."""
    chunked = "Transfer-Encoding" in headers
    said = {"Host": "127.0.0.1", **headers, **({} if chunked or not body else {"Content-Length": str(len(body))})}
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""])
    sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:20], body[20:])) + b"0\r\n\r\n"
    return head.encode() + (sent if chunked else body)


MAKE = b'{"DatabaseInput": {"Name": "made", "Description": "a database"}}'
WRITES = {
    "no body": raw("PUT", "/made", b"", {**signed("s3", "us-east-1"), "X-Last": "one"}),
    "a body": raw("POST", "/", MAKE, target("glue", "CreateDatabase")),
    "chunks": raw("POST", "/", MAKE, {**target("glue", "CreateDatabase"), "Transfer-Encoding": "chunked"}),
}


@pytest.mark.parametrize("sort", WRITES)
def test_a_request_that_breaks_off_is_not_carried_out(http: Http, capfd: pytest.CaptureFixture[str], sort: str) -> None:
    """Wherever it does: in its head, at the end of it, in its body; as when its client was killed. The whole one is."""
    port, whole = int(http.endpoint.rpartition(":")[2]), WRITES[sort]

    def answer(sent: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=600) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            try:
                return connection.makefile("rb").read()
            except ConnectionResetError:
                return b""

    http.control("DELETE", "calls")
    # What ends a chunked body says nothing more: the last four bytes may be missing.
    for length in range(1, len(whole) - (4 if sort == "chunks" else 0)):
        told = answer(whole[:length])
        assert b" 200 " not in told.partition(b"\r\n")[0], (whole[:length], told)
    assert http.control("GET", "calls") == []
    assert answer(whole).startswith(b"HTTP/1.1 200 ")
    assert len(http.control("GET", "calls")) == 1
    assert "Traceback" not in capfd.readouterr().err
