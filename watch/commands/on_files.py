"""The commands that work on single files, without a space: form, read, sign, verify, letters…

They parse and print; `tools` and `reading` do the work, and are imported only then.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from watch.commands.options import FOLDER, JSON


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def letters(folder: Path) -> None:
    """Copie les modèles de lettres dans DOSSIER, pour les remettre en forme dans Word."""
    from watch.commands.tools import copy_letters

    for said in copy_letters(folder):
        click.echo(said)


@click.command()
@click.argument("name")
@click.option("--certification", "code", required=True, help="Son code, par exemple cqpm-tmp.")
@click.option("--part", default="", help="La compétence d’une grille, par exemple BDC1.2.")
@click.option("-o", "output", type=click.Path(path_type=Path), required=True)
def form(name: str, code: str, part: str, output: Path) -> None:
    """Fabrique un formulaire vierge."""
    from watch.commands.tools import make_form

    make_form(name, code, part, output)
    click.echo(f"{output}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@JSON
def read(file: Path, as_json: bool) -> None:
    """Lit un formulaire rempli, le nôtre ou un autre."""
    from watch.commands.reading import read_file
    from watch.commands.tools import show_reading

    found = read_file(file)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show_reading(found)
    sys.exit(1 if found["problems"] else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--field", required=True, help="Le champ de signature.")
@click.option("--key", required=True, help="Le fichier PKCS#12 ; avec --library, le nom de la clé.")
@click.option("--library", type=click.Path(path_type=Path, dir_okay=False), help="Pilote PKCS#11.")
@click.option("--token", default="", help="--library : le nom du jeton.")
@click.option("--passphrase-file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("-o", "output", type=click.Path(path_type=Path), help="Par défaut, à côté.")
@click.option("--reason", default="", help="Le motif, écrit dans la signature.")
@click.option("--level", type=click.Choice(["B-B", "B-T", "B-LT", "B-LTA"]), default="B-B")
@click.option("--tsa", default="", help="Le service d’horodatage (RFC 3161).")
@click.option("--trust", type=click.Path(path_type=Path), multiple=True, help="Une autorité (PEM).")
@click.option("--machine", "machines", multiple=True, help="Où demander s’il est révoqué.")
def sign(
    file: Path,
    field: str,
    key: str,
    library: Path | None,
    token: str,
    passphrase_file: Path | None,
    output: Path | None,
    reason: str,
    level: Any,
    tsa: str,
    trust: tuple[Path, ...],
    machines: tuple[str, ...],
) -> None:
    """Signe un champ d’un PDF, avec une clé PKCS#12 ou un jeton PKCS#11."""
    from watch.commands.tools import KeyPlace, sign_file

    target = output or file.with_name(f"{file.stem} - signé.pdf")
    place = KeyPlace(key=key, library=library, token=token, passphrase_file=passphrase_file)
    sign_file(
        file,
        target,
        field,
        place,
        reason=reason,
        level=level,
        tsa=tsa,
        trust=trust,
        machines=machines,
        say=lambda warning: click.echo(warning, err=True),
    )
    click.echo(f"{target}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--trust", type=click.Path(path_type=Path), multiple=True, help="Une autorité (PEM).")
@click.option("--expect", multiple=True, help="CHAMP=EMPREINTE : qui devait signer.")
@click.option(
    "--lists", type=click.Path(path_type=Path, file_okay=False), help="Listes de l’Union."
)
@click.option(
    "--machine", "machines", multiple=True, help="Où demander si un certificat est révoqué."
)
@click.option("--report", "page", type=click.Path(path_type=Path), help="Écrit le rapport (PDF).")
@click.option("--etsi", "xml", type=click.Path(path_type=Path), help="Écrit le rapport ETSI (XML).")
@click.option(
    "--code", "by_code", is_flag=True, help="FICHIER est une photo du code d’un parchemin."
)
@click.option("--keys", type=click.Path(path_type=Path), help="Les clés de l’organisme.")
@click.option("--withdrawn", type=click.Path(path_type=Path), help="Sa liste de retraits.")
@JSON
def verify(
    file: Path,
    trust: tuple[Path, ...],
    expect: tuple[str, ...],
    lists: Path | None,
    machines: tuple[str, ...],
    page: Path | None,
    xml: Path | None,
    by_code: bool,
    keys: Path | None,
    withdrawn: Path | None,
    as_json: bool,
) -> None:
    """Vérifie les signatures d’un PDF, d’où qu’il vienne ; ou le code d’un parchemin."""
    from watch.commands.tools import (
        Believed,
        show_code,
        show_verdict,
        verdict_code,
        verify_code,
        verify_file,
    )

    if by_code:
        report = verify_code(file, keys, withdrawn)
    else:
        believed = Believed(
            trust=trust, lists=lists, machines=machines, keys=keys, withdrawn=withdrawn
        )
        report = verify_file(file, believed, expect, page=page, xml=xml)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        (show_code if by_code else show_verdict)(file, report)
    sys.exit(verdict_code(report))


@click.group(invoke_without_command=True)
@click.pass_context
def certifications(ctx: click.Context) -> None:
    """Les certifications fournies ; « check FICHIER » en vérifie une autre."""
    from templates import catalog

    if ctx.invoked_subcommand is None:
        for code in catalog.codes():
            click.echo(f"{code:14} {catalog.load(code).name}")


@certifications.command("export")
@click.argument("code")
@click.option("-o", "output", type=click.Path(path_type=Path), required=True)
@FOLDER
def export_certification(code: str, output: Path, folder: Path | None) -> None:
    """Écrit une certification en classeur (.xlsx), à modifier au tableur."""
    from templates import catalog, workbook

    output.write_bytes(workbook.export(catalog.load(code, folder)))
    click.echo(f"{output}")


@certifications.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@FOLDER
def import_certification(file: Path, folder: Path | None) -> None:
    """Reprend un classeur modifié dans le dossier de vos certifications."""
    from watch.commands.tools import import_workbook

    faults = import_workbook(file, folder)
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)


@certifications.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def check(file: Path) -> None:
    """Explique, ligne par ligne, ce qui ne va pas dans un fichier de certification."""
    from templates import catalog

    problems = catalog.check(file)
    for problem in problems:
        click.echo(problem)
    if problems:
        sys.exit(1)
    click.echo(f"{file.name} : rien à redire.")


COMMANDS = (letters, form, read, sign, verify, certifications)
