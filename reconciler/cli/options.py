"""Options that many commands share, and what they mean."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from reconciler.errors import InvalidMesh
from reconciler.model.finding import Finding
from reconciler.report.hints import finding_text, hint_lines

Command = Callable[..., Any]

MANY = 200
"""Findings that a person is shown at once."""


def mesh_option(command: Command) -> Command:
    """--mesh DIR: the folder of the mesh."""
    return click.option(
        "--mesh", "folder", default="mesh", show_default=True, metavar="DIR", help="Folder of the mesh."
    )(command)


def changed_option(command: Command) -> Command:
    """--changed-since REF: only what the change since that commit can touch is read."""
    return click.option(
        "--changed-since",
        metavar="REF",
        help="Read only what the change since this commit can touch, where drift is watched by a schedule.",
    )(command)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """--format: how results are written; the first is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How results are written.",
    )


def common(command: Command) -> Command:
    """--no-color, -q and -v. The command receives `quiet` and `verbose` (a count)."""

    @click.option("--no-color", is_flag=True, help="No colours, as when NO_COLOR is set.")
    @click.option("-q", "--quiet", is_flag=True, help="Results only: no progress, no remarks.")
    @click.option("-v", "--verbose", count=True, help="More: the fields and the literal requests.")
    @functools.wraps(command)
    def wrapped(*arguments: Any, no_color: bool, **options: Any) -> Any:
        import os

        if no_color or os.environ.get("NO_COLOR"):
            click.get_current_context().color = False
        return command(*arguments, **options)

    return wrapped


def mesh_of(loaded: Any, *, quiet: bool = False) -> Any:
    """The mesh of a Loaded; its warnings go to stderr. Raises InvalidMesh after all errors were written."""
    if loaded.mesh is None or not quiet:
        write_findings(loaded.findings)
    if loaded.mesh is None:
        errors = sum(finding.severity == "error" for finding in loaded.findings)
        raise InvalidMesh(f"The mesh has {errors} error{'s' if errors != 1 else ''}. AWS was not called.")
    return loaded.mesh


def write_findings(findings: Iterable[Finding]) -> None:
    """Findings on stderr, one a line, errors in red."""
    colors = {"error": "red", "warning": "yellow", "note": None}
    every = list(findings)
    for finding in every[:MANY]:
        click.secho(finding_text(finding), err=True, fg=colors[finding.severity])
        for hint in hint_lines(finding.hints):
            click.echo(f"  {hint}", err=True)
    if len(every) > MANY:
        click.echo(f"and {len(every) - MANY} more; `meshform validate --format json` shows all", err=True)


def is_terminal() -> bool:
    """Whether a person watches stderr."""
    return sys.stderr.isatty()
