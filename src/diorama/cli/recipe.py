"""`diorama recipe show` and `diorama recipe schema`."""

import json

import typer

from diorama.cli import options


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="Show a recipe, or the schema of recipe files.")
    group.command("show", cls=options.WithFactors)(_show)
    group.command("schema")(_schema)
    app.add_typer(group, name="recipe")


def _show(
    recipe: options.RecipeName = "paper",
    classes: options.Classes = None,
    omit: options.Omit = None,
    pin: options.Pin = None,
) -> None:
    """Print a whole recipe as YAML: a start for one of your own.

    [bold]Examples[/bold]

    diorama recipe show > mine.yaml

    diorama recipe show --omit obstructors --pin "camera.distance={space: uniform, low: 2, high: 3}"
    """
    print(options.chosen(None, recipe, classes, omit, pin).yaml(), end="")


def _schema() -> None:
    """Print the JSON schema of recipe files, for editors and validators.

    [bold]Example[/bold]

    diorama recipe schema > recipe.schema.json
    """
    from diorama.randomize.tables import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))
