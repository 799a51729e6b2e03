"""A folder and a bucket keep evidence alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.aws.evidence_store import BucketStore, EvidenceStore, evidence_store
from reconciler.errors import MeshformError
from reconciler.sandbox import sandbox
from reconciler.sandbox.shared.seed_buckets import GivenBucket
from tests.estate import CENTRAL, REGION, variant

Stores = tuple[BucketStore, EvidenceStore]


@pytest.fixture(params=["journal/", "deep/er/journal/", ""])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The one of a bucket with a prefix, and the one of a folder."""
    prefix = request.param
    said = f"journal: {{bucket: evidence, prefix: {prefix!r}}}\nlimits:"
    mesh = variant(("mesh.yaml", "limits:", said))
    folder = variant(("mesh.yaml", "limits:", f"journal: {{path: {tmp_path}/journal}}\nlimits:"))
    with sandbox(buckets=[GivenBucket(CENTRAL, REGION, "evidence")]):
        bucket = evidence_store(mesh, pipeline.sessions_for(mesh, writes=True))
        assert isinstance(bucket, BucketStore)
        yield bucket, evidence_store(folder, None)


def test_what_is_written_is_listed_read_and_removed(stores: Stores) -> None:
    for store in stores:
        names = [f"snapshots/2026/{number:04}" for number in range(3)]
        for name in (*names, "snapshots/top", "other"):
            store.write(name, name.encode())
        assert list(store.names("snapshots/")) == ["snapshots/top"]
        assert list(store.names("snapshots/", below=True)) == [*names, "snapshots/top"]
        assert list(store.names("nothing/")) == []
        assert store.read(names[1]) == names[1].encode()
        store.remove(names[1])
        assert list(store.names("snapshots/2026/")) == [names[0], names[2]]
        with pytest.raises(MeshformError, match="cannot be read"):
            store.read(names[1])


def test_a_listing_goes_on_over_pages(stores: Stores) -> None:
    bucket, _ = stores
    for number in range(5):
        bucket.write(f"a/{number}", b"")
    real = bucket.client.list_objects_v2

    class Small:
        def list_objects_v2(self, **asked: object) -> object:
            return real(**asked, MaxKeys=2)

    small = replace(bucket, client=Small())
    assert list(small.names("a/")) == [f"a/{number}" for number in range(5)]


def test_a_listing_whose_pages_go_round_in_a_circle_ends(stores: Stores) -> None:
    bucket, _ = stores

    class Circle:
        def list_objects_v2(self, **asked: object) -> object:
            return {"Contents": [{"Key": f"{bucket.prefix}a/1"}], "NextContinuationToken": "again"}

    circle = replace(bucket, client=Circle())
    with pytest.raises(MeshformError, match="twice"):
        list(circle.names("a/"))
