"""A click group whose commands are imported when they are called, not when they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Commands by name: the module that has them, and their one line of help.

    Parameters
    ----------
    lazy
        Short help of each command; the command ``solve`` is ``ciopt.cli.solve.solve``, and
        ``measure-next`` is ``ciopt.cli.measure_next.measure_next``.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order in which people need them."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.lazy:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"ciopt.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.lazy.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest ones."""
        if args and args[0] not in self.lazy and not args[0].startswith("-"):
            raise unknown("command", args[0], list(self.lazy), ctx)
        return super().resolve_command(ctx, args)


def unknown(kind: str, name: str, known: list[str], ctx: click.Context | None = None) -> click.UsageError:
    """Return the error for a name that does not exist, with the nearest ones that do."""
    from ciopt.errors import did_you_mean
    from ciopt.files.source import harmless

    hint = did_you_mean(name, known) or "known: " + ", ".join(known)
    return click.UsageError(f"no {kind} is called {harmless(name)!r}; {hint}", ctx)
