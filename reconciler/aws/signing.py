"""Signatures by an asymmetric key of KMS: whoever cannot use the key cannot say that he made a report."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.model.reader import Unseen
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

ALGORITHM = "ECDSA_SHA_256"
"""What a key of the spec ECC_NIST_P256 signs by, the kind of key that `meshform bootstrap` makes."""

Signature = Mapping[str, str]
"""`key` (its ARN), `algorithm`, `value` (base64)."""


class SigningKey(Protocol):
    """A key that signs. Both raise MeshformError where it cannot be used."""

    @property
    def name(self) -> str:
        """How mesh.yaml names it."""
        ...

    def signature(self, body: bytes) -> Signature:
        """The signature of some bytes."""
        ...

    def holds(self, body: bytes, signature: Signature) -> bool:
        """Whether this very key has signed these very bytes."""
        ...


@dataclass(frozen=True, slots=True)
class KmsKey:
    """A key of the central account. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html"""

    client: Any
    name: str

    def signature(self, body: bytes) -> Signature:
        try:
            answer = self.client.sign(**self._asked(body))
        except (ClientError, BotoCoreError, Unseen) as error:
            raise MeshformError(f"The key {self.name} does not sign: {str(error).rstrip('.')}.") from error
        value = base64.b64encode(answer["Signature"]).decode()
        return {"key": answer["KeyId"], "algorithm": ALGORITHM, "value": value}

    def holds(self, body: bytes, signature: Signature) -> bool:
        """By the key that mesh.yaml names, whichever the record names: its writer may have a key of his own."""
        try:
            given = base64.b64decode(signature.get("value", ""), validate=True)
        except ValueError:
            return False
        try:
            # KMS takes no empty one.
            answer = self.client.verify(**self._asked(body), Signature=given) if given else {}
        except ClientError as error:
            if error.response["Error"]["Code"] == "KMSInvalidSignatureException":
                return False
            raise MeshformError(f"The key {self.name} does not verify: {str(error).rstrip('.')}.") from error
        except (BotoCoreError, Unseen) as error:
            raise MeshformError(f"The key {self.name} does not verify: {str(error).rstrip('.')}.") from error
        return bool(answer.get("SignatureValid"))

    def _asked(self, body: bytes) -> dict[str, Any]:
        return {
            "KeyId": self.name,
            "Message": hashlib.sha256(body).digest(),
            "MessageType": "DIGEST",
            "SigningAlgorithm": ALGORITHM,
        }


def signing_key(mesh: Mesh, sessions: Sessions | None) -> SigningKey | None:
    """The key that mesh.yaml names for evidence (`journal.signingKey`). Sessions are needed only where it does."""
    name = mesh.settings.journal.signing_key
    if name is None:
        return None
    assert sessions is not None, "a key is asked as somebody"
    try:
        return KmsKey(sessions.client(placements.of_catalog(mesh), "kms"), name)
    except Unseen as error:
        raise MeshformError(f"The key {name} cannot be used: {error}.") from error
