"""The lines of a snapshot: a header, then each reading with its resources, and last a line that proves they are all.

| line     | is                                                                                        |
|----------|-------------------------------------------------------------------------------------------|
| header   | `{"meshform": "snapshot", "version": 1, "mesh": …, "central": …, "parts": [...]}`         |
| reading  | `{"kind": …, "at": "111111111111/eu-west-1", "gaps": [...]}`                              |
| resource | `{"name": …, "spec": {...}}`: one of the reading above it; `at` where it lies elsewhere   |
| end      | `{"resources": 7, "readings": 3, "sha256": …}`: of the bytes of all lines before          |

schemas/snapshot-v1.schema.json describes them. Each is canonical JSON: equal states are equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reconciler.kinds import AnyKind
from reconciler.model.address import Address, Placement
from reconciler.model.last_change import LastChange
from reconciler.model.moment import moment
from reconciler.model.reading import Reading
from reconciler.model.resource import AnyResource, Gap, Resource

VERSION = 1
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One run that read: when it began, as whom (an ARN), and of which accounts."""

    taken: datetime
    by: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Of which mesh a snapshot is, and who read its parts.

    `central` is the account whose readings come first. `wanted` is a digest of what the mesh asked for by name: what a
    later mesh asks for besides was not looked for.
    """

    mesh: str
    central: str
    wanted: str
    parts: tuple[Part, ...]
    redacted: bool = False

    @property
    def taken(self) -> datetime:
        """When the first of its parts was begun."""
        return min(part.taken for part in self.parts)


def canonical(data: Json) -> str:
    """One line of JSON, without its end."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def header_json(header: Header) -> Json:
    """The first line."""
    parts = [
        {"taken": f"{part.taken.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "by": part.by, "accounts": list(part.accounts)}
        for part in header.parts
    ]
    named = {"mesh": header.mesh, "central": header.central, "wanted": header.wanted}
    return {"meshform": "snapshot", "version": VERSION, **named, "parts": parts, "redacted": header.redacted}


def header_of(data: Json) -> Header:
    """The header that was written so. Raises KeyError, TypeError or ValueError for anything else."""
    parts = tuple(
        Part(moment(part["taken"]), str(part["by"]), tuple(map(str, part["accounts"]))) for part in data["parts"]
    )
    if not parts:
        raise ValueError("it has no parts")
    return Header(str(data["mesh"]), str(data["central"]), str(data["wanted"]), parts, bool(data["redacted"]))


def reading_json(reading: Reading, kinds: Mapping[str, AnyKind]) -> Iterator[Json]:
    """The line of a reading, then those of its resources."""
    gaps = [{"at": str(gap.placement), "reason": gap.reason} for gap in reading.gaps]
    yield {"kind": reading.kind, "at": str(reading.placement), **({"gaps": gaps} if gaps else {})}
    for resource in reading.found:
        yield _resource_json(resource, reading.placement, kinds[reading.kind])


def reading_of(data: Json) -> Reading:
    """The reading that a line begins, without its resources."""
    kind = str(data["kind"])
    gaps = tuple(Gap(kind, Placement.parse(gap["at"]), str(gap["reason"])) for gap in data.get("gaps", ()))
    return Reading(kind, Placement.parse(data["at"]), gaps=gaps)


def _resource_json(resource: AnyResource, placement: Placement, kind: AnyKind) -> Json:
    said: dict[str, Any] = {"name": resource.address.name, "spec": kind.encode(resource.spec)}
    if resource.address.placement != placement:
        said["at"] = str(resource.address.placement)
    for name in ("handle", "note"):
        if (value := getattr(resource, name)) is not None:
            said[name] = value
    if resource.changed is not None:
        said["changed"] = _changed_json(resource.changed)
    return said


def resource_of(data: Json, reading: Reading, kind: AnyKind) -> AnyResource:
    """The resource that a line tells of a reading. Raises ValueError where its kind does not know it so."""
    at = Placement.parse(data["at"]) if "at" in data else reading.placement
    changed = _changed_of(data["changed"]) if "changed" in data else None
    address = Address(reading.kind, at, str(data["name"]))
    return Resource(
        address, kind.decode(data["spec"]), handle=data.get("handle"), note=data.get("note"), changed=changed
    )


def _changed_json(changed: LastChange) -> Json:
    told = {"by": changed.by, "at": changed.at.isoformat() if changed.at else None}
    return {name: value for name, value in told.items() if value is not None}


def _changed_of(data: Json) -> LastChange:
    return LastChange(data.get("by"), moment(data["at"]) if "at" in data else None)
