"""A snapshot on disk: written line by line as AWS is read, and read with its proof that nothing is missing."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.errors import MeshformError
from reconciler.kinds import AnyKind
from reconciler.measures.kind import NAME, MeasureKind
from reconciler.measures.promises import Measures, by_table
from reconciler.model.address import Address
from reconciler.model.plain_json import MISSHAPEN, NotJson, plain_json
from reconciler.model.reading import Reading, observation_of
from reconciler.model.resource import AnyResource, Observation
from reconciler.snapshots.format import (
    VERSION,
    Header,
    Json,
    canonical,
    header_json,
    header_of,
    reading_json,
    reading_of,
    resource_of,
)

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one line. Nothing that AWS says of one thing comes near it."""
_LEVEL = 6


class BadSnapshot(MeshformError):
    """A file is no snapshot, or not a whole one; its text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot that was read: of which mesh, when and by whom, and each reading of it."""

    header: Header
    readings: tuple[Reading, ...]
    measured: tuple[Reading, ...] = ()
    """How new and how good the data were (`MeasureKind`); older snapshots do not say."""

    @property
    def observation(self) -> Observation:
        """All of it as one, as if AWS had just been read."""
        return observation_of(self.readings)

    @property
    def measures(self) -> Measures:
        """What was measured, by database and table."""
        return by_table(resource.spec for reading in self.measured for resource in reading.found)


def write(path: Path, header: Header, readings: Iterable[Reading], kinds: Mapping[str, AnyKind]) -> int:
    """Write a snapshot as its readings come, for its owner's eyes only, and say how many resources it holds.

    The file is there when it is whole, or not at all. Raises MeshformError where something else has its name.
    """
    lines = (line for reading in readings for line in reading_json(reading, kinds))
    return write_lines(path, header, lines)


def write_lines(path: Path, header: Header, lines: Iterable[Json]) -> int:
    """Write the lines of readings and resources between a header and its proof. See `write`."""
    if path.exists() and not is_snapshot(path):
        raise MeshformError(f"{path} is there already and is no snapshot, so it was not overwritten.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise MeshformError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as file:
            count = _write(file, header, lines)
        os.replace(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
    return count


def _write(file: gzip.GzipFile, header: Header, lines: Iterable[Json]) -> int:
    digest = hashlib.sha256()
    resources = readings = 0

    def put(data: Json) -> None:
        line = canonical(data).encode() + b"\n"
        digest.update(line)
        file.write(line)

    put(header_json(header))
    for line in lines:
        put(line)
        resources += "name" in line
        readings += "kind" in line
    end = {"resources": resources, "readings": readings, "sha256": digest.hexdigest()}
    file.write(canonical(end).encode() + b"\n")
    return resources


def is_snapshot(path: Path) -> bool:
    """Whether a file begins as a snapshot does, whatever its version."""
    with suppress(OSError, EOFError, zlib.error, ValueError):
        with gzip.open(path, "rb") as file:
            first = plain_json(file.readline(LONGEST_LINE))
        return isinstance(first, Mapping) and first.get("meshform") == "snapshot"
    return False


def lines_of(path: Path) -> Iterator[tuple[int, Json]]:
    """Each line but the last, with its number from 1. Raises BadSnapshot, at the end too: is it whole and unchanged."""
    digest, before = hashlib.sha256(), b""
    number = 0
    try:
        with gzip.open(path, "rb") as file:
            while line := file.readline(LONGEST_LINE):
                if before:
                    digest.update(before)
                    number += 1
                    yield number, _parsed(path, number, before)
                before = line
    except FileNotFoundError:
        raise BadSnapshot(f"There is no file {path}.") from None
    except gzip.BadGzipFile as error:
        raise BadSnapshot(f"{path} is no snapshot: {error}.") from error
    except OSError as error:
        raise BadSnapshot(f"{path} cannot be read: {error.strerror}.") from error
    except (EOFError, zlib.error) as error:
        raise BadSnapshot(f"{path} ends in the middle: it was cut or damaged. Take it again.") from error
    end = _parsed(path, number + 1, before) if before else {}
    if "sha256" not in end:
        raise BadSnapshot(f"{path} has no last line: it was cut, or its writing was broken off. Take it again.")
    if end["sha256"] != digest.hexdigest():
        raise BadSnapshot(f"{path} was changed after it was written: its checksum is another one. Take it again.")


def _parsed(path: Path, number: int, line: bytes) -> Json:
    try:
        data = plain_json(line)
    except NotJson as error:
        raise BadSnapshot(f"{path} is no snapshot: line {number} is no JSON: {error}.") from error
    if not isinstance(data, dict):
        raise BadSnapshot(f"{path} is no snapshot: line {number} is no object.")
    if number == 1:
        _check_version(path, data)
    return data


def _check_version(path: Path, first: Json) -> None:
    if first.get("meshform") != "snapshot":
        raise BadSnapshot(f"{path} is no snapshot: it does not begin as one.")
    if first.get("version") != VERSION:
        raise BadSnapshot(
            f"{path} has version {first.get('version')!r} of the format, and this Meshform reads version {VERSION}. "
            "Use the Meshform that wrote it, or take it again."
        )


def opened(path: Path) -> tuple[Header, Iterator[tuple[int, Json]]]:
    """The header of a snapshot, and its other lines (see `lines_of`). Raises BadSnapshot."""
    lines = lines_of(path)
    try:
        return header_of(next(lines)[1]), lines
    except StopIteration:
        raise BadSnapshot(f"{path} is empty.") from None
    except MISSHAPEN as error:
        raise BadSnapshot(f"{path}: its first line is not that of a snapshot: {error}.") from error


def read(path: Path, kinds: Mapping[str, AnyKind]) -> Kept:
    """A snapshot. Raises BadSnapshot."""
    header, lines = opened(path)
    every = tuple(_readings(path, lines, {**kinds, NAME: MeasureKind()}))
    _hold_apart(path, every)
    measured = tuple(each for each in every if each.kind == NAME)
    return Kept(header, tuple(each for each in every if each.kind != NAME) if measured else every, measured)


def _hold_apart(path: Path, readings: Iterable[Reading]) -> None:
    seen: set[Address] = set()
    for resource in (each for reading in readings for each in reading.found):
        if resource.address in seen:
            raise BadSnapshot(f"{path} tells twice of {resource.address}.")
        seen.add(resource.address)


def _readings(path: Path, lines: Iterable[tuple[int, Json]], kinds: Mapping[str, AnyKind]) -> Iterator[Reading]:
    reading: Reading | None = None
    found: list[AnyResource] = []
    for number, line in lines:
        try:
            if "kind" in line:
                if reading is not None:
                    yield _with(reading, found)
                reading, found = reading_of(line), []
            elif reading is None:
                raise ValueError("a resource before the first reading")
            else:
                found.append(resource_of(line, reading, _kind(reading.kind, kinds)))
        except (*MISSHAPEN, AssertionError, StopIteration) as error:
            raise BadSnapshot(f"{path}: line {number} is not understood: {_why(error)}.") from error
    if reading is not None:
        yield _with(reading, found)


def _with(reading: Reading, found: list[AnyResource]) -> Reading:
    return Reading(reading.kind, reading.placement, tuple(found), reading.gaps)


def _kind(name: str, kinds: Mapping[str, AnyKind]) -> AnyKind:
    if name not in kinds:
        raise ValueError(f"{name} is a kind of resource that this Meshform does not know")
    return kinds[name]


def _why(error: BaseException) -> str:
    text: Any = error.args[0] if error.args else type(error).__name__
    return str(text)[:200]
