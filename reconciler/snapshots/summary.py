"""What is told of a snapshot: of which mesh, when and by whom, what it holds and what was not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from reconciler.snapshots.file import Kept


def summary_json(kept: Kept) -> dict[str, Any]:
    """The summary as JSON, version 1."""
    observation, header = kept.observation, kept.header
    return {
        "version": 1,
        "mesh": header.mesh,
        "central": header.central,
        "redacted": header.redacted,
        "parts": [
            {"taken": part.taken.astimezone(UTC).isoformat(), "by": part.by, "accounts": list(part.accounts)}
            for part in header.parts
        ],
        "resources": dict(sorted(Counter(address.kind for address in observation.found).items())),
        "gaps": [
            {"kind": gap.kind, "account": gap.placement.account, "region": gap.placement.region, "reason": gap.reason}
            for gap in observation.gaps
        ],
    }


def summary_text(kept: Kept) -> Iterable[str]:
    """The summary as lines for a person."""
    observation, header = kept.observation, kept.header
    yield f"Snapshot of the mesh {header.mesh}{', redacted' if header.redacted else ''}"
    for part in header.parts:
        count = len(part.accounts)
        yield f"  {_when(part.taken)}: {count} account{'' if count == 1 else 's'}, read by {part.by}"
    kinds = Counter(address.kind for address in observation.found)
    yield ""
    yield f"{kinds.total()} resources"
    width = len(str(max(kinds.values(), default=0)))
    for kind, count in sorted(kinds.items()):
        yield f"  {count:{width}}  {kind}"
    if observation.gaps:
        yield ""
        yield f"{len(observation.gaps)} not seen"
        for gap in observation.gaps:
            yield f"  ! {gap.kind} in {gap.placement}: {gap.reason}"


def _when(taken: datetime) -> str:
    return f"{taken.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
