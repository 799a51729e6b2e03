"""Drift as an issue of the repository."""

from __future__ import annotations

from urllib.parse import quote

from reconciler.report.comment import LIMIT, size
from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from reconciler.report.markdown import fence
from reconciler.report.plain import plain, shortened

_LONGEST = 500


def marker(folder: str) -> str:
    """The hidden first line by which the issue of a mesh is found again."""
    return f"<!-- meshform drift: {quote(folder.strip('/')).replace('--', '%2D%2D')} -->"


def title(drift: Drift) -> str:
    """The title of the issue."""
    count = len(drift.deviations) + len(drift.broken) + len(drift.undeclared)
    mesh = drift.reviewed.mesh.name
    return f"Drift: AWS differs from the mesh {mesh} in {count} place{'s' if count != 1 else ''}"


def body(folder: str, drift: Drift, run: str | None) -> str:
    """The body: the drift report as a block, as much of it as an issue takes."""
    every = [plain(shortened(line.removeprefix("  "), _LONGEST)) for line in drift_text(drift)]
    kept: list[str] = []
    left = LIMIT - 1_000
    for line in every:
        left -= size([line])
        if left < 0:
            break
        kept.append(line)
    rest = (
        [f"{len(every) - len(kept)} more lines are left out; `meshform drift` shows all."]
        if len(kept) < len(every)
        else []
    )
    link = [f"[The run that saw it]({run})."] if run else []
    return "\n".join(
        [
            marker(folder),
            "Somebody changed AWS past the mesh, or the last apply has not finished. `meshform apply` repairs it;",
            "what should stay belongs into the documents.",
            "",
            *fence(kept, "diff"),
            "",
            *rest,
            *link,
        ]
    )
