"""retire: a product, a table or a column goes; or a domain, consumer, team, subscription or value of an LF-tag."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.answer import answer, last_day, need
from reconciler.cli.options import base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import need_forge, propose_all, say_who_approves, written_all

if TYPE_CHECKING:
    from reconciler.making.edits import Edits
    from reconciler.making.wholes import Whole
    from reconciler.spec.retiring import Thing

_WHAT, _ASKS = "NAME", "What goes (product, product.table, product.table.column, subscription, consumer, domain, ...)"


@click.command(epilog="Example: meshform retire fund-prices --until 2027-06-30 --instead asset-management/funds")
@click.argument("thing", metavar="[NAME]", required=False)
@mesh_option
@click.option("--until", metavar="DATE", help="Last day on which it is there, such as 2027-06-30.")
@click.option("--instead", metavar="NAME", help="What to read instead: a product, a table, a column.")
@click.option("--why", metavar="TEXT", help="Why it goes; whoever reads it is told.")
@click.option("--propose", is_flag=True, help="Open the pull request.")
@base_option
@common
def command(
    thing: str | None,
    folder: str,
    until: str | None,
    instead: str | None,
    why: str | None,
    propose: bool,
    base: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Announce that a product, a table (product.table) or a column (product.table.column) goes, and say who reads it.

    Nothing is taken away by that: whoever reads it is warned until its last day. After it `meshform expire --propose`
    proposes to remove it, and what names it.

    A domain goes with its products and a consumer with its subscriptions, which get that last day. A team goes at once,
    with --instead TEAM in its place; a value of an LF-tag (key=value) when nothing carries it. Where several things
    have a name, write which: domain:credit.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.making.announcing import retired
    from reconciler.making.wholes import ending, going
    from reconciler.spec.retiring import Thing

    need_forge(is_proposed=propose)
    need({_WHAT: thing, **({"--until": until} if thing is None else {})})
    before = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    chosen = answer(thing, _ASKS, _WHAT, partial(going, before))
    asks, last = f"Last day on which {chosen.name} is there", None
    if isinstance(chosen, Thing) or chosen.has_day:
        last = answer(until, asks, "--until", last_day)
    if isinstance(chosen, Thing):
        assert last is not None, "it was asked for"
        edits = retired(before, chosen, last, instead, why)
    else:
        edits = ending(before, chosen, last, instead, why)
    announce(folder, edits, chosen, f"Announce that {chosen.name} retires", base if propose else None, quiet=quiet)


def announce(folder: str, edits: Edits, thing: Thing | Whole, title: str, base: str | None, *, quiet: bool) -> None:
    """Write the edits, say who reads the thing and who must approve; propose them where a branch is given."""
    from reconciler.making.things import readers
    from reconciler.spec.retiring import Thing

    before = edits.mesh
    after = written_all(folder, edits.files, before, quiet=quiet, is_standing=True)
    if isinstance(thing, Thing):
        found = [f"  {line}" for line in readers(before, thing)]
        show.lines([f"{thing.name} is read by:" if found else f"Nobody reads {thing.name} by a subscription.", *found])
    show.lines(edits.told)
    say_who_approves(before, after)
    if base is not None:
        branch = f"meshform/retire-{thing.name.replace('.', '-').replace('=', '-')}"
        propose_all(folder, edits.files, base, branch, title, "\n".join([*edits.told, "Made by `meshform`."]))
    elif not quiet:
        paths = ", ".join(str(Path(folder) / path) for path in edits.files)
        show.hint(f"commit {paths} and open a pull request, or run this with --propose")
