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
    for rule in every.values():
        click.echo(f"{rule.id:<28} {rule.severity:<8} {rule.sentence}")
        if verbose:
            click.echo(f"{'':<37} {rule.advice}")
