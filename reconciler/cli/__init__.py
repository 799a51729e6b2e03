"""The command line. Commands are modules of this folder and loaded only when they are called."""

from __future__ import annotations

import errno
import sys

from reconciler.cli.lazy import LazyGroup

import click  # isort: skip

# 2 is what a plan with changes ends with.
click.UsageError.exit_code = 64


def _tell_version(context: click.Context, parameter: click.Parameter, is_asked: bool) -> None:
    del parameter
    if is_asked:
        from reconciler.version import own_version, version_lines

        for line in version_lines(own_version()):
            click.echo(line)
        context.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: meshform validate && meshform plan",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Say which Meshform this is, from which commit, with which extras.",
)
def cli() -> None:
    """Meshform: a data mesh on AWS as YAML, planned and applied.

    Exit codes: 0 fine, 1 error, 2 changes pending, 3 refused, 4 not the reviewed plan, 5 applied in part, 64 usage,
    130 and 143 stopped by a signal.
    """


def main() -> None:
    """Run the command line; an expected error is one paragraph and its exit code."""
    from reconciler.cli.terminal import fitted, harmless_output, width
    from reconciler.errors import MeshformError
    from reconciler.garbage import process_ends_with_run
    from reconciler.report.hints import error_lines

    process_ends_with_run()
    with harmless_output():
        try:
            cli.main(prog_name="meshform", standalone_mode=True)
        except MeshformError as error:
            for text in error_lines(error):
                # A command that somebody copies stays in one line.
                is_hint = text.startswith("hint: ")
                for line in [text] if is_hint else fitted(text, width()):
                    click.secho(line, err=True, fg="red" if error.exit_code and not is_hint else None)
            sys.exit(error.exit_code)
        except Exception as error:
            # Whatever nobody expected: people are told that it is no fault of theirs, and a program finds exit code 1.
            if isinstance(error, OSError) and (error.filename or error.errno == errno.ENOSPC):
                # A file named on the command line, or a full disk: the machine's affair, not a bug.
                where = f"{error.filename}: " if error.filename else ""
                click.secho(f"meshform: {where}{error.strerror}. Check the path and the disk.", err=True, fg="red")
                sys.exit(1)
            import traceback

            traceback.print_exc()
            click.secho(
                "meshform: This is a bug of Meshform. Please report it with the lines above.", err=True, fg="red"
            )
            sys.exit(1)
