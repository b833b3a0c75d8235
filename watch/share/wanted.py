"""What the folder of a case or a session should hold, as its events say; it writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casefiles import casefile, next_steps, preregistration, session, summons
from casefiles.answers import FORMS, Composition, Emargement
from casefiles.casefile import CaseFile
from casefiles.events import (
    FormIssued,
    PvReturned,
    PvSigned,
    Recorded,
)
from casefiles.preregistration import Preregistration
from casefiles.rules.acquired import proofs_of_reprise
from casefiles.session import Session
from watch.office import Office
from watch.share import narrative, products
from watch.share.naming import ending_of, safe_name
from watch.share.telling import counted

RECEIVED = "Reçus"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One file the share should hold: kept bytes by SHA-256, or a text of ours."""

    path: str
    sha256: str = ""
    text: str = ""


def wanted_of(
    office: Office, stream: str, recorded: Sequence[Recorded]
) -> tuple[Wanted, ...] | None:
    """What the folder of a case, a session or the expected should hold; None without a folder."""
    kind = stream.split("/", 1)[0]
    if kind == "dossier" and (case := casefile.fold(recorded)) is not None:
        return tuple(_of_case(office, case, recorded))
    if kind == "session" and (held := session.fold(recorded)) is not None:
        return tuple(_of_session(office, held, recorded))
    if kind == "preinscription" and (line := preregistration.fold(recorded)) is not None:
        return tuple(_of_expected(line))
    return None


_STATES = {
    "to_confirm": " (à confirmer)",
    "to_replace": " (en attente)",
    "replaced": " (remplacé)",
    "set_aside": " (écarté)",
    "overtaken": " (dépassé)",
}


def _of_case(office: Office, case: CaseFile, recorded: Sequence[Recorded]) -> Iterator[Wanted]:
    certification = office.certification_of(case.certification_hash)
    yield Wanted(path=narrative.TO_DO, text=narrative.to_do(case, certification))
    title = f"dossier {case.number} {case.candidate.full_name}"
    yield Wanted(path="HISTORIQUE.txt", text=narrative.history(title, recorded, certification.name))
    if not case.abandoned and not case.is_decided:
        gone = ("replaced", "set_aside", "overtaken")
        filled = {(d.form, d.part) for d in case.documents if d.standing not in gone}
        taken = {t.form for t in case.taken if t.instead}
        for issued in case.issued:
            if issued.form in taken:
                continue
            blocs = [b for b in certification.blocs if b.id == issued.part]
            parts = [c.id for b in blocs for c in b.competences] or [issued.part]
            if not all((issued.form, part) in filled for part in parts):
                yield Wanted(path=issued.path, sha256=issued.sha256)
    seen: set[str] = set()
    for document in case.documents:
        if document.mark in seen:
            continue
        seen.add(document.mark)
        state = _STATES.get(document.standing, "")
        name = f"{FORMS[document.form].TITLE} {document.part} - {document.mark}{state}"
        yield from _received(office, name.replace("  ", " "), document.sha256, document.also)
    for held in case.held:
        name = f"{FORMS[held.form].TITLE} {held.part} - {held.document} (sur papier, à relire)"
        yield from _received(office, name.replace("  ", " "), held.sha256, held.also)
    for mark, sha256 in proofs_of_reprise(case).items():
        yield from _received(office, f"Preuve de reprise - {mark}", sha256)
    for proof in case.proofs:
        of = f", situation {' et '.join(proof.situations)}" if proof.situations else ""
        yield from _received(office, f"Preuve{of} - {proof.document}", proof.sha256)
    completed = {one.of: one.sha256 for one in case.raised}
    for path, product in products.placed(case, certification):
        yield Wanted(path=path, sha256=completed.get(product.sha256, product.sha256))


def _received(office: Office, name: str, sha256: str, also: Sequence[str] = ()) -> Iterator[Wanted]:
    """A document as it came, and the earlier drops that hold its other pages."""
    for number, one in enumerate((sha256, *also)):
        ending = ending_of(office.originals.path(one))
        rest = f", suite {number}" if number else ""
        yield Wanted(path=f"{RECEIVED}/{safe_name(f'{name}{rest}{ending}')}", sha256=one)


def _letters(held: Session) -> Iterator[Wanted]:
    """What is to be sent for a session: each guest’s latest convocation, then the bordereau."""
    latest = {p.facts["guest"]: p for p in held.products if p.product == summons.SUMMONS}
    if held.signed is None:
        for product in latest.values():
            yield Wanted(path=product.path, sha256=product.sha256)
    elif sent := held.product(next_steps.TRANSMITTAL):
        yield Wanted(path=sent.path, sha256=sent.sha256)


def _of_expected(line: Preregistration) -> Iterator[Wanted]:
    """The inscription and its message, until somebody enrols or nobody is expected any more."""
    for made in (line.issued, line.message):
        if made is not None and not line.closed:
            yield Wanted(path=made.path, sha256=made.sha256)
    for proof in line.proofs:
        if not line.closed:
            name = safe_name(f"{line.title} - {proof.dropped_as}")
            yield Wanted(path=f"{RECEIVED}/{name}", sha256=proof.sha256)


def _of_session(office: Office, held: Session, recorded: Sequence[Recorded]) -> Iterator[Wanted]:
    certification = office.certification_of(held.certification_hash)
    yield Wanted(path=narrative.TO_DO, text=narrative.session_to_do(held, certification))
    title = f"session {held.reference}"
    yield Wanted(path="HISTORIQUE.txt", text=narrative.history(title, recorded))
    for mark, what, sha256, _ in held.received:
        yield from _received(office, f"{what} - {mark}", sha256)
    for back in held.held:
        name = f"{FORMS[back.form].TITLE} - {back.document} (sur papier, à relire)"
        yield from _received(office, name, back.sha256, back.also)
    for one in recorded:
        if isinstance(one.event, PvSigned) and one.event.sha256 != _final(held):
            name = f"Procès-verbal signé (version {one.event.version}), remplacé"
            path = f"{RECEIVED}/{name} - {one.event.document}.pdf"
            yield Wanted(path=path, sha256=one.event.sha256)
        if isinstance(one.event, PvReturned) and one.event.sha256 != _final(held):
            copy = one.event
            signatures = counted(len(copy.signed), "signature")
            name = f"Procès-verbal version {copy.version}, {signatures}"
            yield Wanted(path=f"{RECEIVED}/{name} - {copy.document}.pdf", sha256=copy.sha256)
    if not held.closed and (agenda := held.product("ordre-du-jour")):
        yield Wanted(path=agenda.path, sha256=agenda.sha256)
    if held.pieces:
        yield Wanted(path=held.pieces.path, sha256=held.pieces.sha256)
    for path, sha256 in {one.path: one.sha256 for one in held.raised}.items():
        yield Wanted(path=path, sha256=sha256)
    for issued in held.issued:
        if _to_fill(held, issued):
            yield Wanted(path=issued.path, sha256=issued.sha256)
    yield from _letters(held)
    if held.signed:
        yield Wanted(path=held.signed.path, sha256=held.signed.sha256)
    if held.pv and held.pieces_stand and not held.over:
        furthest = held.returned.sha256 if held.returned else held.pv.sha256
        yield Wanted(path=held.pv.path, sha256=furthest)


def _to_fill(held: Session, issued: FormIssued) -> bool:
    """The composition may be revised, and a PV signed by hand, until it is signed by the president;
    the sheet awaits the decisions."""
    if issued.form == Composition.NAME:
        return held.signed is None
    if issued.form == Emargement.NAME:
        return held.pieces_stand and not held.over and issued == held.emargement
    return held.decided is None and held.pieces_stand and issued == held.sheet


def _final(held: Session) -> str:
    return held.signed.sha256 if held.signed else ""
