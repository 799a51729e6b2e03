"""completion: let the shell complete commands and options."""

from __future__ import annotations

import os
from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common
from reconciler.errors import MeshformError

SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_MESHFORM_COMPLETE"


@click.command(epilog="Example: meshform completion --install")
@click.argument("shell", required=False, type=click.Choice(SHELLS))
@click.option("--install", is_flag=True, help="Write it where the shell looks for it.")
@common
def command(shell: str | None, install: bool, quiet: bool, verbose: int) -> None:
    """Print what a shell needs to complete `meshform pl<Tab>`; by default for the shell of the variable SHELL."""
    del verbose
    from reconciler.cli import cli

    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise MeshformError(
            f"Which shell is yours is not known: {name or 'SHELL is not set'}.", hints=("`meshform completion bash`",)
        )
    text = completion(cli, name)
    if not install:
        click.echo(text, nl=False)
        return
    place = where(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    if quiet:
        return
    show.note(f"Wrote {place}. A new {name} completes by it.")
    if name == "zsh":
        show.hint(f"in ~/.zshrc, before compinit: `fpath+=({place.parent})`")
    if name == "bash":
        show.hint("bash looks there where its package bash-completion is installed")


def completion(group: click.Command, shell: str) -> str:
    """The script by which a shell asks `meshform` what can come next."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None, shell
    return kind(group, {}, "meshform", _VARIABLE).source().rstrip() + "\n"


def where(shell: str) -> Path:
    """Where a shell looks for completions of its user.

    https://github.com/scop/bash-completion#faq, https://fishshell.com/docs/current/completions.html#where-to-put-completions;
    zsh has no such place, and takes what fpath names.
    """
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    match shell:
        case "bash":
            user = Path(os.environ.get("BASH_COMPLETION_USER_DIR") or data / "bash-completion")
            return user / "completions" / "meshform"
        case "fish":
            return settings / "fish" / "completions" / "meshform.fish"
    return home / ".zfunc" / "_meshform"
