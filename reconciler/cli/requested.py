"""What became of requests, from git, the journal and the forge, as far as each is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.cli import show
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.catalog.site.choices import Requests
    from reconciler.forge.protocol import Proposal
    from reconciler.history.event import Event
    from reconciler.spec.mesh import Mesh


def requests_of(mesh: Mesh, folder: str, *, quiet: bool) -> Requests:
    """Every request. What cannot be asked is told, and what is not known is told as not known."""
    from reconciler.catalog.requests import requests
    from reconciler.catalog.site.choices import Requests
    from reconciler.spec.today import today

    events, proposals = _events(folder, quiet=quiet), _proposals(folder)
    return Requests(requests(mesh, today(), events, proposals), events is not None, proposals is not None)


def _events(folder: str, *, quiet: bool) -> list[Event] | None:
    from reconciler.cli.evidence import line_and_store
    from reconciler.history.index import FILE
    from reconciler.history.matter import Matter
    from reconciler.history.recorded import recorded

    try:
        line, store, shown = line_and_store(folder, None, quiet=quiet)
        with recorded(line, shown, store, FILE) as known:
            return known.history(Matter("", ""))
    except MeshformError as error:
        show.note(f"! the history is not known: {error}")
        return None


def _proposals(folder: str) -> tuple[Proposal, ...] | None:
    from reconciler.forge.here import forge
    from reconciler.spec.yaml.commit import folder_in_repository

    try:
        return forge().proposals(folder_in_repository(folder))
    except MeshformError as error:
        show.note(f"! pull requests are not known: {error}")
        return None
