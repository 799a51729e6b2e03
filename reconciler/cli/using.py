"""What commands know of uses: from CloudTrail's event history, or from files of a trail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.signed_in import signed_in

if TYPE_CHECKING:
    from reconciler.spec.mesh import Mesh
    from reconciler.usage import LastRead, Uses

records_option = click.option(
    "--records",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="Files of a CloudTrail trail, or a folder of them, in the place of the last 90 days. May be repeated.",
)
used_option = click.option("--used", is_flag=True, help="Ask CloudTrail when each was last used.")


def used(mesh: Mesh, records: tuple[Path, ...], now: datetime, *, quiet: bool) -> tuple[Uses, tuple[str, ...]]:
    """The latest uses, and where nothing could be read, which is told, too."""
    from reconciler.aws.use_history import recorded, use_history
    from reconciler.spec import placements
    from reconciler.usage import latest_uses, uses

    if records:
        history = recorded(records, (account.id for account in mesh.accounts.values()))
    else:
        sessions = signed_in(mesh, writes=False)
        readers = [account for account in mesh.accounts.values() if mesh.consumers_in(account)]
        places = [place for account in readers for place in placements.in_account(mesh, account)]
        with show.progress("Asking CloudTrail", quiet=quiet) as say:
            history = use_history(sessions, places, now, progress=say)
    for why in history.refused:
        show.note(f"! not known in {why}")
    return latest_uses(uses(history.calls), history.known_since), history.refused


def used_subscriptions(mesh: Mesh, records: tuple[Path, ...], now: datetime, *, quiet: bool) -> dict[str, LastRead]:
    """When each subscription was last used by anybody; what is in none of them is not known."""
    from reconciler.usage import last_by_subscription, last_uses

    return last_by_subscription(last_uses(mesh, used(mesh, records, now, quiet=quiet)[0]))
