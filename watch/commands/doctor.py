"""`parchemin doctor`: tests what will hurt later, and says each thing found with its remedy."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

from casefiles import anchors
from casefiles.errors import ParcheminError
from watch.office import Office, open_office
from watch.share.workspace import Workspace

# Seconds between our clock and the share’s beyond which dates on receipts surprise people.
CLOCKS_APART = 30.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing looked at. `good` False wants somebody’s hand; `said` is a sentence."""

    what: str
    good: bool
    said: str


def examine(workspace: Workspace, *, deep: bool = False) -> tuple[Check, ...]:
    """Every check, in reading order; opening the space comes first.

    deep: that nothing was lost or doubled is proven from disk and database, byte by byte.
    """
    try:
        office = open_office(workspace)
    except ParcheminError as error:
        return (Check(what="Réglages", good=False, said=str(error)),)
    looks: tuple[Callable[[Office], Iterator[Check]], ...] = (
        _share,
        _journal,
        _originals,
        _keys,
        _adopted,
        _disk,
        _sandbox,
        _letters,
        _queue,
        _clock,
        _retention,
        _blocked,
    )
    return (
        Check(what="Réglages", good=True, said="Lus, sans erreur."),
        *(check for look in looks for check in look(office)),
        *(_deep(office) if deep else ()),
    )


def _share(office: Office) -> Iterator[Check]:
    probe = office.workspace.staging / f"essai-{token_hex(4)}"
    try:
        probe.write_bytes(b"essai")
        probe.unlink()
    except OSError as error:
        yield Check(what="Partage", good=False, said=f"On ne peut pas y écrire : {error.strerror}.")
    else:
        yield Check(what="Partage", good=True, said="Présent, et l’on peut y écrire.")
    for folder in (office.workspace.office, office.workspace.juries):
        others = folder.is_dir() and folder.stat().st_mode & 0o002
        yield Check(
            what=f"Droits de « {folder.name} »",
            good=not others,
            said="Tout le monde peut y écrire : restreignez-le." if others else "Restreints.",
        )


def _journal(office: Office) -> Iterator[Check]:
    damages = office.journal.damages()
    for damage in damages:
        yield Check(what="Journal", good=False, said=str(damage.error()))
    if not damages:
        count = len(office.journal.positions())
        yield Check(what="Journal", good=True, said=f"{count} fils, toutes les chaînes tiennent.")
    places = office.workspace.anchors
    wrong = list(anchors.faults(office.journal.engine, places))
    for said in wrong:
        yield Check(what="Ancres du journal", good=False, said=said)
    if not wrong:
        last = max((file.stem for file in places[0].glob("*.json")), default="")
        said = f"La dernière est du {last}." if last else "Aucune : la veille en pose une par jour."
        yield Check(what="Ancres du journal", good=True, said=said)


def _originals(office: Office) -> Iterator[Check]:
    damaged = sum(1 for _ in office.originals.damaged())
    lost = sum(
        1
        for stream in office.journal.positions()
        for one in office.journal.read(stream)
        if (sha256 := getattr(one.event, "sha256", "")) and sha256 not in office.originals
    )
    if damaged or lost:
        yield Check(
            what="Originaux",
            good=False,
            said=f"{lost} manquant(s), {damaged} abîmé(s) : restaurez la dernière sauvegarde.",
        )
    else:
        yield Check(what="Originaux", good=True, said="Tous présents, tous intacts.")


def _keys(office: Office) -> Iterator[Check]:
    for name, words in (("seal", "Cachet de l’organisme"), ("certifier", "Clé du certificateur")):
        if getattr(office.settings.keys, name) is None:
            yield Check(
                what=words,
                good=name == "certifier",
                said="Aucune clé n’est réglée."
                if name == "seal"
                else "Pas de délégation : les parchemins attendent le certificateur.",
            )
            continue
        try:
            key = office.seal_key if name == "seal" else office.certifier_key
        except ParcheminError as error:
            yield Check(what=words, good=False, said=str(error))
            continue
        if key is not None:
            soon = key.not_after - office.clock() < timedelta(days=30)
            said = " ".join(key.warnings) or f"Valable jusqu’au {key.not_after:%d/%m/%Y}."
            yield Check(what=words, good=not soon, said=said)


def _deep(office: Office) -> Iterator[Check]:
    from watch.commands.deep import prove, unrecorded

    found = tuple(prove(office))
    for fault in found:
        yield Check(what=f"Preuve ({fault.kind}, {fault.where})", good=False, said=fault.said)
    if not found:
        said = "Chaque fichier, chaque accusé et chaque numéro a été vérifié."
        yield Check(what="Preuve", good=True, said=said)
    if left := unrecorded(office):
        said = (
            f"{left} fichier(s) sans inscription, faits par un travail interrompu : rien à faire."
        )
        yield Check(what="Preuve", good=True, said=said)


def _adopted(office: Office) -> Iterator[Check]:
    """The forms of others; nothing is said where there are none."""
    from watch.reception.adoption import adopted_forms, faults

    for said in faults(office):
        yield Check(what="Formulaire adopté", good=False, said=said)
    for one in adopted_forms(office):
        yield Check(
            what="Formulaire adopté", good=True, said=f"« {one.mapping.titre} » est repris."
        )


def _disk(office: Office) -> Iterator[Check]:
    for words, place in (
        ("Disque du partage", office.workspace.share),
        ("Disque privé", office.workspace.private),
    ):
        free = shutil.disk_usage(place).free / 1e9
        yield Check(what=words, good=free > 1, said=f"{free:.0f} Go libres.")


def _sandbox(office: Office) -> Iterator[Check]:
    granted = office.sandbox.in_force()
    if granted is None or (granted.network and granted.files and granted.calls):
        said = "Les fichiers reçus s’ouvrent sans réseau, sans autre fichier ni autre processus."
        yield Check(what="Bac à sable", good=True, said=said)
        return
    yield Check(
        what="Bac à sable",
        good=False,
        said="Ce système n’isole pas entièrement les fichiers reçus (réseau : "
        f"{_held(granted.network)}, autres fichiers : {_held(granted.files)}, autres processus : "
        f"{_held(granted.calls)}).",
    )


def _held(cut: bool) -> str:
    return "coupé" if cut else "ouvert"


def _letters(office: Office) -> Iterator[Check]:
    from templates import letters

    chosen = office.settings.letters
    for name in letters.names():
        try:
            letters.check(name, chosen.folder)
        except letters.LetterError as error:
            yield Check(what=f"Lettre « {name} »", good=False, said=str(error))
    if chosen.format == "pdf" and letters.conversion.program() is None:
        yield Check(
            what="Lettres en PDF",
            good=False,
            said="LibreOffice n’est pas installé : les lettres partiront au format Word. "
            'Installez-le, ou choisissez format = "docx" sous [lettres].',
        )


def _queue(office: Office) -> Iterator[Check]:
    if not office.settings.work.queue:
        return
    from watch.service.queue import open_queue

    try:
        workers = open_queue(office.settings.work.queue, office.workspace.id).workers()
    except ParcheminError as error:
        yield Check(what="File commune", good=False, said=str(error))
        return
    yield Check(
        what="File commune",
        good=workers > 0,
        said=f"{workers} processus de travail se sont montrés depuis 30 s."
        if workers
        else "Aucun processus ne travaille : lancez « parchemin work » sur une machine au moins.",
    )


def _clock(office: Office) -> Iterator[Check]:
    """Our clock beside the share’s, by the time it gives a file written now."""
    probe = office.workspace.staging / f"essai-{token_hex(4)}"
    try:
        probe.write_bytes(b"essai")
        apart = abs(probe.stat().st_mtime - time.time())
        probe.unlink()
    except OSError:
        return  # told of as the share that cannot be written
    good = apart < CLOCKS_APART
    said = "La même que celle du partage." if good else f"À {apart:.0f} s de celle du partage."
    yield Check(what="Horloge", good=good, said=said)


def _retention(office: Office) -> Iterator[Check]:
    from watch.keeping import retention

    count = len(retention.due(office))
    said = f"{count} dossier(s) ou dépôt(s) échu(s) : « parchemin purge » les efface."
    yield Check(
        what="Conservation", good=not count, said=said if count else "Rien n’est au-delà du terme."
    )


def _blocked(office: Office) -> Iterator[Check]:
    for kind in ("dossier", "session"):
        for stream, _, summary in office.journal.summaries(kind):
            for error in summary.get("blocked", ()):
                yield Check(what=f"Étape bloquée ({stream})", good=False, said=error)


def show(checks: tuple[Check, ...]) -> None:
    """The checks, for a person."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        table.add_row("✓" if check.good else "✗", check.what, check.said)
    Console(highlight=False).print(table)
