"""`parchemin bench`: what is measured, with what numbers. Imports are late, as in `watch.cli`."""

import json

import click

from watch.commands.options import JSON


@click.command()
@click.argument(
    "what",
    type=click.Choice(["work", "pack", "folder", "returns", "idle", "scale"]),
    default="work",
)
@JSON
@click.option("--rounds", default=5, show_default=True, help="Mesures par ligne (work).")
@click.option(
    "--only", multiple=True, metavar="DÉBUT", help="Les seules lignes de ce nom (work, pack)."
)
@click.option("--drops", default=100, show_default=True, help="Dépôts mesurés un à un (folder).")
@click.option(
    "--files", default=500, show_default=True, help="Fichiers d’un coup (folder, returns)."
)
@click.option(
    "--cases", default=1000, show_default=True, help="Dossiers au repos (idle), ou joués (scale)."
)
@click.option("--store", default=0, show_default=True, help="Dossiers finis, là d’avance (scale).")
@click.option("--workers", default=2, show_default=True, help="Processus au travail (scale).")
@click.option(
    "--database", default="", metavar="ADRESSE", help="Une base PostgreSQL vide (scale, idle)."
)
@click.option("--minutes", default=2, show_default=True, help="Minutes mesurées (idle).")
def bench(
    what: str,
    as_json: bool,
    rounds: int,
    only: tuple[str, ...],
    drops: int,
    files: int,
    cases: int,
    store: int,
    workers: int,
    database: str,
    minutes: int,
) -> None:
    """Mesure nos travaux à côté des bibliothèques nues, ou le veilleur entier.

    work : nos travaux, un à un, chaque ligne dès qu’elle est connue ; pack : la mémoire que
    demandent des volumes de pièces de 100, 200 et 300 Mo ; folder : du dépôt au reçu ; returns :
    des retours de toutes sortes ; idle : une minute sans rien à faire ; scale : des dossiers
    entiers, de l’inscription au parchemin.
    """
    from collections.abc import Iterable
    from typing import Any

    from watch.commands.bench_rows import show

    rows: Iterable[dict[str, Any]]
    match what:
        case "pack":
            from watch.commands import bench_pack

            rows = bench_pack.run(only)
        case "folder":
            from watch.commands import bench_folder

            rows = bench_folder.run(drops, files)
        case "returns":
            from watch.commands import bench_returns

            rows = bench_returns.run(files)
        case "idle":
            from watch.commands import bench_idle

            rows = bench_idle.run(cases, minutes, database)
        case "scale":
            from watch.commands import bench_scale

            rows = bench_scale.run(cases, store, workers, database)
        case _:
            from watch.commands import bench as works

            rows, show = works.run(rounds, only), works.show
    if as_json:
        click.echo(json.dumps({"rows": list(rows)}, ensure_ascii=False, indent=2))
    else:
        show(rows)


COMMANDS = (bench,)
