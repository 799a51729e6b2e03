"""What is said below an issue that asks for data by its form: what is wrong with it, or what it gives."""

from __future__ import annotations

from reconciler.forge.protocol import Issue
from reconciler.owners.approval import demands
from reconciler.report.markdown import bullets, fence, folded, inline
from reconciler.spec.mesh import Mesh


def refused_text(issue: Issue, reason: str) -> str:
    """A wrong answer, with the reason."""
    return "\n".join(
        [
            f"@{issue.author}, this cannot be asked for as it stands:",
            "",
            *bullets([inline(line) for line in reason.splitlines() if line.strip()]),
            "",
            "Edit the answers above; they are read again then.",
        ]
    )


def taken_text(issue: Issue, before: Mesh, after: Mesh, document: str) -> str:
    """That the pull request is open, who must approve it, and what was asked for."""
    del issue
    needed = [
        f"{inline(demand.who)} must approve it: {inline(demand.why)}." if demand.who else "Nobody has to approve it."
        for demand in demands(before, after)
    ]
    return "\n".join(
        [
            "A pull request asks for it (see below). This issue is closed when it is merged.",
            "",
            *bullets(dict.fromkeys(needed)),
            "",
            *folded("The document", fence(document.splitlines(), "yaml")),
        ]
    )
