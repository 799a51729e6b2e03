"""LazyGroup: a click group whose commands are found by folder and imported when they are called."""

from __future__ import annotations

import importlib.util
import pkgutil
import signal
from functools import cached_property
from importlib import import_module

import click

# Modules of this folder that are not commands.
_OTHERS = frozenset(
    (
        "answer",
        "asked",
        "day",
        "evidence",
        "lazy",
        "logged",
        "new_policy",
        "new_source",
        "on_day",
        "options",
        "proposing",
        "reporting",
        "requested",
        "show",
        "signed_in",
        "site_choices",
        "pull_request",
        "terminal",
        "using",
        "verifying",
    )
)


class LazyGroup(click.Group):
    """Each module of reconciler.cli has a click command named `command`; its first docstring line is the help."""

    @cached_property
    def _names(self) -> dict[str, str]:
        modules = (info.name for info in pkgutil.iter_modules(import_module("reconciler.cli").__path__))
        return {name.removesuffix("_").replace("_", "-"): name for name in modules if name not in _OTHERS}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        module = self._names.get(cmd_name)
        if module is None:
            return None
        command = import_module(f"reconciler.cli.{module}").command
        assert isinstance(command, click.Command)
        command.name = cmd_name
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Ctrl-C ends a command with the exit code that shells give it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            from reconciler.errors import Stopped

            raise Stopped("The command was stopped by SIGINT.", signal.SIGINT) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; a name that is none is answered with the nearest one, which click looks for elsewhere."""
        word = args[0]
        if word not in self._names and not word.startswith("-"):
            from reconciler.spec.suggest import did_you_mean

            raise click.UsageError(f"There is no command {word}{did_you_mean(word, self._names)}.", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the first line of each module: nothing is imported for it."""
        rows = [(name, _first_line(module)) for name, module in sorted(self._names.items())]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_line(module: str) -> str:
    """The first line of a module's docstring, without importing the module."""
    spec = importlib.util.find_spec(f"reconciler.cli.{module}")
    assert spec is not None
    assert spec.origin is not None
    with open(spec.origin, encoding="utf-8") as file:
        return file.readline().strip().strip('"').partition(": ")[2]
