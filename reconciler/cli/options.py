"""Options that many commands share, and what they mean."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from reconciler.cli import show
from reconciler.cli.answer import kept_answers
from reconciler.cli.logged import logged
from reconciler.cli.terminal import fitted, width
from reconciler.errors import InvalidMesh, MeshformError
from reconciler.model.finding import Finding
from reconciler.report.hints import finding_text, hint_lines, standing_text

Command = Callable[..., Any]

_MESH = "mesh"
MANY = 200
"""Findings that a person is shown at once."""


def mesh_option(command: Command) -> Command:
    """--mesh DIR: the folder of the mesh; where none is given, `mesh` here or in a folder above."""
    return click.option(
        "--mesh",
        "folder",
        default=_MESH,
        show_default=True,
        metavar="DIR",
        callback=_found,
        help="Folder of the mesh; looked for in the folders above, too.",
    )(command)


def _found(context: click.Context, parameter: click.Parameter, folder: str) -> str:
    """The folder as given; else the nearest `mesh` with a mesh.yaml upwards, also from within it."""
    given = context.get_parameter_source(str(parameter.name)) is not click.core.ParameterSource.DEFAULT
    if given or Path(folder).is_dir():
        return folder
    here = Path.cwd()
    for above in (here, *here.parents):
        for place in (above, above / _MESH):
            if (place / "mesh.yaml").is_file():
                return os.path.relpath(place)
        if (above / ".git").exists():
            break
    return folder


def author_option(command: Command) -> Command:
    """--author NAME: whose comments and issues are ours."""
    return click.option(
        "--author",
        metavar="NAME",
        help="Whom the token belongs to. Default: github-actions[bot]; at GitLab the account of the token.",
    )(command)


def base_option(command: Command) -> Command:
    """--base BRANCH: what the pull request is to change that a command proposes."""
    return click.option(
        "--base", default="main", show_default=True, metavar="BRANCH", help="Where the pull request leads to."
    )(command)


def changed_option(command: Command) -> Command:
    """--changed-since REF: only what the change since that commit can touch is read."""
    return click.option(
        "--changed-since",
        metavar="REF",
        help="Read only what the change since this commit can touch, where drift is watched by a schedule.",
    )(command)


def snapshot_option(command: Command) -> Command:
    """--snapshot FILE: what AWS had when a file was written, in the place of AWS."""
    return click.option(
        "--snapshot",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Look into this file of `meshform snapshot`; AWS is not called.",
    )(command)


def reader_option(command: Command) -> Command:
    """--as PRINCIPAL: what that one reads of everything that is told."""
    return click.option(
        "--as", "reader", metavar="PRINCIPAL", help="Say of each what this principal reads by the documents."
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
    """--no-color, -q, -v and the log. The command receives `quiet` and `verbose` (a count)."""

    @click.option("--no-color", is_flag=True, help="No colours, as when NO_COLOR is set.")
    @click.option("-q", "--quiet", is_flag=True, help="Results and warnings only: no progress, no notes.")
    @click.option("-v", "--verbose", count=True, help="More: the fields and the literal requests.")
    @logged
    @functools.wraps(command)
    def wrapped(*arguments: Any, no_color: bool, **options: Any) -> Any:
        context = click.get_current_context()
        _refuse_empty(context)
        if no_color or os.environ.get("NO_COLOR"):
            context.color = False
        with kept_answers():
            return command(*arguments, **options)

    return wrapped


_PLACES = frozenset({"REF", "SHA", "BRANCH", "DIR", "FILE", "PATH"})


def _refuse_empty(context: click.Context) -> None:
    """An empty commit or file is a variable that nobody has set; a command would answer another question."""
    for option in context.command.params:
        value = context.params.get(str(option.name))
        every = value if isinstance(value, tuple) else (value,)
        if option.metavar in _PLACES and "" in every:
            raise click.UsageError(f"{option.opts[0]} is empty: give it a {option.metavar}, or leave it out.")


def mesh_of(loaded: Any, *, quiet: bool = False, base: Any = None) -> Any:
    """The mesh of a Loaded. Raises InvalidMesh after all errors were written.

    What its rules remark and `base` (a Loaded) has not goes to stderr; what was there before is a count.
    """
    mesh = valid_mesh_of(loaded)
    standing = standing_findings(loaded, base)
    write_findings((each for each in loaded.findings if each not in standing), quiet=quiet)
    kept = [each for each in standing if each.severity != "note" or not quiet]
    if kept:
        show.note(standing_text(kept, of_change=base is not None))
    return mesh


def valid_mesh_of(loaded: Any) -> Any:
    """The mesh of a Loaded without a word. Raises InvalidMesh after all errors were written."""
    if loaded.mesh is None:
        write_findings(loaded.findings)
        errors = sum(finding.severity == "error" for finding in loaded.findings)
        raise InvalidMesh(f"The mesh has {errors} error{'s' if errors != 1 else ''}. AWS was not called.")
    return loaded.mesh


def without_sandbox(error: ImportError) -> MeshformError:
    """What to say where the packages of the simulated AWS are not installed."""
    return MeshformError(
        f"The sandbox needs more packages: {error.name} is missing.", hints=("`pip install 'meshform[sandbox]'`",)
    )


def standing_findings(loaded: Any, base: Any) -> tuple[Finding, ...]:
    """The findings of a Loaded that the base has too, wherever they stand in it; without a base all of them."""
    if base is None:
        return tuple(loaded.findings)
    known = {(finding.rule, finding.severity, finding.message) for finding in base.findings}
    return tuple(each for each in loaded.findings if (each.rule, each.severity, each.message) in known)


def write_findings(findings: Iterable[Finding], *, quiet: bool = False) -> None:
    """Findings on stderr, one a line, errors in red. `quiet` leaves notes out, never warnings."""
    colors = {"error": "red", "warning": "yellow", "note": None}
    every = [finding for finding in findings if finding.severity != "note" or not quiet]
    for finding in every[:MANY]:
        for line in fitted(finding_text(finding), width()):
            click.secho(line, err=True, fg=colors[finding.severity])
        for hint in hint_lines(finding.hints):
            click.echo(f"  {hint}", err=True)
    if len(every) > MANY:
        show.note(f"and {len(every) - MANY} more; `meshform validate --format json` shows all")
