"""Proof: the digest of a report is kept in the journal, signed where the mesh has a key, to be held to a file later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reconciler.aws.evidence_store import EvidenceStore
from reconciler.aws.signing import SigningKey
from reconciler.errors import MeshformError
from reconciler.model.plain_json import plain_json


def digest(body: bytes) -> str:
    """The digest of a report's bytes."""
    return hashlib.sha256(body).hexdigest()


def record(store: EvidenceStore, body: bytes, about: Mapping[str, Any], key: SigningKey | None = None) -> str:
    """Keep the digest of a report and what is said about it; where that is. A report that is known keeps its record."""
    name = _name(store, digest(body))
    if name in store.names(f"{store.journal}reports/"):
        return f"{store.place}/{name}"
    kept: dict[str, Any] = {"version": 1, "sha256": digest(body), **about}
    if key is not None:
        kept["signature"] = key.signature(_signed(kept))
    return store.write(name, (json.dumps(kept, indent=2) + "\n").encode())


def proof(store: EvidenceStore, body: bytes, key: SigningKey | None = None) -> dict[str, Any]:
    """What the journal says of the report with these bytes.

    Raises MeshformError where it does not know it, or where the mesh's key has not signed what it says.
    """
    name = _name(store, digest(body))
    if name not in store.names(f"{store.journal}reports/"):
        raise MeshformError(
            f"The journal {store.place}/{store.journal} knows no report with the digest {digest(body)}: the file was "
            "changed, or it was not made with `--out`, or for another mesh."
        )
    try:
        found = plain_json(store.read(name))
    except ValueError as error:
        raise MeshformError(f"{store.place}/{name} is no record of a report: {error}.") from error
    if not isinstance(found, dict) or found.get("sha256") != digest(body):
        raise MeshformError(f"{store.place}/{name} is no record of this report: somebody has changed it.")
    if key is not None:
        _hold(f"{store.place}/{name}", found, key)
    return found


def _hold(where: str, found: Mapping[str, Any], key: SigningKey) -> None:
    signature = found.get("signature")
    if not isinstance(signature, dict):
        raise MeshformError(
            f"{where} is not signed, and mesh.yaml asks for signatures by {key.name} (journal.signingKey): it was "
            "written before that, or somebody has taken the signature away. It proves nothing."
        )
    if not key.holds(_signed(found), {name: str(value) for name, value in signature.items()}):
        raise MeshformError(
            f"{where} is not signed by {key.name}: somebody has changed it, or another key has signed it "
            f"({signature.get('key', 'which is not told')}). It proves nothing."
        )


def _signed(record: Mapping[str, Any]) -> bytes:
    """What of a record is signed: all but the signature, as canonical JSON."""
    told = {name: value for name, value in record.items() if name != "signature"}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _name(store: EvidenceStore, sha: str) -> str:
    return f"{store.journal}reports/{sha}.json"
