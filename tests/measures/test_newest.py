"""The newest data of a table: never a time that nothing has, never "all was seen" where it was not, few requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.measures.newest import PAGES, Files, newest
from reconciler.model.address import Placement

HERE = Placement("222222222222", "eu-west-1")
KEY = "sales/orders/"


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class Bucket:
    """A Reader of one bucket and one table's partitions, which answers `size` names a page, as S3 and Glue do."""

    role = "plan"

    def __init__(self, objects: Mapping[str, int], partitions: Mapping[str, int], size: int) -> None:
        self.objects, self.partitions, self.size, self.asked = objects, partitions, size, 0

    def read(
        self, placement: Placement, service: str, operation: str, params: Any = None, absent: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        self.asked += 1
        if operation == "ListObjectsV2":
            names = sorted(name for name in self.objects if name.startswith(params["Prefix"]))
            start = int(params.get("ContinuationToken", 0))
            page = [{"Key": name, "LastModified": at(self.objects[name])} for name in names[start : start + self.size]]
            more = start + self.size < len(names)
            return {"Contents": page, **({"NextContinuationToken": str(start + self.size)} if more else {})}
        assert operation == "GetPartitions"
        values = sorted(self.partitions)
        start = int(params.get("NextToken", 0))
        rows = [
            {
                "Values": [value],
                "CreationTime": at(self.partitions[value]),
                "StorageDescriptor": {"Location": f"s3://bucket/{KEY}dt={value}"},
            }
            for value in values[start : start + self.size]
        ]
        more = start + self.size < len(values)
        return {"Partitions": rows, **({"NextToken": str(start + self.size)} if more else {})}

    def pages(self, *arguments: Any, **more: Any) -> Iterator[Any]:
        raise AssertionError("every page is counted")

    def once(self, key: str, make: Any) -> Any:
        return make()


def files(*, partitioned: bool = False, iceberg: bool = False) -> Files:
    return Files(HERE, "sales", "orders", "bucket", KEY, HERE, partitioned, iceberg)


days = st.dictionaries(st.from_regex(r"202[0-9]-0[1-9]", fullmatch=True), st.integers(1, 10_000), max_size=30)
names = st.sampled_from(["part-0.csv", "part-1.csv", "_SUCCESS", ".hidden", "_temporary/0", "x/_tmp/y", ""])


@settings(max_examples=50)
@given(days, st.dictionaries(names, st.integers(1, 10_000)), st.integers(1, 6), st.booleans())
def test_it_is_a_time_of_something_and_all_is_said_only_where_all_was_seen(
    partitions: dict[str, int], loose: dict[str, int], size: int, partitioned: bool
) -> None:
    objects = {f"{KEY}dt={day}/part.parquet": made + 7 for day, made in partitions.items()}
    objects |= {f"{KEY}{name}": time for name, time in loose.items()}
    data = {
        name: time
        for name, time in objects.items()
        if name[-1] != "/" and not any(part[:1] in "_." for part in name.split("/"))
    }
    aws = Bucket({**objects, "sales/orders-old/part": 99_999}, partitions, size)
    found = newest(aws, files(partitioned=partitioned))
    assert aws.asked <= 2 * PAGES + 1
    assert found.newest is None or found.newest in {*data.values(), *partitions.values()}
    if found.whole:
        assert found.newest == max(data.values(), default=None)
    else:
        assert len(objects) > PAGES * size
    if partitioned and not found.whole and len(partitions) <= PAGES * size:
        assert found.newest is not None
        assert found.newest >= max(partitions.values(), default=0)


@settings(max_examples=50)
@given(st.lists(st.integers(1, 10_000), max_size=9), st.integers(1, 3))
def test_of_iceberg_a_commit_tells_it_and_not_what_a_cleaning_leaves_behind(times: list[int], size: int) -> None:
    objects = {f"{KEY}metadata/{number:05}-x.metadata.json": time for number, time in enumerate(times)}
    aws = Bucket({**objects, f"{KEY}data/late.parquet": 99_999, f"{KEY}metadata/snap-1.avro": 99_999}, {}, size)
    found = newest(aws, files(iceberg=True))
    if found.whole:
        assert (found.newest, found.by) == (max(times, default=None), "commit" if times else "")
