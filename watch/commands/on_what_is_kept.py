"""The commands about what a space keeps: backup, restore, rebuild, purge, export.

They parse and print; `keeping` does the work, and is imported only then.
"""

import sys
from pathlib import Path

import click

from watch.commands.options import PRIVATE, SPACE


@click.command()
@SPACE
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@PRIVATE
@click.option("--with-keys", is_flag=True, help="Les clés aussi : la sauvegarde vaut votre cachet.")
def backup(space: Path, target: Path, private: Path | None, with_keys: bool) -> None:
    """Sauvegarde l’espace dans DOSSIER, pendant qu’il travaille, puis relit ce qui est écrit."""
    from watch.commands.keeping import save

    save(space, private, target, with_keys=with_keys)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@SPACE
@PRIVATE
def restore(source: Path, space: Path, private: Path | None) -> None:
    """Refait un espace perdu depuis sa sauvegarde ; ne touche jamais un espace qui vit."""
    from watch.commands.keeping import bring_back

    sys.exit(1 if bring_back(source, space, private) else 0)


@click.command()
@SPACE
@PRIVATE
def rebuild(space: Path, private: Path | None) -> None:
    """Refait la base perdue depuis les copies gardées pour chaque dossier."""
    from watch.commands.keeping import make_again

    sys.exit(1 if make_again(space, private) else 0)


@click.command()
@SPACE
@PRIVATE
@click.option("--dry-run", is_flag=True, help="Dit ce qui est échu, sans rien effacer.")
def purge(space: Path, private: Path | None, dry_run: bool) -> None:
    """Efface ce dont la durée de conservation est échue ; le registre reste."""
    from watch.commands.keeping import erase

    erase(space, private, dry_run=dry_run)


@click.command()
@SPACE
@click.argument("number")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@PRIVATE
def export(space: Path, number: str, target: Path, private: Path | None) -> None:
    """Remet tout ce qui est gardé d’une personne (.zip).

    NUMÉRO : celui de son dossier ou de sa préinscription, ou le repère d’un de ses documents.
    """
    from watch.commands.keeping import hand_over

    hand_over(space, private, number, target)


COMMANDS = (backup, restore, rebuild, purge, export)
