"""rules: list the rules of the mesh language and of the gates."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option


@click.command(epilog="Example: meshform rules -v")
@format_option("text", "json")
@common
def command(form: str, quiet: bool, verbose: int) -> None:
    """List every rule by its id, and with -v what to do about it. `--accept` takes the ids of gates."""
    del quiet
    from reconciler.plan.rulebook import plan_rules
    from reconciler.report.table import Table
    from reconciler.spec.rule import rules

    every = {**rules(), **plan_rules()}
    if form == "json":
        show.data(
            [
                {"rule": rule.id, "severity": rule.severity, "sentence": rule.sentence, "advice": rule.advice}
                for rule in every.values()
            ]
        )
        return
    headings = ("rule", "severity", "what must hold", *(("what to do",) if verbose else ()))
    rows = [(each.id, each.severity, each.sentence, *((each.advice,) if verbose else ())) for each in every.values()]
    show.table(Table(headings, tuple(rows)))
