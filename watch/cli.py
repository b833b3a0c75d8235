"""`parchemin`: the command line. Exit 0 good, 1 the answer is no, 2 undecided or a wrong call.

With --json, standard output is one JSON document and nothing else. Imports are late, so that the
watcher stays light and help answers at once.
"""

import errno
import json
import sys
from itertools import islice
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from casefiles.errors import ParcheminError
from watch.commands import french, on_files, on_measures, on_what_is_kept
from watch.commands.options import JSON, PRIVATE, SPACE

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
        except BrokenPipeError:
            raise  # Whoever read has seen enough (« | head »): click ends without a word.
        except OSError as error:
            place = f"« {error.filename} » : " if error.filename else ""
            _tell(f"{place}{_SYSTEM.get(error.errno or 0, 'le système refuse.')}", "")
        return ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="parchemin",
    message="Parchemin %(version)s",
    help="Dit la version, et s’arrête.",
)
def main() -> None:
    """Parchemin : un dossier partagé devient un bureau de certification."""


for one in (*on_files.COMMANDS, *on_what_is_kept.COMMANDS, *on_measures.COMMANDS):
    main.add_command(one)


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
@click.option("--debug", is_flag=True, help="Des journaux détaillés, sans donnée personnelle.")
def watch(space: Path, private: Path | None, once: bool, debug: bool) -> None:
    """Veille sur l’espace : prend les dépôts, fait avancer les dossiers."""
    from watch.service.daemon import run
    from watch.share.workspace import locate

    def began() -> None:
        if not once and sys.stdout.isatty():
            click.echo(f"Parchemin veille sur « {space} ». Ctrl+C l’arrête.")

    summary = run(locate(space, private), once=once, debug=debug, began=began)
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
    from watch.share.telling import counted
    from watch.share.workspace import locate

    moved = move(locate(space, private), url, at=now())
    events = counted(moved.events, "événement déplacé", "événements déplacés")
    click.echo(f"{events}, {counted(moved.streams, 'fil')} ; chaînes vérifiées.")
    if moved.kept is not None:
        click.echo(f"L’ancienne base est gardée : {moved.kept}")


@main.command()
@SPACE
@PRIVATE
@click.argument("number", required=False)
@JSON
def status(space: Path, private: Path | None, number: str | None, as_json: bool) -> None:
    """L’état des dossiers, ou d’un dossier."""
    from watch.commands.status import is_known, told, written
    from watch.office import open_office
    from watch.share.workspace import locate

    office = open_office(locate(space, private))
    unknown = bool(number) and not is_known(office, str(number))
    if as_json:
        lines = written(office, number)
        while some := "".join(islice(lines, 1_000)):
            click.echo(some, nl=False)
    elif not unknown:
        width = get_terminal_size().columns if sys.stdout.isatty() else 0
        lines = told(office, number, width)
        while page := list(islice(lines, 1_000)):
            click.echo("\n".join(page))
    if unknown:
        click.echo(f"Aucun dossier ni session « {number} ».", err=True)
        sys.exit(1)


class _Act(click.Command):
    """Says what to write when the space was left out, as one easily does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.MissingParameter as error:
            if given and given[0] in _acts():
                raise click.UsageError(
                    f"« {given[0]} » est un acte ; l’espace vient d’abord : "
                    f"parchemin act ESPACE {' '.join(given[:2])} "
                    '--par "Le bureau" --motif "la raison"',
                    ctx,
                ) from error
            raise


def _acts() -> dict[str, Any]:
    from casefiles.answers.office_act import ActKind

    return {kind.value: kind for kind in ActKind}


@main.command(cls=_Act)
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
    """Un acte du bureau, sur le dossier ou la session NUMÉRO.

    Pour « ouvrir », NUMÉRO est le repère de l’inscription en attente (D-7K2M9QXA).

    \b
    ACTE est l’un de :
      corriger       Corriger une réponse
      remplacer      Remplacer un document
      confirmer      Confirmer un document en attente
      ecarter        Écarter un document en attente
      joindre        Joindre une preuve au dossier de preuves
      anterieure     Reprendre une pièce d’avant ce bureau, avec sa preuve
      ouvrir         Ouvrir malgré une ressemblance
      changer        Prendre acte d’un changement de nom ou d’entreprise
      amenager       Noter un aménagement des épreuves
      dispenser      Dispenser d’une pièce, où une règle le permet
      acquis         Reprendre un bloc acquis auparavant, avec sa preuve
      representer    Ouvrir une nouvelle candidature
      abandonner     Abandonner le dossier
      reprendre      Reprendre un dossier abandonné
      relance        Préparer une lettre de relance
      rappel         Noter une relance faite
      constater      Constater que l’avis de l’entreprise ne sera pas rendu
      ajouter        Ajouter un candidat à une session
      retirer        Retirer un candidat d’une session
      convoquer      Préparer les convocations d’une session
      cloturer       Clôturer l’ordre du jour et sceller les pièces
      rectifier      Rectifier un procès-verbal signé
      recours        Enregistrer un recours contre une décision
      certificateur  Consigner la réponse du certificateur
      duplicata      Délivrer un duplicata du parchemin
      annuler        Retirer un parchemin délivré à tort
      redelivrer     Délivrer une nouvelle édition du parchemin
      relancer       Relancer une étape bloquée
    """
    from watch.office import open_office
    from watch.reception.acting import act_now
    from watch.reception.office_desk import Request
    from watch.share.workspace import locate

    kinds = _acts()
    if acte == "ouvrir":
        words["document"] = words["document"] or number
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
@click.argument("space", required=False, type=click.Path(path_type=Path))
@click.option(
    "--chapitre", "--chapter", "chapters", multiple=True, help="Celui-là seul (répétable)."
)
def demo(space: Path | None, chapters: tuple[str, ...]) -> None:
    """Joue des histoires entières de candidats, sur de vrais fichiers."""
    from watch.commands.demo import CHAPTERS, play

    if unknown := [key for key in chapters if key not in CHAPTERS]:
        raise click.BadParameter(
            f"« {unknown[0]} » n’est pas un chapitre. Il y a : {', '.join(CHAPTERS)}.",
            param_hint="--chapitre",
        )
    play(space or Path("demo"), chapters or tuple(CHAPTERS))


french.speak(main)

if __name__ == "__main__":
    main()
