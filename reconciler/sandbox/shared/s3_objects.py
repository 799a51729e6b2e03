"""Objects of the simulated S3, read and written by Athena and by crawlers in somebody's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from moto.s3.models import FakeDeleteMarker, s3_backends

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.iam.kms import require_to_read, require_to_write
from reconciler.sandbox.services.iam.s3 import require_s3


@dataclass(frozen=True, slots=True)
class Location:
    """A bucket and a prefix of keys."""

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object below a location; `read` gives its bytes."""

    bucket: str
    key: str
    size: int
    read: Callable[[], bytes]

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def location(uri: str) -> Location:
    """The bucket and key of an `s3://` address. ValueError: it is none."""
    parts = urlsplit(uri)
    if parts.scheme not in ("s3", "s3a", "s3n") or not parts.netloc:
        raise ValueError(f"{uri} is no s3:// address")
    return Location(parts.netloc, uri.split(parts.netloc, 1)[1].lstrip("/"))


def objects(uri: str) -> Iterator[S3Object]:
    """The objects below a location, by key; hidden ones (`_` or `.` first) and empty ones left out."""
    place = location(uri)
    bucket = _bucket(place.bucket)
    if bucket is None:
        return
    folder = place.key if not place.key or place.key.endswith("/") else f"{place.key}/"
    for key in sorted(bucket.keys.keys()):
        if not (key.startswith(folder) or key == place.key):
            continue
        below = key[len(folder) :] if key != place.key else key.rpartition("/")[2]
        stored = bucket.keys[key]
        if isinstance(stored, FakeDeleteMarker):
            continue
        if not below or below.startswith(("_", ".")) or "/_" in below or "/." in below or not stored.size:
            continue
        yield S3Object(place.bucket, key, stored.size, partial(_bytes, stored))


def _bytes(stored: Any) -> bytes:
    return bytes(stored.value)


def require_read(world: World, caller: Caller, uri: str) -> None:
    """Raise AccessDenied unless the caller may list a location and read every object below it, under its key too."""
    place = location(uri)
    require_s3(world, caller, "s3:ListBucket", place.bucket, "", {"s3:prefix": place.key})
    for found in objects(uri):
        require_s3(world, caller, "s3:GetObject", found.bucket, found.key)
        require_to_read(world, caller, found.bucket, found.key)


def bucket_exists(name: str) -> bool:
    """Whether any account has a bucket of this name."""
    return _bucket(name) is not None


def bucket_region(name: str) -> str:
    """The region of a bucket that is there."""
    bucket = _bucket(name)
    assert bucket is not None, "asked of buckets that are there"
    return str(bucket.region_name)


def write(
    world: World, caller: Caller, uri: str, body: bytes, encryption: str | None = None, key: str | None = None
) -> None:
    """Put an object with the caller's rights, marked as encrypted (`AES256`, `aws:kms` with a key).

    NoSuchBucket, AccessDenied, KMS.NotFoundException.
    """
    place = location(uri)
    require_s3(world, caller, "s3:PutObject", place.bucket, place.key)
    marks = {"x-amz-server-side-encryption": encryption, "x-amz-server-side-encryption-aws-kms-key-id": key}
    require_to_write(world, caller, place.bucket, place.key, {name: mark for name, mark in marks.items() if mark})
    for partitions in list(s3_backends.values()):
        backend = partitions["aws"]
        if place.bucket in backend.buckets:
            backend.put_object(place.bucket, place.key, body, encryption=encryption, kms_key_id=key)
            return
    raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404)


def remove(world: World, caller: Caller, uri: str) -> None:
    """Delete every object below a location with the caller's rights. AccessDenied, then nothing is deleted."""
    gone = list(objects(uri))
    for found in gone:
        require_s3(world, caller, "s3:DeleteObject", found.bucket, found.key)
    for partitions in list(s3_backends.values()):
        backend = partitions["aws"]
        for found in gone:
            if found.bucket in backend.buckets:
                backend.delete_object(found.bucket, found.key)


def _bucket(name: str) -> Any | None:
    for partitions in list(s3_backends.values()):
        found = partitions["aws"].buckets.get(name)
        if found is not None:
            return found
    return None
