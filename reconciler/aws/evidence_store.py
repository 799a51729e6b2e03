"""Where evidence lies: the journal, and beside it kept snapshots; a folder, or a bucket of the central account."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.model.reader import Unseen
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh
from reconciler.whole_file import read_file, replace_file


class EvidenceStore(Protocol):
    """Files by name, with `/` between parts. Everything raises MeshformError where it cannot be read or written."""

    @property
    def place(self) -> str:
        """Where it is, for people."""
        ...

    @property
    def journal(self) -> str:
        """What the names of the journal's files begin with."""
        ...

    def names(self, under: str, *, below: bool = False) -> Iterator[str]:
        """The names that begin with `under`, a folder (`a/`), sorted; with `below` those in folders of it, too."""
        ...

    def read(self, name: str) -> bytes:
        """What a file holds."""
        ...

    def write(self, name: str, body: bytes) -> str:
        """Write a file; where it is."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file."""
        ...


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A folder of this machine. `journal` is where in it the journal is."""

    place: str
    journal: str

    def names(self, under: str, *, below: bool = False) -> Iterator[str]:
        top = Path(self.place) / under
        found: Iterator[str]
        if below:
            found = (os.path.join(where, file) for where, _, files in os.walk(top) for file in files)
        else:
            found = (entry.path for entry in os.scandir(top) if entry.is_file()) if top.is_dir() else iter(())
        yield from sorted(Path(each).relative_to(self.place).as_posix() for each in found)

    def read(self, name: str) -> bytes:
        try:
            return read_file(Path(self.place) / name)
        except OSError as error:
            raise MeshformError(f"{self.place}/{name} cannot be read: {error.strerror}.") from error

    def write(self, name: str, body: bytes) -> str:
        path = Path(self.place) / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, body)
        except OSError as error:
            raise MeshformError(f"{path} cannot be written: {error.strerror}.") from error
        return str(path)

    def remove(self, name: str) -> None:
        try:
            (Path(self.place) / name).unlink(missing_ok=True)
        except OSError as error:
            raise MeshformError(f"{self.place}/{name} cannot be removed: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class BucketStore:
    """A place in a bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"""

    client: Any
    bucket: str
    prefix: str
    journal: str

    @property
    def place(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def names(self, under: str, *, below: bool = False) -> Iterator[str]:
        asked = {"Bucket": self.bucket, "Prefix": f"{self.prefix}{under}", **({} if below else {"Delimiter": "/"})}
        told, more = set[str](), ""
        while True:
            try:
                page = self.client.list_objects_v2(**asked, **({"ContinuationToken": more} if more else {}))
            except (ClientError, BotoCoreError, Unseen) as error:
                raise MeshformError(f"{self.place}/{under} cannot be listed: {error}.") from error
            yield from (row["Key"].removeprefix(self.prefix) for row in page.get("Contents", ()))
            more = page.get("NextContinuationToken")
            if not more:
                return
            if more in told:
                raise MeshformError(f"{self.place}/{under} cannot be listed: S3 told the token of a page twice.")
            told.add(more)

    def read(self, name: str) -> bytes:
        try:
            body: bytes = self.client.get_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")["Body"].read()
        except (ClientError, BotoCoreError, Unseen) as error:
            raise MeshformError(f"{self.place}/{name} cannot be read: {error}.") from error
        return body

    def write(self, name: str, body: bytes) -> str:
        try:
            self.client.put_object(Bucket=self.bucket, Key=f"{self.prefix}{name}", Body=body)
        except (ClientError, BotoCoreError, Unseen) as error:
            raise MeshformError(f"{self.place}/{name} cannot be written: {error}.") from error
        return f"{self.place}/{name}"

    def remove(self, name: str) -> None:
        try:
            self.client.delete_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")
        except (ClientError, BotoCoreError, Unseen) as error:
            raise MeshformError(f"{self.place}/{name} cannot be removed: {error}.") from error


def evidence_store(mesh: Mesh, sessions: Sessions | None) -> EvidenceStore:
    """Where a mesh keeps its evidence. Sessions are needed for a bucket only."""
    where = mesh.settings.journal
    if where.bucket is None:
        path = Path(where.path)
        return FolderStore(str(path.parent), f"{path.name}/")
    assert sessions is not None, "a bucket is asked as somebody"
    before, _, last = where.prefix.rstrip("/").rpartition("/")
    # A prefix that does not end with / begins the names of files.
    journal = f"{last}/" if where.prefix.endswith("/") else last
    try:
        client = sessions.client(placements.of_catalog(mesh), "s3")
    except Unseen as error:
        raise MeshformError(f"The evidence in s3://{where.bucket} cannot be reached: {error}.") from error
    return BucketStore(client, where.bucket, f"{before}/" if before else "", journal)
