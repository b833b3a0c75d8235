"""`parchemin backup`, `restore`, `rebuild`, `purge` and `export`, as told on the command line."""

from pathlib import Path

import click

from watch.office import open_office
from watch.share.telling import counted
from watch.share.workspace import locate


def save(space: Path, private: Path | None, target: Path, *, with_keys: bool) -> None:
    """Back up, and say what was saved."""
    from watch.keeping.backup import backup

    saved = backup(open_office(locate(space, private)), target, with_keys=with_keys)
    click.echo(
        f"{counted(saved.events, 'événement')}, {counted(saved.streams, 'fil')}, "
        f"{counted(saved.originals, 'original', 'originaux')} (dont "
        f"{counted(saved.new, 'nouveau', 'nouveaux')}) : sauvegardés dans {target}, puis relus."
    )
    if saved.erased:
        gone = counted(saved.erased, "original effacé depuis", "originaux effacés depuis")
        click.echo(f"{gone}, ici aussi.")
    if saved.keys:
        click.echo(
            "Cette sauvegarde contient vos clés : qui la lit peut signer en votre nom. "
            "Gardez-la chiffrée, sous clé.",
            err=True,
        )
    else:
        click.echo(
            "Les clés n’y sont pas : gardez « keys » et « imprint.key » dans un coffre, à part."
        )


def bring_back(source: Path, space: Path, private: Path | None) -> bool:
    """Restore; whether something is to be looked at."""
    from watch.keeping.restoring import restore

    return _told(restore(source, locate(space, private)))


def make_again(space: Path, private: Path | None) -> bool:
    """Rebuild; whether something is to be looked at."""
    from watch.keeping.restoring import rebuild

    return _told(rebuild(locate(space, private)))


def _told(restored: "object") -> bool:
    from watch.keeping.restoring import Restored

    assert isinstance(restored, Restored)
    click.echo(
        f"{counted(restored.events, 'événement')}, {counted(restored.streams, 'fil')}, "
        f"{counted(restored.originals, 'original', 'originaux')} ; les chaînes tiennent."
    )
    for warning in restored.warnings:
        click.echo(f"• {warning}")
    click.echo("Lancez « parchemin doctor --deep », puis la veille.")
    return bool(restored.warnings)


def erase(space: Path, private: Path | None, *, dry_run: bool) -> None:
    """Purge what is due, or only say it."""
    from watch.keeping import purging, retention

    office = open_office(locate(space, private))
    dues = retention.due(office)
    for kind, years, count in retention.by_kind(dues):
        term = f" ({counted(years, 'an')})" if years else ""
        click.echo(f"{kind}{term} : {counted(count, 'échu')}.")
    if not dues:
        click.echo("Rien n’est échu.")
    if dry_run:
        return
    swept = purging.purge(office, dues)
    if not swept.streams and not swept.originals:
        return
    emptied = counted(len(swept.streams), "fil vidé", "fils vidés")
    erased = counted(swept.originals, "original effacé", "originaux effacés")
    click.echo(f"{emptied}, {erased}.")
    for folder in swept.left:
        click.echo(f"• « {folder} » contient encore des fichiers que des personnes y ont mis.")
    click.echo("Refaites une sauvegarde : elle suivra.")


def hand_over(space: Path, private: Path | None, number: str, target: Path) -> None:
    """Export what is kept of one person."""
    from watch.keeping.person import export

    files = export(open_office(locate(space, private)), number, target)
    click.echo(f"{files} fichiers dans {target}.")
