"""The arguments and options that several commands share. Click only: help must answer at once."""

from pathlib import Path

import click

SPACE = click.argument("space", type=click.Path(path_type=Path))
PRIVATE = click.option(
    "--private",
    type=click.Path(path_type=Path),
    help="Le côté privé, s’il n’est pas à côté de l’espace.",
)
FOLDER = click.option(
    "--dossier",
    "--folder",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Le dossier de vos propres certifications.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Un document JSON, et rien d’autre.")
