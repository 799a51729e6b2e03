"""The review of a pull request: what its documents ask for since the base, and what apply would change."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from reconciler.cli import show
from reconciler.cli.options import standing_findings
from reconciler.cli.signed_in import signed_in

if TYPE_CHECKING:
    from reconciler.plan.review import Review
    from reconciler.spec.load import Loaded


def pull_request_review(
    folder: str, loaded: Loaded, base: str, *, offline: bool, narrow: bool, quiet: bool
) -> Review | None:
    """The review of the pull request (narrow: of what the change can touch); None when its documents have errors."""
    from reconciler import pipeline
    from reconciler.forge.git import file_at
    from reconciler.history.made_since import made_since
    from reconciler.owners.asked import unasked
    from reconciler.owners.resolve import PLACES
    from reconciler.spec.yaml.commit import folder_in_repository

    if loaded.mesh is None:
        return None
    # A base with errors (or without a mesh) is nothing to compare with; the plan alone is told then.
    known = pipeline.load_commit(folder, base)
    before = known.mesh
    observation = sessions = None
    if not offline:
        read_scope = pipeline.changed_since(base, before, loaded.mesh) if narrow and before else None
        untouched = read_scope is not None and read_scope.is_empty
        sessions = None if untouched else signed_in(loaded.mesh, writes=False)
        with show.progress("Reading AWS", quiet=quiet) as say:
            observation = pipeline.look(loaded.mesh, sessions, say, read_scope)
    reviewed = pipeline.review(
        loaded.mesh,
        observation=observation,
        base=before,
        base_name=base,
        findings=loaded.findings,
        standing=standing_findings(loaded, known) if before else (),
        made_since=partial(made_since, loaded.mesh, sessions),
    )
    if before is None:
        return reviewed
    asked = unasked(before, loaded.mesh, file_at(base, PLACES), folder_in_repository(folder))
    return replace(reviewed, unasked=asked)
