"""Lock: one apply at a time, by an object that S3 writes only where there is none.

Nobody takes over a lock by himself: a holder that seems dead may only be slow. People see who holds it, since when,
and when it was last renewed, and decide (`meshform unlock`).
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.sessions import Sessions
from reconciler.errors import Locked, MeshformError
from reconciler.model.plain_json import plain_json
from reconciler.model.reader import Unseen
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

RENEW = 60.0
"""Seconds between two renewals."""
_TOO_OFTEN = _TRIES = 3
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_GONE = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock: an id for `meshform unlock`, the caller's ARN, since when, and from where."""

    id: str
    by: str
    since: str
    renewed: str
    where: str

    def __str__(self) -> str:
        return f"{self.by} since {self.since} (last renewed {self.renewed}), from {self.where}; its id is {self.id}"


def holder_of(content: bytes) -> Holder:
    """Who holds a lock, by the content of its object. Raises ValueError for what is no lock."""
    said = plain_json(content)
    names = Holder.__slots__
    texts = isinstance(said, dict) and {*map(type, said.values())} == {str}
    if not texts or said.keys() != {*names}:
        raise ValueError(f"a lock has the fields {', '.join(names)}")
    return Holder(**said)


class Lock:
    """The lock object of a mesh. Raises MeshformError where the bucket cannot be used."""

    def __init__(self, mesh: Mesh, sessions: Sessions) -> None:
        place = mesh.settings.lock
        assert place is not None, "this mesh has no lock"
        self._name = {"Bucket": place.bucket, "Key": place.key}
        try:
            self._s3: Any = sessions.client(placements.of_catalog(mesh), "s3")
        except Unseen as error:
            raise self._unusable(error) from error

    def holder(self) -> tuple[Holder, str] | None:
        """Who holds the lock and the tag of the object; None when it is free."""
        try:
            answer = self._s3.get_object(**self._name)
            return holder_of(answer["Body"].read()), str(answer["ETag"])
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _GONE:
                return None
            raise self._unusable(error) from error
        except ValueError as error:
            raise MeshformError(
                f"{self} holds something that is no lock. Look at it, and delete it by hand."
            ) from error

    def take(self, holder: Holder) -> str:
        """Take the lock; the tag of its object. Raises Locked with who has it.

        Whatever else ends it, a signal too, it is let go if it was taken all the same.
        """
        try:
            return self._put(holder, IfNoneMatch="*")
        except (ClientError, BotoCoreError) as error:
            if _code(error) not in _TAKEN:
                self._let_go(holder)
                raise self._unusable(error) from error
        except (MeshformError, KeyboardInterrupt):
            self._let_go(holder)
            raise
        held = self.holder()
        if held is not None and held[0].id == holder.id:
            return held[1]  # the answer to the first attempt was lost, and the second one found our own lock
        who = f"{held[0]}" if held else "somebody who has let it go just now; try again"
        raise Locked(
            f"Another apply holds the lock {self}: {who}. Nothing was changed. "
            "Wait for it; if it is dead for certain, remove the lock with `meshform unlock ID`."
        )

    def renew(self, holder: Holder, tag: str) -> str | None:
        """Write the lock again; its new tag. None when it is not the one that was taken any more."""
        try:
            return self._put(replace(holder, renewed=_now()), IfMatch=tag)
        except ClientError as error:
            if _code(error) not in _TAKEN | _GONE:
                raise
        held = self.holder()
        return held[1] if held is not None and held[0].id == holder.id else None

    def release(self, tag: str) -> bool:
        """Delete the lock, if it is still the object of that tag; whether it was."""
        try:
            self._s3.delete_object(**self._name, IfMatch=tag)
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _TAKEN | _GONE:
                return False
            raise self._unusable(error) from error
        return True

    def drop(self, holder: Holder, tag: str) -> None:
        """Delete our own lock, also where it was written again since by us, or S3 refuses for somebody who is there at
        the same moment. Raises MeshformError where it stays."""
        for _ in range(_TRIES):
            if self.release(tag):
                return
            held = self.holder()
            if held is None or held[0].id != holder.id:
                return
            tag = held[1]
        raise MeshformError(f"The lock {self} cannot be removed: S3 refuses it as if somebody else changed it.")

    def __str__(self) -> str:
        return f"s3://{self._name['Bucket']}/{self._name['Key']}"

    def _let_go(self, holder: Holder) -> None:
        """Let go what nobody has seen the answer of; where even that is not known, people find it held and by whom."""
        with suppress(MeshformError):
            held = self.holder()
            if held is not None and held[0].id == holder.id:
                self.drop(*held)

    def _put(self, holder: Holder, **condition: str) -> str:
        body = json.dumps(asdict(holder), indent=2).encode()
        answer = self._s3.put_object(**self._name, Body=body, ContentType="application/json", **condition)
        return str(answer["ETag"])

    def _unusable(self, error: Exception) -> MeshformError:
        return MeshformError(
            f"The lock {self} cannot be used: {error}. The bucket of `lock` in mesh.yaml must be in the central "
            "account, and the role must be able to read, write and delete there."
        )


class Held:
    """A lock that we hold, kept alive by a thread. `lost` says why not to go on, once it is gone.

    `tell` is told, once each, that it could not be renewed three times in a row, and that it could not be let go.
    """

    def __init__(self, lock: Lock, holder: Holder, tag: str, every: float, tell: Callable[[str], None]) -> None:
        self._lock, self._holder, self._tag, self._every, self._tell = lock, holder, tag, every, tell
        self._lost: str | None = None
        self._left: str | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lock", daemon=True)
        self._thread.start()

    def lost(self) -> str | None:
        """A reason to stop, or None."""
        return self._lost

    def leave(self, why: str) -> None:
        """Do not let it go in the end: people are to decide when. `why` is told with how."""
        self._left = why

    def end(self) -> None:
        """Let the lock go. A lock that cannot be let go is told, and does not fail what was done under it."""
        self._done.set()
        if self._left is not None:
            self._tell(f"The lock {self._lock} is still held: {self._left}. Then `meshform unlock {self._holder.id}`.")
            return
        self._thread.join()
        if self._lost is None:
            try:
                self._lock.drop(self._holder, self._tag)
            except (MeshformError, Unseen) as error:
                self._tell(f"{error} It is still held; remove it with `meshform unlock {self._holder.id}`.")

    def _keep(self) -> None:
        failed = 0
        while self._lost is None and not self._done.wait(self._every):
            try:
                tag = self._lock.renew(self._holder, self._tag)
            except (ClientError, BotoCoreError, MeshformError, Unseen) as error:
                # The object is ours until somebody removes it; only nobody can see that we live.
                failed += 1
                if failed == _TOO_OFTEN:
                    self._tell(f"The lock {self._lock} could not be renewed {failed} times in a row: {error}.")
                continue
            failed = 0
            if tag is None:
                self._lost = f"the lock {self._lock} was removed by somebody else"
            else:
                self._tag = tag


@contextmanager
def locked(
    mesh: Mesh, sessions: Sessions, run: str | None, every: float = RENEW, tell: Callable[[str], None] = lambda _: None
) -> Iterator[Held | None]:
    """Hold the lock of a mesh; None where the mesh has none. `run` is the address of the run, for people.

    `tell` is told what goes wrong with it and changes nothing of what is done.

    Raises Locked when another one holds it.
    """
    if mesh.settings.lock is None:
        yield None
        return
    lock, now = Lock(mesh, sessions), _now()
    where = run or f"process {os.getpid()} on {socket.gethostname()}"
    holder = Holder(secrets.token_hex(4), sessions.whoami(), now, now, where)
    held = Held(lock, holder, lock.take(holder), every, tell)
    try:
        yield held
    finally:
        held.end()


def _code(error: Exception) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
