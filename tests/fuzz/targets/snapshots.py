"""Snapshots: read, merged, redacted, and asked in the place of AWS."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path

from reconciler.kinds import registry
from reconciler.model.reading import Reading
from reconciler.pipeline import review
from reconciler.report.plain import plain
from reconciler.report.text import plan_text
from reconciler.snapshots.ask import header_for, observation_for
from reconciler.snapshots.file import read
from reconciler.snapshots.format import Part, canonical, header_json, reading_json
from reconciler.snapshots.merge import merge
from reconciler.snapshots.redact import redact
from reconciler.snapshots.summary import summary_text
from reconciler.spec.mesh import Mesh
from tests.fuzz.place import place
from tests.fuzz.target import Target, is_clean
from tests.snapshots.conftest import AT
from tests.spec.mutants import as_it_is, whole


def snapshot(data: bytes) -> str:
    """A file with a right proof, whatever stands in it."""
    path = _written(data)
    kept = read(path, registry())
    for line in map(plain, summary_text(kept)):
        assert is_clean(line), f"a summary with signs that steer a terminal: {line[:200]!r}"
    redact(path, place() / "redacted.gz", registry())
    merge(place() / "merged.gz", [path])
    return f"{len(kept.readings)} readings of {kept.header.mesh[:20]}"


def asked(data: bytes) -> str:
    """The same in the place of AWS: a plan comes of it, or a sentence."""
    kept = read(_written(data), registry())
    observation = observation_for(kept, _mesh(), registry(), "snapshot.gz")
    made = review(_mesh(), observation=observation)
    lines = [*plan_text(made)]
    for line in lines:
        assert is_clean(line), f"a plan with signs that steer a terminal: {line[:200]!r}"
    return lines[0]


def _written(data: bytes) -> Path:
    """A snapshot of these lines; where the last one proves nothing, with the proof that they are all."""
    lines = [each + b"\n" for each in data.split(b"\n") if each]
    end = json.dumps({"resources": 0, "readings": 0, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()})
    path = place() / "snapshot.gz"
    path.write_bytes(gzip.compress(b"".join([*lines, end.encode()]), 1))
    return path


@cache
def _mesh() -> Mesh:
    mesh = whole().mesh
    assert mesh is not None
    return mesh


@cache
def seeds() -> list[bytes]:
    """For each kind a snapshot with a few of what the mesh wants of it, and one with some of everything."""
    kinds, found = registry(), as_it_is()
    header = canonical(header_json(header_for(_mesh(), found, Part(AT, "arn:aws:sts::1:x/y", (_mesh().central.id,)))))
    every, made = list[str](), list[bytes]()
    for name in sorted({address.kind for address in found}):
        few = [each for each in found.values() if each.address.kind == name][:3]
        reading = Reading(name, few[0].address.placement, tuple(few))
        lines = [canonical(line) for line in reading_json(reading, kinds)]
        every += lines[:2]
        made.append("\n".join([header, *lines]).encode())
    return [*made, "\n".join([header, *every]).encode()]


TARGETS = (
    Target("snapshot", "lines", snapshot, seeds),
    Target("snapshot-asked", "lines", asked, seeds, 5),
)
