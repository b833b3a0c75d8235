"""One claimed file becomes events: examined in the sandbox, decided, recorded, answered — once.

The claim’s own stream (« depot/… ») takes its answer in the same transaction as everything that
follows from it, so a crash at any point leaves either nothing or all of it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from casefiles import session
from casefiles.errors import UnreadableFile
from casefiles.events import DropAnswered
from forms.returns.typed import NAME as TRANSCRIPTION
from watch.doors import claims
from watch.keeping import purging
from watch.office import Office
from watch.reception import returned, transcribing
from watch.reception.adoption import faults, in_our_words
from watch.reception.answer import Answer, Drop, Refused
from watch.reception.holding import said
from watch.reception.joining import by_place
from watch.reception.kept import keep
from watch.reception.minutes import sealed_start
from watch.reception.receipts import begun, mark_of, record, record_each
from watch.reception.rosters import awaited, is_list, take_list
from watch.reception.routing import UNKNOWN, route
from watch.share import mirror
from watch.share.publication import digest_of
from watch.share.workspace import TO_FILL

if TYPE_CHECKING:
    from watch.doors.claims import Claim

_OFFICE_DECIDES = "Le bureau décide par une « Demande du bureau »."
_REMEDY = (
    "Déposez le document lui-même ; s’il vient d’un autre, redemandez-le lui, ou ouvrez-le et "
    "enregistrez-le sous un autre nom avant de le déposer."
)


def take(office: Office, claim: "Claim") -> tuple[str, ...]:
    """Take one claimed file in, show its answer, end the claim; the streams that moved."""
    with office.working_on(f"depot/{claim.id}"):
        return _take(office, claim)


def _take(office: Office, claim: "Claim") -> tuple[str, ...]:
    receipt = f"depot/{claim.id}"
    moved: tuple[str, ...] = (receipt,)
    sha256 = ""
    if not office.journal.read(receipt):
        drop = _drop(office, claim)
        if drop.in_place and _published(office, drop.sha256):
            # What we published ourselves, untouched: nobody dropped anything.
            claims.finish(office.workspace, claim, office.originals)
            return ()
        sha256 = drop.sha256
        moved = record(office, drop, lambda one: _decided(office, one, claim.refusal))
        if drop.sha256 and drop.sha256 not in office.originals:
            # A purge has deleted these very bytes, after it read a journal that did not name them.
            claims.stable_copy(claim, office.originals)
    mirror.show(office, receipt)
    _finish(office, claim, receipt, sha256)
    return tuple(dict.fromkeys(moved))


def _finish(office: Office, claim: "Claim", receipt: str, sha256: str) -> None:
    """End the claim; the bytes of one that is not to be kept are let go first."""
    answered = office.journal.read(receipt)[0].event
    if not claim.keepable or not isinstance(answered, DropAnswered) or answered.sha256:
        claims.finish(office.workspace, claim, office.originals)
        return
    # Answered in an earlier life, its bytes are looked at again; never those we may not read.
    gone = frozenset({sha256 or digest_of(claim.file) or ""} - {""})
    purging.let_go(office, gone)
    back = answered.outcome == "refused"
    claims.finish(office.workspace, claim, office.originals, gone=gone, back=back)


def _published(office: Office, sha256: str) -> bool:
    """Whether we put these bytes in « À remplir »: a form, or the furthest copy of a PV."""
    if office.journal.find("made", sha256):
        return True
    for stream in office.journal.find("bytes", sha256):
        held = session.fold(office.journal.read(stream))
        if held and held.signed is None and held.returned and held.returned.sha256 == sha256:
            return True
    return False


def _drop(office: Office, claim: "Claim") -> Drop:
    sha256 = claims.stable_copy(claim, office.originals) if claim.keepable else ""
    return Drop(
        claim=claim.id,
        mark=mark_of(claim.id),
        name="".join(c if c.isprintable() else " " for c in claim.name),  # it is told in texts
        door=claim.door,
        origin=claim.origin,
        in_place=claim.in_place,
        file=office.originals.path(sha256) if sha256 else claim.file,
        sha256=sha256,
        size=office.originals.path(sha256).stat().st_size if sha256 else 0,
        at=office.clock(),
        today=office.today(),
        examined={},
    )


def _decided(office: Office, drop: Drop, refusal: str) -> Answer:
    if refusal:
        raise Refused(UNKNOWN, [refusal], _REMEDY)
    return decide(office, drop)


def decide(office: Office, drop: Drop) -> Answer:
    """What becomes of a drop: known bytes first, then what it is."""
    # A death between two forms of one file leaves its bytes known, and it half answered.
    if not begun(office, drop) and (known := _already_known(office, drop)):
        return known
    if is_list(drop) and (listed := take_list(office, drop)):
        return listed
    if proof := awaited(office, drop):
        return proof
    try:
        examined = office.examine(drop.file, sealed=sealed_start(office, drop.file))
    except UnreadableFile:
        if kept := keep(drop):
            return kept
        if joined := by_place(office, drop):
            return joined
        raise
    if examined["media"] == "wrapped":
        return _unwrapped(office, drop)
    told = in_our_words(office, examined)
    if told["values"] == examined["values"] and examined["prints"]:
        return returned.decide_pages(office, replace(drop, examined=examined))
    examined = told
    seen = replace(drop, examined=examined)
    if examined["prints"] and examined["inked"]:
        raise Refused(
            UNKNOWN,
            examined["warnings"],
            "Répondez dans les champs du formulaire, sans rien poser par-dessus.",
        )
    imprint = examined.get("imprint")
    if imprint is None and examined["damaged"]:
        raise Refused(
            UNKNOWN,
            examined["warnings"],
            "Attendez la fin de la copie ou du téléchargement, puis déposez-le de nouveau ; s’il "
            "reste illisible, redemandez-le à la personne qui l’a envoyé.",
        )
    if imprint is None and (kept := keep(drop)):
        return kept
    if imprint is None and (joined := by_place(office, drop)):
        return joined
    if imprint is None:
        raise Refused(
            UNKNOWN,
            [
                "Ce PDF n’est pas un formulaire de Parchemin, ou son repère a été effacé.",
                *said(examined["notes"][:3]),
                *(f"Un formulaire adopté n’est pas repris : {fault}" for fault in faults(office)),
            ],
            "Remplissez le formulaire tiré de « À remplir » ou de « Formulaires vierges », à "
            "l’écran, puis enregistrez-le et déposez-le.",
        )
    if imprint["form"] == TRANSCRIPTION:
        return transcribing.take_transcription(office, seen)
    return route(office, seen)


def _unwrapped(office: Office, drop: Drop) -> Answer:
    """Each document of an archive or a message, on a receipt of its own.

    Who drops a message did not write what is in it: from there, nothing is an act of the office.
    """
    pieces = []
    for name, folders, data in office.unwrap(drop.sha256):
        sha256 = office.originals.put(data)
        piece = replace(
            drop,
            name=name,
            wrapped=True,
            folders=folders,
            in_place=False,
            file=office.originals.path(sha256),
            sha256=sha256,
            size=len(data),
        )
        pieces.append((piece, lambda one: decide(office, one)))
    count = f"{len(pieces)} documents" if len(pieces) > 1 else "un document"
    return record_each(office, drop, f"Envoi contenant {count}", pieces)


def _already_known(office: Office, drop: Drop) -> Answer | None:
    for stream in office.journal.find("bytes", drop.sha256):
        mark = _mark(office, stream, drop.sha256)
        return Answer(
            outcome="duplicate",
            what="Copie exacte d’un document",
            reasons=(
                f"Ce fichier, à l’octet près, est déjà au {_place(stream)}"
                f"{f', sous le repère {mark}' if mark else ''}.",
            ),
            remedy=_OFFICE_DECIDES if _undecided(office, stream, mark) else "Rien à faire.",
            stream=stream,
        )
    for stream in office.journal.find("waiting", drop.sha256):
        return Answer(
            outcome="duplicate",
            what="Copie exacte d’un document",
            reasons=("Ce fichier attend déjà une décision du bureau.",),
            remedy=_OFFICE_DECIDES,
            stream=stream,
        )
    for stream in office.journal.find("made", drop.sha256):
        return Answer(
            outcome="refused",
            what="Document de ce bureau, tel qu’il en est sorti",
            reasons=(f"C’est le fichier préparé pour le {_place(stream)}, sans rien d’ajouté.",),
            remedy="Remplissez-le ou signez-le, enregistrez-le, puis redéposez-le."
            if _awaits_an_answer(office, stream, drop.sha256)
            else "Rien à faire : ce document n’attend pas de réponse.",
            stream=stream,
        )
    return None


def _mark(office: Office, stream: str, sha256: str) -> str:
    """« D-7K2M9QXA », when the stream says under which mark it keeps those bytes."""
    for one in office.journal.read(stream):
        mark = getattr(one.event, "document", "")
        if mark and getattr(one.event, "sha256", "") == sha256:
            return str(mark)
    return ""


def _undecided(office: Office, stream: str, mark: str) -> bool:
    """Whether the document of that mark still waits for the office’s word."""
    summary = office.journal.summary(stream) or {}
    return bool(mark) and any(mark in one["why"] for one in summary.get("missing", ()))


def _awaits_an_answer(office: Office, stream: str, sha256: str) -> bool:
    """Whether what was made is to be filled or signed by somebody, as its place says."""
    recorded = [one.event for one in office.journal.read(stream)]
    made = [event for event in recorded if getattr(event, "sha256", "") == sha256]
    paths = [str(getattr(event, "path", "")) for event in made]
    return any(path.startswith(f"{TO_FILL}/") or "à signer" in path for path in paths) or not paths


def _place(stream: str) -> str:
    kind, _, number = stream.partition("/")
    return {
        "dossier": f"dossier {number}",
        "session": f"dossier de la session {number}",
        "preinscription": f"dossier des préinscriptions, sous le numéro {number}",
    }.get(kind, "bureau")
