"""A report is proved by its digest in the journal: the very bytes, or it is not that report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.audit.proof import proof, record
from reconciler.aws.evidence_store import FolderStore
from reconciler.errors import MeshformError


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
