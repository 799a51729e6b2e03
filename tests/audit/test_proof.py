"""A report is proved by its digest in the journal: the very bytes, or it is not that report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.audit.proof import proof, record
from reconciler.aws.evidence_store import FolderStore
from reconciler.aws.signing import KmsKey
from reconciler.errors import MeshformError
from reconciler.sandbox import Sandbox, sandbox
from tests.estate import CENTRAL


def test_a_report_is_known_by_its_bytes_alone(tmp_path: Path) -> None:
    store = FolderStore(str(tmp_path), "journal/")
    body = b"who,what\nann,orders\n"
    record(store, body, {"report": "access", "by": "ada"})
    assert proof(store, body)["by"] == "ada"
    for other in (body + b"\n", body[:-1], body.replace(b"ann", b"bob"), b""):
        with pytest.raises(MeshformError, match="knows no report"):
            proof(store, other)


def test_the_first_record_of_a_report_stays(tmp_path: Path) -> None:
    """Nobody can say later that he made it."""
    store = FolderStore(str(tmp_path), "journal/")
    where = record(store, b"x", {"by": "ada"})
    assert record(store, b"x", {"by": "eve"}) == where
    assert proof(store, b"x")["by"] == "ada"


def test_a_record_that_somebody_has_changed_is_none(tmp_path: Path) -> None:
    store = FolderStore(str(tmp_path), "journal/")
    path = Path(record(store, b"x", {"by": "ada"}))
    path.write_text(json.dumps({**json.loads(path.read_text()), "sha256": "0"}))
    with pytest.raises(MeshformError, match="somebody has changed it"):
        proof(store, b"x")
    path.write_text("no json")
    with pytest.raises(MeshformError, match="no record"):
        proof(store, b"x")


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as opened:
        yield opened


def key(aws: Sandbox) -> KmsKey:
    client = aws.session(CENTRAL).client("kms", region_name="eu-west-1")
    made = client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    return KmsKey(client, made["KeyMetadata"]["KeyId"])


def test_what_the_journal_says_of_a_report_is_signed_word_for_word(aws: Sandbox, tmp_path: Path) -> None:
    """Not a word can be changed, added or taken away, and none of them by somebody with another key."""
    store, mine, theirs = FolderStore(str(tmp_path), "journal/"), key(aws), key(aws)
    path = Path(record(store, b"x", {"by": "ada", "about": ["What AWS has."]}, mine))
    said = json.loads(path.read_text())
    assert proof(store, b"x", mine)["by"] == "ada"
    assert proof(store, b"x")["signature"]["algorithm"] == "ECDSA_SHA_256"
    forged: list[dict[str, Any]] = [
        {**said, "by": "eve"},
        {**said, "about": []},
        {**said, "more": "words"},
        {name: value for name, value in said.items() if name != "about"},
        {**said, "signature": {**said["signature"], "value": "AAAA"}},
        {**said, "signature": {**said["signature"], "value": "no base64"}},
        {**said, "signature": {}},
    ]
    for each in forged:
        path.write_text(json.dumps(each))
        with pytest.raises(MeshformError, match="is not signed by"):
            proof(store, b"x", mine)
    path.unlink()
    record(store, b"x", {"by": "eve"}, theirs)
    with pytest.raises(MeshformError, match="another key has signed it"):
        proof(store, b"x", mine)


def test_a_record_without_a_signature_proves_nothing_where_signatures_are_asked_for(
    aws: Sandbox, tmp_path: Path
) -> None:
    store = FolderStore(str(tmp_path), "journal/")
    record(store, b"x", {"by": "ada"})
    with pytest.raises(MeshformError, match="is not signed, and"):
        proof(store, b"x", key(aws))


def test_a_key_that_is_not_there_writes_no_record(aws: Sandbox, tmp_path: Path) -> None:
    store = FolderStore(str(tmp_path), "journal/")
    gone = KmsKey(aws.session(CENTRAL).client("kms", region_name="eu-west-1"), "alias/gone")
    with pytest.raises(MeshformError, match="alias/gone does not sign"):
        record(store, b"x", {"by": "ada"}, gone)
    assert list(store.names("journal/reports/")) == []
