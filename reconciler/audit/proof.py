"""Proof: the digest of a report is kept in the journal, so that anybody can see later that a file is that report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reconciler.aws.evidence_store import EvidenceStore
from reconciler.errors import MeshformError


def digest(body: bytes) -> str:
    """The digest of a report's bytes."""
    return hashlib.sha256(body).hexdigest()


def record(store: EvidenceStore, body: bytes, about: Mapping[str, Any]) -> str:
    """Keep the digest of a report and what is said about it; where that is. A report that is known keeps its record."""
    name = _name(store, digest(body))
    if name in store.names(f"{store.journal}reports/"):
        return f"{store.place}/{name}"
    return store.write(name, (json.dumps({"version": 1, "sha256": digest(body), **about}, indent=2) + "\n").encode())


def proof(store: EvidenceStore, body: bytes) -> dict[str, Any]:
    """What the journal says of the report with these bytes. Raises MeshformError where it does not know it."""
    name = _name(store, digest(body))
    if name not in store.names(f"{store.journal}reports/"):
        raise MeshformError(
            f"The journal {store.place}/{store.journal} knows no report with the digest {digest(body)}: the file was "
            "changed, or it was not made with `--out`, or for another mesh."
        )
    try:
        found = json.loads(store.read(name))
    except ValueError as error:
        raise MeshformError(f"{store.place}/{name} is no record of a report: {error}.") from error
    if not isinstance(found, dict) or found.get("sha256") != digest(body):
        raise MeshformError(f"{store.place}/{name} is no record of this report: somebody has changed it.")
    return found


def _name(store: EvidenceStore, sha: str) -> str:
    return f"{store.journal}reports/{sha}.json"
