"""Checkpoint: a simulated AWS as it was at one moment, kept as bytes, to which it comes back however often."""

from __future__ import annotations

import io
import pickle
from copy import copy
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_api._internal import mock_random

from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.world import World
from reconciler.sandbox.http.server import Server
from tests.signed_in import KEYS_GO_ON
from tests.states import states

NOT_KEPT = ("lock", "on_reset", "calls", "changes", "keys")
"""What belongs to the process, or only ever goes on: whoever has counted writes sees that there were some."""


class Checkpoint:
    """What every service of a sandbox had; its log of calls is not part of it, and is empty afterwards."""

    def __init__(self, aws: Sandbox | Server) -> None:
        world = aws.world
        ours = {name: value for name, value in vars(world).items() if name not in NOT_KEPT}
        self._backends = tuple(BackendDict._instances)
        theirs = [dict(backend) for backend in self._backends]
        kept = io.BytesIO()
        _Pickler(kept, world).dump((ours, theirs, mock_random.getstate()))
        self._kept = kept.getvalue()
        self._states = states(world).now()
        self._keys = copy(world.keys)

    def restore(self, aws: Sandbox | Server) -> None:
        """Make the sandbox as it was. Sessions that were handed out before then are good again."""
        world = aws.world
        with world.lock:
            # It closes the files of every object of S3 that there is, so what comes back comes after it.
            BackendDict.reset()
            reset_model_data()
            ours, theirs, chance = _Unpickler(io.BytesIO(self._kept), world).load()
            vars(world).update(ours)
            for backend, accounts in zip(self._backends, theirs, strict=True):
                backend.update(accounts)
                BackendDict._instances.append(backend)
            mock_random.setstate(chance)
            if world not in KEYS_GO_ON:
                # Else who signs in next might be given the key of somebody who is signed in here.
                world.keys = copy(self._keys)
            world.calls.clear()
            world.changes.add("*")
            states(world).back(self._states)


class _Pickler(pickle.Pickler):
    """Leaves the world itself, and what belongs to the process, where it is."""

    def __init__(self, file: io.BytesIO, world: World) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._names = {id(world): "", **{id(value): name for name, value in vars(world).items() if name in NOT_KEPT}}

    def persistent_id(self, obj: Any) -> str | None:
        return self._names.get(id(obj))

    def reducer_override(self, obj: Any) -> Any:
        """The private key of a key of KMS, as bytes."""
        if not isinstance(obj, RSAPrivateKey):
            return NotImplemented
        kept = obj.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return _private_key, (kept,)


def _private_key(kept: bytes) -> Any:
    """It came from a key, so nobody need look whether it is one."""
    return load_der_private_key(kept, None, unsafe_skip_rsa_key_validation=True)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, world: World) -> None:
        super().__init__(file)
        self._world = world

    def persistent_load(self, pid: str) -> Any:
        return getattr(self._world, pid) if pid else self._world
