"""Buckets that accounts of the sandbox have from the start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GivenBucket:
    """A bucket of an account, with versions."""

    account: str
    region: str
    name: str


def seed_buckets(buckets: Iterable[GivenBucket]) -> None:
    """Make the buckets, in accounts in which nothing has been made yet."""
    from moto.s3.models import s3_backends

    for each in buckets:
        made = s3_backends[each.account]["aws"].create_bucket(each.name, each.region)
        made.versioning_status = "Enabled"
