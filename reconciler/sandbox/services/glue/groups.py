"""Which objects below a crawled path make one table (define-crawler, how a crawler groups objects)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from reconciler.sandbox.services.glue.infer import Schema, merged, schema
from reconciler.sandbox.shared.s3_objects import S3Object, location


@dataclass(frozen=True, slots=True)
class Group:
    """One table that a crawl found: its name, its folder, its schema, and its partitions by folder."""

    name: str
    uri: str
    schema: Schema
    keys: tuple[str, ...]
    partitions: tuple[tuple[tuple[str, ...], str], ...]
    objects: tuple[S3Object, ...]


def groups(uri: str, found: Sequence[S3Object], exclusions: Sequence[str] = ()) -> list[Group]:
    """The tables below a path.

    Objects of compatible schemas are one table, named for the path's last folder, its subfolders partitions;
    otherwise every subfolder is looked at by itself, and objects of different schemas beside each other are a
    table each. Objects that are neither CSV nor Parquet are left out.
    """
    root = location(uri).key.rstrip("/")
    kept = [one for one in found if not any(fnmatchcase(_below(one.key, root), glob) for glob in exclusions)]
    read = [(one, known) for one in kept if (known := schema(one)) is not None]
    return _grouped(location(uri).bucket, root, read)


def _grouped(bucket: str, root: str, read: list[tuple[S3Object, Schema]]) -> list[Group]:
    if not read:
        return []
    common = merged([known for _, known in read])
    depths = {_below(one.key, root).count("/") for one, _ in read}
    if common is not None and len(depths) == 1:
        return [_group(bucket, root, common, [one for one, _ in read], depths.pop())]
    tables: list[Group] = []
    folders: dict[str, list[tuple[S3Object, Schema]]] = {}
    for one, known in read:
        first, slash, _ = _below(one.key, root).partition("/")
        if slash:
            folders.setdefault(first, []).append((one, known))
        else:
            tables.append(Group(_named(first), one.uri, known, (), (), (one,)))
    for folder, below in sorted(folders.items()):
        tables.extend(_grouped(bucket, f"{root}/{folder}" if root else folder, below))
    return tables


def _group(bucket: str, root: str, known: Schema, objects: list[S3Object], depth: int) -> Group:
    values: dict[tuple[str, ...], str] = {}
    keys = [f"partition_{number}" for number in range(depth)]
    for one in objects:
        folders = _below(one.key, root).split("/")[:-1]
        for number, folder in enumerate(folders):
            if "=" in folder:
                keys[number] = folder.partition("=")[0].lower()
        if folders:
            told = tuple(folder.partition("=")[2] if "=" in folder else folder for folder in folders)
            values[told] = f"s3://{bucket}/{root + '/' if root else ''}{'/'.join(folders)}/"
    uri = f"s3://{bucket}/{root + '/' if root else ''}"
    name = _named(root.rpartition("/")[2] or bucket)
    return Group(name, uri, known, tuple(keys), tuple(sorted(values.items())), tuple(objects))


def _below(key: str, root: str) -> str:
    return key.removeprefix(root).lstrip("/") or key.rpartition("/")[2]


def _named(text: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", text.lower())
