"""What a site is told besides the documents, as options of `catalog build` and `catalog serve`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options import snapshot_option
from reconciler.cli.using import records_option, used_option

if TYPE_CHECKING:
    from reconciler.catalog.site.choices import Choices, Live, Past
    from reconciler.catalog.site.readers import Reading
    from reconciler.history.schema_changes import SchemaChange
    from reconciler.spec.mesh import Mesh
    from reconciler.usage import LastRead

_PUBLIC = "Leave out who reads what: consumers, principals, subscriptions, requests, drift and history."
_REPOSITORY = (
    "Where the mesh lives, such as https://github.com/bank/mesh: requests open there, filled in. "
    "Default: what the job of GitHub or GitLab says."
)
_REQUESTS = "With what became of requests, by git, the journal, and the forge where GITHUB_TOKEN is set."
_OPTIONS = (
    click.option("--public", is_flag=True, help=_PUBLIC),
    click.option("--repository", metavar="URL", help=_REPOSITORY),
    click.option("--branch", default="main", show_default=True, metavar="NAME", help="Its main branch."),
    click.option("--history", type=click.IntRange(1, 3660), metavar="DAYS", help="With what happened in so long."),
    click.option("--requests", is_flag=True, help=_REQUESTS),
    snapshot_option,
    used_option,
    records_option,
)


def site_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of both."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def choices_of(
    mesh: Mesh,
    folder: str,
    *,
    public: bool,
    repository: str | None,
    branch: str,
    history: int | None,
    requests: bool,
    snapshot: Path | None,
    used: bool,
    records: tuple[Path, ...],
    quiet: bool,
) -> Choices:
    """What the options say. A public site does not ask who used what, nor who asks."""
    from reconciler.catalog.site.choices import Choices
    from reconciler.catalog.site.forges import new_file_page
    from reconciler.cli.requested import requests_of
    from reconciler.forge.here import page
    from reconciler.spec.today import today

    repository = repository or page()
    wants_uses = (used or records) and not public
    return Choices(
        today(),
        public,
        new_file_page(repository, branch, folder) if repository else "",
        _live(mesh, snapshot, quiet=quiet) if snapshot is not None else None,
        _past(folder, history, quiet=quiet) if history else None,
        requests_of(mesh, folder, quiet=quiet) if requests and not public else None,
        _used(mesh, records, quiet=quiet) if wants_uses else None,
    )


def _used(mesh: Mesh, records: tuple[Path, ...], *, quiet: bool) -> Mapping[str, LastRead]:
    """When each subscription was last used."""
    # With these comes botocore, which a site from documents alone does without.
    from reconciler.aws.use_history import now
    from reconciler.cli.using import used_subscriptions

    return used_subscriptions(mesh, records, now(), quiet=quiet)


def _live(mesh: Mesh, snapshot: Path, *, quiet: bool) -> Live:
    """What a snapshot tells."""
    from reconciler import pipeline
    from reconciler.catalog.site.choices import Live
    from reconciler.cli import show
    from reconciler.kinds import registry
    from reconciler.measures.promises import promises
    from reconciler.report.drift import Drift
    from reconciler.snapshots.file import read

    drift = Drift(pipeline.review(mesh, observation=show.snapshot(mesh, snapshot, quiet=quiet)))
    kept = read(snapshot, registry())
    found = tuple(promises(mesh, kept.measures, kept.header.taken))
    return Live(kept.header.taken, kept.measures, found, drift)


def _past(folder: str, days: int, *, quiet: bool) -> Past:
    """What happened in the last days, as the main branch and the journal tell it."""
    from reconciler.catalog.site.choices import Past
    from reconciler.cli.evidence import line_and_store
    from reconciler.history.index import FILE
    from reconciler.history.matter import Matter
    from reconciler.history.recorded import recorded
    from reconciler.history.schema_changes import schema_changes
    from reconciler.spec.today import today

    since = today() - timedelta(days=days)
    line, store, shown = line_and_store(folder, None, quiet=quiet)
    with recorded(line, shown, store, FILE) as known:
        events = tuple(known.history(Matter("", ""), since, None))
        changes = [*schema_changes(known, since)]
    return Past(since, events, tuple(zip(changes, _broke(folder, changes), strict=True)))


def _broke(folder: str, changes: list[SchemaChange]) -> Iterator[tuple[str, ...]]:
    """By change: the subscriptions that could read a column on the day on which it went or got another type.

    Only the commits before such changes are loaded, each once.
    """
    from reconciler import pipeline
    from reconciler.catalog.site.readers import readings

    @cache
    def read_before(commit: str, day: str) -> Mapping[str, tuple[Reading, ...]]:
        mesh = pipeline.load_commit(folder, commit, on=date.fromisoformat(day)).mesh
        return readings(mesh) if mesh is not None else {}

    for change in changes:
        found = read_before(change.parent, change.at[:10]) if change.breaks and change.parent else {}
        yield tuple(
            each.subscription.name
            for each in found.get(change.product, ())
            if (opened := each.columns.get(change.table)) and (not change.column or change.column in opened)
        )
