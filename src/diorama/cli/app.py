"""The commands, and what happens when one fails: a message for what can be mended, a traceback only for defects."""

import errno
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

import diorama
from diorama.cli import assets, bench, curate, dataset, evaluate, explain, generate, plan, preview, recipe, train, worth
from diorama.errors import DioramaError


class _Group(TyperGroup):
    """Ends a failed command with one message and the right exit status."""

    def invoke(self, ctx: Any) -> Any:
        try:
            done = super().invoke(ctx)
            if sys.stdout:
                sys.stdout.flush()  # here, where its failure can be told
            return done
        except DioramaError as error:
            text, status = f"error: {error}", 2
        except KeyboardInterrupt as error:
            text, status = f"interrupted{': ' if str(error) else ''}{error}", 130
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or error.filename is not None:
                raise
            text, status = "error: standard output: cannot be written (disk full). Make room, or write elsewhere", 2
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 (what is left in the buffer is lost)
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"[bold red]{escape(text)}[/]")
        raise typer.Exit(status)


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"diorama {diorama.__version__}")
        raise typer.Exit


@app.callback()
def _diorama(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version)] = False,
) -> None:
    """Render domain-randomized, exactly labelled image datasets from rigged 3D models.

    Begin with:  diorama preview --out sheet.png
    """


generate.add_to(app)
preview.add_to(app)
dataset.add_to(app)
assets.add_to(app)
recipe.add_to(app)
curate.add_to(app)
train.add_to(app)
evaluate.add_to(app)
worth.add_to(app)
explain.add_to(app)
bench.add_to(app)
plan.add_to(app)
