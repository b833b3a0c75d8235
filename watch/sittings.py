"""What we make for a session: agenda, *Pièces*, feuille de décisions, PV, decisions sent home."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casefiles import casefile, session
from casefiles.answers import FORMS, Decisions
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.casefile import CaseFile, Document
from casefiles.certification import Certification
from casefiles.errors import PackError
from casefiles.events import (
    DecisionRecorded,
    DecisionsSent,
    FormIssued,
    PiecesSealed,
    ProductIssued,
    PvIssued,
    Recorded,
)
from casefiles.journal import Append
from casefiles.rules import juries
from casefiles.rules.consistency import consistency
from casefiles.rules.finding import Finding
from casefiles.rules.results import Proposal, proposal
from casefiles.session import Session
from watch.juries import decisions_scope
from watch.letterhead import letterhead
from watch.office import Office

PIECES = "Pièces"
SEAL_FIELD = "sceau/organisme"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One candidate as the jury sees them."""

    case: CaseFile
    certification: Certification
    proposed: Proposal
    findings: tuple[Finding, ...]


def _session(recorded: Sequence[Recorded]) -> Session:
    held = session.fold(recorded)
    if held is None:
        raise ValueError("the stream holds no session")
    return held


def _candidates(office: Office, held: Session) -> list[Examined]:
    found = []
    for number in held.names:
        case = casefile.fold(office.journal.read(f"dossier/{number}"))
        if case is None:
            raise PackError(
                f"Le dossier {number} manque au journal.", "Restaurez la dernière sauvegarde."
            )
        certification = office.certification_of(case.certification_hash)
        proposed = proposal(case, certification)
        found.append(
            Examined(
                case=case,
                certification=certification,
                proposed=proposed,
                findings=consistency(case, certification, proposed),
            )
        )
    return found


def draw_agenda(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The draft agenda, redrawn as candidates and members come and go."""
    from forms.pages import agenda

    held = _session(recorded)
    certification = office.certification_of(held.certification_hash)
    findings = juries.composition(held.members, certification, list(held.companies.values()))
    data = agenda(held, certification, findings, letterhead(office), office.today())
    issued = ProductIssued(
        product="ordre-du-jour",
        sha256=office.originals.put(data),
        path="Ordre du jour (projet).pdf",
        basis=held.agenda_basis,
    )
    return (Append(stream=held.stream, after=len(recorded), events=(issued,)),)


def seal_pieces(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The first volume: readable copies, every original byte for byte, one seal."""
    from forms.pages import PieceEntry, candidate_divider, pieces_front
    from signing.pack import Original, Part, assemble
    from signing.pades import sign

    held = _session(recorded)
    certification = office.certification_of(held.certification_hash)
    version = held.pieces.version + 1 if held.pieces else 1
    head, day = letterhead(office), office.today()
    examined = _candidates(office, held)
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        work = Path(folder)
        entries: list[PieceEntry] = []
        originals: list[Original] = []
        parts: list[Part] = []
        for one in examined:
            number, name = one.case.number, one.case.candidate.full_name
            divider = work / f"{number}.pdf"
            divider.write_bytes(candidate_divider(one.case, one.certification, head, day))
            parts.append(Part(file=divider, title=f"{number} — {name}"))
            recap = one.case.product("recapitulatif")
            if recap is None or recap.basis != one.case.basis:
                raise PackError(
                    f"Le récapitulatif du dossier {number} n’est pas à jour.",
                    "Il est refait à la prochaine étape ; le volume suivra.",
                )
            parts.append(
                Part(file=office.originals.path(recap.sha256), title="Récapitulatif", level=2)
            )
            for document in _kept(one.case):
                label = f"{FORMS[document.form].TITLE} ({document.mark})"
                copy = work / f"{number}-{document.mark}-{document.part or 'tout'}.pdf"
                copy.write_bytes(_readable(office, one, document))
                parts.append(Part(file=copy, title=label, level=2))
                if any(o.sha256 == document.sha256 for o in originals):
                    continue
                role = FORMS[document.form].TITLE
                proof = _proof_words(document)
                name_in_pack = f"{number} {role} {document.mark}.pdf"
                originals.append(
                    Original(
                        file=office.originals.path(document.sha256),
                        name=name_in_pack,
                        sha256=document.sha256,
                        role=role,
                        verdict=proof,
                    )
                )
                entries.append(
                    PieceEntry(
                        case=number,
                        name=name_in_pack,
                        mark=document.mark,
                        role=role,
                        sha256=document.sha256,
                        verdict=proof,
                    )
                )
        front = work / "front.pdf"
        front.write_bytes(pieces_front(held, certification, entries, head, day, version))
        parts.insert(0, Part(file=front, title=f"Pièces — session {held.reference}"))
        volume, sealed = work / "volume.pdf", work / "sealed.pdf"
        assemble(
            volume,
            parts,
            originals,
            title=f"Pièces — session {held.reference}, version {version}",
            created=office.clock(),
        )
        sign(
            volume,
            sealed,
            field=SEAL_FIELD,
            signer=office.seal_key,
            certify=True,
            docmdp=1,
            reason="Scellement des pièces présentées au jury",
            at=office.clock(),
            **office.signature_options("seal"),
        )
        sha256 = office.originals.put(sealed)
    issued = PiecesSealed(
        sha256=sha256,
        path=f"{PIECES} (version {version}, scellées).pdf",
        version=version,
        cases=tuple(held.names),
        basis=held.pieces_basis,
    )
    return (
        Append(
            stream=held.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"pieces/{held.reference}/{version}",
        ),
    )


def _kept(case: CaseFile) -> list[Document]:
    """Every document that counts, corrected or not; replaced ones stay out of the volume."""
    return [d for d in case.documents if d.standing == "accepted"]


def _readable(office: Office, one: Examined, document: Document) -> bytes:
    """The copy for reading, drawn anew from the answers; the original is embedded beside it."""
    from forms.render import flat

    form = FORMS[document.form]
    scope = one.case.scope(one.certification, document.part)
    imprint = Imprint(
        serial=document.serial,
        form=form.NAME,
        version=form.VERSION,
        case=one.case.number,
        part=document.part,
    )
    return flat(
        form,
        scope,
        document.values,
        imprint=imprint,
        key=office.imprint_key,
        case_line=f"Dossier {one.case.number} · copie de lecture du document {document.mark}",
        provisional=one.certification.provisional,
    )


def _proof_words(document: Document) -> str:
    proof = document.proof
    if proof.kind == "signature":
        level = f", niveau {proof.level}" if proof.level else ""
        return f"Signature intacte de {proof.signer}{level}"
    if proof.kind == "paper":
        return "Signé sur papier, numérisé"
    return "Sans signature électronique"


def issue_sheet(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The feuille de décisions: flags first, decisions blank, bound to this version of *Pièces*."""
    from forms.render import make

    held = _session(recorded)
    if held.pieces is None:
        raise ValueError("the session has no sealed volume")
    certification = office.certification_of(held.certification_hash)
    scope = decisions_scope(held, certification)
    laid_out = outline(Decisions, scope)
    values: dict[str, Any] = {
        "header/session": held.reference,
        "header/place": f"{held.place}, {held.town}",
    }
    for one in _candidates(office, held):
        prefix = f"candidates/{one.case.number}"
        alerts = " ".join(f.message for f in one.findings if f.status == "alert")
        values[f"{prefix}/alerts"] = alerts or "Rien à signaler."
        values[f"{prefix}/proposal"] = one.proposed.sentence
    imprint = Imprint(
        serial=office.new_serial(),
        form=Decisions.NAME,
        version=Decisions.VERSION,
        part=held.reference,
        certification=certification.code,
        certification_hash=held.certification_hash,
        form_hash=laid_out.fingerprint,
    )
    data = make(
        Decisions,
        scope,
        imprint=imprint,
        key=office.imprint_key,
        values=values,
        case_line=f"Session {held.reference} · {certification.name}",
        provisional=certification.provisional,
    )
    issued = FormIssued(
        form=Decisions.NAME,
        part=str(held.pieces.version),
        serial=imprint.serial,
        sha256=office.originals.put(data),
        path="À remplir/Feuille de décisions.pdf",
        values=values,
        form_hash=laid_out.fingerprint,
    )
    return (
        Append(
            stream=held.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"feuille/{held.reference}/{held.pieces.version}",
        ),
    )


def draw_minutes(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """PV version n: decisions drawn as page content, certified so that only signatures follow."""
    from forms.pages import CandidateOnAgenda, pv
    from signing.pades import sign

    held = _session(recorded)
    if held.decided is None or held.pieces is None:
        raise ValueError("nothing was decided yet")
    certification = office.certification_of(held.certification_hash)
    previous = held.pvs[-1] if held.pvs else None
    version = previous.version + 1 if previous else 1
    decisions = {d.case: d for d in held.decided.decisions}
    findings = juries.parity_of_present(held.members, held.decided.present, certification)
    drawn = pv(
        held,
        held.decided,
        certification,
        [
            CandidateOnAgenda(
                case=one.case,
                proposed=one.proposed,
                findings=one.findings,
                decision=decisions[one.case.number],
            )
            for one in _candidates(office, held)
        ],
        findings,
        pieces_sha256=held.pieces.sha256,
        version=version,
        supersedes=previous.sha256 if previous else None,
        letterhead=letterhead(office),
        made_on=office.today(),
    )
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        source, sealed = Path(folder, "pv.pdf"), Path(folder, "pv-certifie.pdf")
        source.write_bytes(drawn.data)
        sign(
            source,
            sealed,
            field=SEAL_FIELD,
            signer=office.seal_key,
            certify=True,
            docmdp=2,
            reason="Certification du procès-verbal : seules des signatures peuvent suivre",
            at=office.clock(),
            **office.signature_options("seal"),
        )
        sha256 = office.originals.put(sealed)
    voting = {m.key for m in juries.sitting(held.members, held.decided.present)}
    president = held.president
    if president is None:
        raise ValueError("a composition without president was accepted")
    issued = PvIssued(
        version=version,
        sha256=sha256,
        path=f"À remplir/Procès-verbal à signer (version {version}).pdf",
        basis=held.decided.document,
        fields=drawn.fields,
        expected=tuple(m.key for m in held.members if m.key in voting),
        president=president.key,
        supersedes=previous.sha256 if previous else None,
    )
    return (
        Append(
            stream=held.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"pv/{held.reference}/{version}",
        ),
    )


def send_decisions(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """Every case of the session receives its decision, all in one transaction."""
    held = _session(recorded)
    if held.signed is None or held.decided is None:
        raise ValueError("the president has not signed")
    appends = []
    for decision in held.decided.decisions:
        stream = f"dossier/{decision.case}"
        appends.append(
            Append(
                stream=stream,
                after=len(office.journal.read(stream)),
                events=(
                    DecisionRecorded(
                        session=held.reference,
                        pv_version=held.signed.version,
                        pv_sha256=held.signed.sha256,
                        decided_on=held.decided.deliberated_on,
                        decision=decision,
                    ),
                ),
                effect_key=f"decision/{decision.case}/{held.reference}",
            )
        )
    sent = DecisionsSent(cases=tuple(d.case for d in held.decided.decisions))
    return (Append(stream=held.stream, after=len(recorded), events=(sent,)), *appends)
