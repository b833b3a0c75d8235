"""The journal and what hangs on it, then the outside programs and files a space may call for."""

from collections.abc import Iterator
from datetime import date

from casefiles.errors import ParcheminError
from casefiles.originals import StoreAway
from watch.commands.checks import Check
from watch.office import Office
from watch.reception.trial import opens
from watch.share import anchoring
from watch.share.telling import counted, day


def journal(office: Office) -> Iterator[Check]:
    """Every chain holds, and the anchors attest the journal’s end."""
    damages = office.journal.damages()
    for damage in damages:
        yield Check(what="Journal", good=False, said=str(damage.error()))
    if not damages:
        count = counted(len(office.journal.positions()), "fil")
        yield Check(what="Journal", good=True, said=f"{count} : les chaînes tiennent.")
    places = office.workspace.anchors
    wrong = list(anchoring.faults(office))
    for said in wrong:
        yield Check(what="Ancres du journal", good=False, said=said)
    if not wrong:
        last = max((file.stem for file in places[0].glob("*.json")), default="")
        said = "Aucune : la veille en pose une par jour."
        if last:
            said = f"La dernière est du {day(date.fromisoformat(last))}."
        yield Check(what="Ancres du journal", good=True, said=said)


_AWAY = (
    "le dossier des originaux n’est pas là : montez-le. Si c’en est un autre, et qu’il est entier, "
    "effacez « magasin.txt » du côté privé."
)


def originals(office: Office) -> Iterator[Check]:
    """Every byte the journal names is there, as it came."""
    try:
        office.originals.must_be_present()
    except StoreAway:
        yield Check(what="Originaux", good=False, said=_AWAY)
        return
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
            said=f"{counted(lost, 'manquant')}, {counted(damaged, 'abîmé')} : restaurez la "
            "dernière sauvegarde.",
        )
    else:
        yield Check(what="Originaux", good=True, said="Tous présents, tous intacts.")


def blocked(office: Office) -> Iterator[Check]:
    """The steps that wait for somebody to lift what stops them."""
    for kind in ("dossier", "session"):
        for stream, _, summary in office.journal.summaries(kind):
            for error in summary.get("blocked", ()):
                yield Check(what=f"Étape bloquée ({stream})", good=False, said=error)


def retention(office: Office) -> Iterator[Check]:
    """What is past its term and not purged yet."""
    from watch.keeping import retention

    count = len(retention.due(office))
    due = counted(count, "dossier ou dépôt au-delà du terme", "dossiers ou dépôts au-delà du terme")
    said = f"{due} : à effacer avec « parchemin purge »."
    yield Check(
        what="Conservation", good=not count, said=said if count else "Rien n’est au-delà du terme."
    )


def adopted(office: Office) -> Iterator[Check]:
    """The forms of others; nothing is said where there are none."""
    from watch.reception.adoption import adopted_forms, faults

    for said in faults(office):
        yield Check(what="Formulaire adopté", good=False, said=said)
    for one in adopted_forms(office):
        yield Check(
            what="Formulaire adopté", good=True, said=f"« {one.mapping.titre} » est repris."
        )


def restyled_letters(office: Office) -> Iterator[Check]:
    """The letters restyled in Word, and the program that prints them."""
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


def sandbox(office: Office) -> Iterator[Check]:
    """What the kernel grants to confine foreign files."""
    granted = office.sandbox.in_force()
    if granted is None or (granted.network and granted.files and granted.calls):
        good = opens(office)
        yield Check(
            what="Bac à sable",
            good=good,
            said="Les fichiers reçus s’ouvrent sans réseau, sans autre fichier ni autre processus."
            if good
            else "Un formulaire sain ne s’y ouvre pas, tout dépôt serait refusé : lancez Parchemin "
            "depuis son propre environnement Python, sous l’unité systemd livrée.",
        )
        return
    yield Check(
        what="Bac à sable",
        good=False,
        said="Ce système n’isole pas entièrement les fichiers reçus (réseau : "
        f"{_held(granted.network)}, autres fichiers : {_held(granted.files)}, autres processus : "
        f"{_held(granted.calls)}) : autorisez les espaces de noms aux comptes ordinaires "
        "(kernel.unprivileged_userns_clone=1), et prenez un noyau qui a Landlock et seccomp.",
    )


def _held(cut: bool) -> str:
    return "coupé" if cut else "ouvert"


def queue(office: Office) -> Iterator[Check]:
    """The queue shared with other machines; nothing is said where there is none."""
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


def deep(office: Office) -> Iterator[Check]:
    """The proof, byte by byte, that nothing is lost or doubled."""
    from watch.commands.deep import prove, unrecorded

    try:
        found = tuple(prove(office))
    except StoreAway:
        return  # told of already, among the originals
    for fault in found:
        yield Check(what=f"Preuve ({fault.kind}, {fault.where})", good=False, said=fault.said)
    if not found:
        said = "Chaque fichier, chaque accusé et chaque numéro a été vérifié."
        yield Check(what="Preuve", good=True, said=said)
    if left := unrecorded(office):
        said = (
            f"{counted(left, 'fichier')} d’un travail qui a été refait : aucune ligne du "
            "journal n’en parle, il n’y a rien à faire."
        )
        yield Check(what="Fichiers en trop", good=True, said=said)


def mail(office: Office) -> Iterator[Check]:
    """Nothing here sends mail: what must leave waits, ready, for a person."""
    said = "Parchemin n’envoie rien : les messages attendent dans « À envoyer », prêts à partir"
    if not office.settings.organisation.email:
        said += " ; pour qu’ils portent votre adresse, renseignez « courriel » sous [organisme]"
    yield Check(what="Courriel", good=True, said=f"{said}.")
