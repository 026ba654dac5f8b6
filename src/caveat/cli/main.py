"""The command line: one file a command, loaded when it is called; one place where errors end."""

from __future__ import annotations

import sys
from typing import Any

import click

from caveat import __version__, plugins
from caveat.cli.common import complain
from caveat.errors import Error
from caveat.shapes import printable

EXIT_ERROR = 2
_NOT_COMMANDS = frozenset({"main", "common"})


class _Commands(click.Group):
    """Commands found by file name in this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in plugins.names("cli") if name not in _NOT_COMMANDS]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = plugins.load("cli", name).command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from caveat.shapes import nearest

            close = nearest(args[0], self.list_commands(ctx))
            hint = f" Did you mean '{close}'?" if close else f" Known: {', '.join(self.list_commands(ctx))}."
            raise click.UsageError(f"No such command '{printable(args[0])[:40]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from caveat.catalogue import load_rules

        rules = load_rules()
        click.echo(f"caveat {__version__} ({len(rules.license_ids)} licenses, rules sha256:{rules.digest})")
        ctx.exit()


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Show the version and the digest of the rules.")
def cli() -> None:
    """Check AI model licenses against what a project declares.

    Exit codes: 0 pass, 1 fail, 2 could not be evaluated, 3 review.
    """


def main(args: list[str] | None = None) -> Any:
    """Run the command line and exit; whatever goes wrong ends in one line a problem and exit code 2."""
    try:
        code = cli.main(args=args, prog_name="caveat", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_ERROR)
    except click.Abort:
        sys.exit(130)
    except Error as error:
        for problem in error.problems:
            complain(f"caveat: {problem}")
        sys.exit(error.exit_code)
    except Exception as error:  # the last line of defense: a crash is never a pass
        what = printable(f"{type(error).__name__}: {error}")[:300]
        complain(f"caveat: internal error, nothing was decided ({what}); please report it")
        sys.exit(EXIT_ERROR)
    sys.exit(code if isinstance(code, int) else 0)
