"""An answer leaves in one piece: Go's SDK now and then loses one whose headers and body come apart."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox.http.server import _Whole
from tests.sandbox.conftest import Http
from tests.sandbox.lakes import Lake


@pytest.mark.parametrize("tables", [0, 40])
def test_headers_and_body_are_sent_at_once(http: Http, monkeypatch: pytest.MonkeyPatch, tables: int) -> None:
    lake = Lake(http).sales()
    for number in range(tables):
        lake.table(name=f"t{number}", Parameters={"filler": "x" * 2_000})
    sent: list[bytes] = []
    flush = _Whole.flush

    def watched(self: Any) -> None:
        sent.extend([b"".join(self._parts)] if self._parts else [])
        flush(self)

    monkeypatch.setattr(_Whole, "flush", watched)
    lake.glue.get_tables(DatabaseName="sales")
    (answer,) = sent
    head, _, body = answer.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert len(body) > tables * 2_000


def test_a_body_that_waits_to_be_asked_for_arrives(http: Http) -> None:
    """botocore sends Expect: 100-continue with what it puts into S3."""
    s3 = http.client("s3")
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="bucket", Key="k", Body=b"x" * 3_000_000)
    assert s3.head_object(Bucket="bucket", Key="k")["ContentLength"] == 3_000_000
