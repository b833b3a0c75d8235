"""`parchemin`: the command line. Exit 0 good, 1 the answer is no, 2 undecided or a wrong call.

With --json, standard output is one JSON document and nothing else. Imports are late, so that the
watcher stays light and help answers at once.
"""

import errno
import json
import sys
from pathlib import Path
from typing import Any

import click

from casefiles.errors import ParcheminError

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


_SYSTEM = {
    errno.ENOENT: "ce fichier ou ce dossier n’existe pas.",
    errno.EEXIST: "un fichier porte déjà ce nom.",
    errno.ENOTDIR: "ce n’est pas un dossier.",
    errno.EISDIR: "c’est un dossier, pas un fichier.",
    errno.EACCES: "vos droits ne le permettent pas.",
    errno.ENOSPC: "le disque est plein.",
    errno.EROFS: "ce disque est en lecture seule.",
}


def _tell(message: str, remedy: str) -> None:
    """An error as sentences on standard error; with --json, as a document on standard output."""
    if "--json" in sys.argv[1:]:
        click.echo(json.dumps({"error": message, "remedy": remedy}, ensure_ascii=False))
    click.echo(f"{message}\n{remedy}".rstrip(), err=True)


class _Commands(click.Group):
    """A group whose errors are sentences on standard error, with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ParcheminError as error:
            _tell(error.message, error.remedy)
        except OSError as error:
            place = f"« {error.filename} » : " if error.filename else ""
            _tell(f"{place}{_SYSTEM.get(error.errno or 0, 'le système refuse.')}", "")
        return ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="parchemin", message="Parchemin %(version)s")
def main() -> None:
    """Parchemin : un dossier partagé devient un bureau de certification."""


@main.command()
@SPACE
@PRIVATE
@click.option("--demo-keys", is_flag=True, help="Des clés d’essai, sans aucune valeur.")
def init(space: Path, private: Path | None, demo_keys: bool) -> None:
    """Prépare un espace : ses dossiers, son côté privé, ses réglages."""
    from watch.office import now
    from watch.share.founding import create
    from watch.share.workspace import locate

    workspace = locate(space, private)
    create(workspace, demo_keys=demo_keys, at=now())
    click.echo(f"L’espace est prêt : {workspace.share}")
    click.echo(f"Côté privé (base, originaux, clés) : {workspace.private}")
    click.echo(f"Réglages à relire : {workspace.settings_file}")
    if demo_keys:
        click.echo("Clés de démonstration : rien de ce qu’elles signent n’a de valeur.")


@main.command()
@SPACE
@PRIVATE
@click.option("--once", is_flag=True, help="Traite ce qui attend, puis s’arrête.")
def watch(space: Path, private: Path | None, once: bool) -> None:
    """Veille sur l’espace : prend les dépôts, fait avancer les dossiers."""
    from watch.service.daemon import run
    from watch.share.workspace import locate

    summary = run(locate(space, private), once=once)
    if once and summary is not None:
        click.echo(summary.sentence)


@main.command()
@click.argument("spaces", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--once", is_flag=True, help="Fait ce qui attend, puis s’arrête.")
def work(spaces: tuple[Path, ...], once: bool) -> None:
    """Travaille pour ces espaces, au côté d’autres machines (file commune)."""
    from watch.service.machine import work as run
    from watch.share.workspace import locate

    run([locate(space) for space in spaces], once=once)


@main.command()
@SPACE
@PRIVATE
@click.argument("url")
def migrate(space: Path, private: Path | None, url: str) -> None:
    """Déplace le journal de l’espace vers une autre base, vide, par exemple PostgreSQL."""
    from watch.commands.migrate import migrate as move
    from watch.office import now
    from watch.share.workspace import locate

    moved = move(locate(space, private), url, at=now())
    click.echo(f"{moved.events} inscriptions déplacées, {moved.streams} fils ; chaînes vérifiées.")
    if moved.kept is not None:
        click.echo(f"L’ancienne base est gardée : {moved.kept}")


@main.command()
@SPACE
@PRIVATE
@click.argument("number", required=False)
@JSON
def status(space: Path, private: Path | None, number: str | None, as_json: bool) -> None:
    """L’état des dossiers, ou d’un dossier."""
    from watch.commands.status import report, show
    from watch.office import open_office
    from watch.share.workspace import locate

    office = open_office(locate(space, private))
    found = report(office, number)
    unknown = bool(number) and not any(found[kind] for kind in ("cases", "expected", "sessions"))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif not unknown:
        show(found)
    if unknown:
        click.echo(f"Aucun dossier ni session « {number} ».", err=True)
        sys.exit(1)


@main.command()
@SPACE
@PRIVATE
@click.argument("acte")
@click.argument("number")
@click.option("--par", "--by", "by", required=True, help="Qui demande.")
@click.option("--motif", "--because", "because", required=True, help="Pourquoi.")
@click.option("--document", default="", help="Le repère du document, par exemple D-7K2M9QXA.")
@click.option("--candidat", "--case", "case", default="", help="Le dossier à ajouter ou retirer.")
@click.option("--question", default="", help="La question à corriger, dans ses mots.")
@click.option("--reponse", "--value", "value", default="", help="La réponse exacte.")
@click.option("--date", "--day", "day", default="", help="Le jour du fait, par exemple 07/03/2026.")
def act(space: Path, private: Path | None, acte: str, number: str, **words: str) -> None:
    """Un acte du bureau : corriger, remplacer, confirmer, abandonner, cloturer…"""
    from casefiles.answers.office_act import ActKind
    from watch.office import open_office
    from watch.reception.acting import act_now
    from watch.reception.office_desk import Request
    from watch.share.workspace import locate

    kinds = {kind.value: kind for kind in ActKind}
    if acte not in kinds:
        raise click.UsageError(
            f"« {acte} » n’est pas un acte ; choisissez parmi : {', '.join(kinds)}."
        )
    office = open_office(locate(space, private))
    answered = act_now(office, Request(kind=kinds[acte], number=number, **words))
    click.echo(f"{answered.what}")
    for reason in answered.reasons:
        click.echo(f"• {reason}")
    if answered.remedy:
        click.echo(answered.remedy)
    if answered.outcome == "refused":
        sys.exit(1)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def letters(folder: Path) -> None:
    """Copie les modèles de lettres dans DOSSIER, pour les remettre en forme dans Word."""
    from watch.commands.tools import copy_letters

    for said in copy_letters(folder):
        click.echo(said)


@main.command()
@click.argument("name")
@click.option("--certification", "code", required=True, help="Son code, par exemple cqpm-tmp.")
@click.option("--part", default="", help="La compétence d’une grille, par exemple BDC1.2.")
@click.option("-o", "output", type=click.Path(path_type=Path), required=True)
def form(name: str, code: str, part: str, output: Path) -> None:
    """Fabrique un formulaire vierge."""
    from watch.commands.tools import make_form

    make_form(name, code, part, output)
    click.echo(f"{output}")


@main.command()
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


@main.command()
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
) -> None:
    """Signe un champ d’un PDF, avec une clé PKCS#12 ou un jeton PKCS#11."""
    from watch.commands.tools import KeyPlace, sign_file

    target = output or file.with_name(f"{file.stem} - signé.pdf")
    place = KeyPlace(key=key, library=library, token=token, passphrase_file=passphrase_file)
    for warning in sign_file(
        file, target, field, place, reason=reason, level=level, tsa=tsa, trust=trust
    ):
        click.echo(warning, err=True)
    click.echo(f"{target}")


@main.command()
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
@click.option("--code", "by_code", is_flag=True, help="FILE est une photo du code d’un parchemin.")
@click.option("--keys", type=click.Path(path_type=Path), help="--code : les clés de l’organisme.")
@click.option("--withdrawn", type=click.Path(path_type=Path), help="--code : sa liste de retraits.")
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
        believed = Believed(trust=trust, lists=lists, machines=machines)
        report = verify_file(file, believed, expect, page=page, xml=xml)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        (show_code if by_code else show_verdict)(file, report)
    sys.exit(verdict_code(report))


@main.group(invoke_without_command=True)
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


@main.command()
@SPACE
@PRIVATE
@click.option("--deep", is_flag=True, help="Prouve aussi, octet par octet, que rien n’est perdu.")
def doctor(space: Path, private: Path | None, deep: bool) -> None:
    """Examine l’espace : ce qui fera mal plus tard se dit maintenant."""
    from watch.commands.doctor import examine, show
    from watch.share.workspace import locate

    checks = examine(locate(space, private), deep=deep)
    show(checks)
    sys.exit(0 if all(c.good for c in checks) else 1)


@main.command()
@SPACE
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@PRIVATE
@click.option("--with-keys", is_flag=True, help="Les clés aussi : la sauvegarde vaut votre cachet.")
def backup(space: Path, target: Path, private: Path | None, with_keys: bool) -> None:
    """Sauvegarde l’espace dans DOSSIER, pendant qu’il travaille, puis relit ce qui est écrit."""
    from watch.commands.keeping import save

    save(space, private, target, with_keys=with_keys)


@main.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@SPACE
@PRIVATE
def restore(source: Path, space: Path, private: Path | None) -> None:
    """Refait un espace perdu depuis sa sauvegarde ; ne touche jamais un espace qui vit."""
    from watch.commands.keeping import bring_back

    sys.exit(1 if bring_back(source, space, private) else 0)


@main.command()
@SPACE
@PRIVATE
def rebuild(space: Path, private: Path | None) -> None:
    """Refait la base perdue depuis les copies gardées pour chaque dossier."""
    from watch.commands.keeping import make_again

    sys.exit(1 if make_again(space, private) else 0)


@main.command()
@SPACE
@PRIVATE
@click.option("--dry-run", is_flag=True, help="Dit ce qui est échu, sans rien effacer.")
def purge(space: Path, private: Path | None, dry_run: bool) -> None:
    """Efface ce dont la durée de conservation est échue ; le registre reste."""
    from watch.commands.keeping import erase

    erase(space, private, dry_run=dry_run)


@main.command()
@SPACE
@click.argument("number")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@PRIVATE
def export(space: Path, number: str, target: Path, private: Path | None) -> None:
    """Remet tout ce qui est gardé d’une personne, par le numéro de son dossier (.zip)."""
    from watch.commands.keeping import hand_over

    hand_over(space, private, number, target)


@main.command()
@click.argument(
    "what", type=click.Choice(["work", "pack", "folder", "returns", "idle"]), default="work"
)
@JSON
@click.option("--rounds", default=5, show_default=True, help="Mesures par ligne (work).")
@click.option("--only", default="", metavar="DÉBUT", help="Les seules lignes de ce nom (work).")
@click.option("--drops", default=100, show_default=True, help="Dépôts mesurés un à un (folder).")
@click.option(
    "--files", default=500, show_default=True, help="Fichiers d’un coup (folder, returns)."
)
@click.option("--cases", default=1000, show_default=True, help="Dossiers au repos (idle).")
@click.option("--minutes", default=2, show_default=True, help="Minutes mesurées (idle).")
def bench(
    what: str,
    as_json: bool,
    rounds: int,
    only: str,
    drops: int,
    files: int,
    cases: int,
    minutes: int,
) -> None:
    """Mesure nos travaux à côté des bibliothèques nues, ou le veilleur (folder, returns, idle).

    pack : la mémoire que prend un volume de pièces de 300 Mo.
    """
    if what == "returns":
        from watch.commands.bench_folder import show
        from watch.commands.bench_returns import run as run_returns

        rows = run_returns(files)
    elif what == "pack":
        from watch.commands.bench_folder import show
        from watch.commands.bench_pack import run as run_pack

        rows = run_pack()
    elif what == "idle":
        from watch.commands.bench_folder import show
        from watch.commands.bench_idle import run as run_idle

        rows = run_idle(cases, minutes)
    elif what == "folder":
        from watch.commands.bench_folder import run as run_folder
        from watch.commands.bench_folder import show

        rows = run_folder(drops, files)
    else:
        from watch.commands.bench import run, show

        rows = run(rounds, only)
    if as_json:
        click.echo(json.dumps({"rows": rows}, ensure_ascii=False, indent=2))
    else:
        show(rows)


@main.command()
@click.argument("space", required=False, type=click.Path(path_type=Path))
def demo(space: Path | None) -> None:
    """Joue l’histoire entière d’un candidat, sur de vrais fichiers."""
    from watch.commands.demo import play

    play(space or Path("demo"))


if __name__ == "__main__":
    main()
