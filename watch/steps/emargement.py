"""Signing on paper beside the PV: its feuille d’émargement, and the seal that says who signed it.

Where a member signed by hand, the OF’s seal is put in that member’s own place on the furthest copy,
and says so for ever, in the document the president then signs.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from casefiles.answers import Emargement
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.events import FormIssued, HandSignaturesPlaced, PvIssued, Recorded
from casefiles.journal import Append
from casefiles.session import Session
from watch.office import Office
from watch.reception.emarging import emargement_scope
from watch.steps.sittings import session_of


def sheet_for(office: Office, held: Session, pv: PvIssued) -> tuple[FormIssued, ...]:
    """The sheet to print beside that PV; none where paper is not taken, or nobody else sat."""
    from forms.pages.wording import decision_words
    from forms.render import make

    decided = held.decided
    others = [key for key in pv.fields if key != pv.president]
    accepted = office.settings.proofs.accepted(Emargement.NAME)
    if "paper" not in accepted or decided is None or not others:
        return ()
    certification = office.certification_of(held.certification_hash)
    scope = emargement_scope(held, certification, decided, pv)
    laid_out = outline(Emargement, scope)
    values = {
        "minutes/session": held.reference,
        "minutes/version": f"version {pv.version}",
        "minutes/place": f"{held.place}, {held.town}",
        "minutes/sha256": pv.sha256,
    }
    for one in decided.decisions:
        values[f"candidates/{one.case}/decision"] = decision_words(one, certification)
    imprint = Imprint(
        serial=office.new_serial(),
        form=Emargement.NAME,
        version=Emargement.VERSION,
        part=held.reference,
        certification=certification.code,
        certification_hash=held.certification_hash,
        form_hash=laid_out.fingerprint,
    )
    data = make(
        Emargement,
        scope,
        imprint=imprint,
        key=office.imprint_key,
        values=values,
        case_line=f"Session {held.reference}, jury du {held.day:%d/%m/%Y}",
        provisional=certification.provisional,
    )
    issued = FormIssued(
        form=Emargement.NAME,
        part=str(pv.version),
        serial=imprint.serial,
        sha256=office.originals.put(data),
        path=f"À remplir/Feuille d’émargement (version {pv.version}).pdf",
        values=values,
        form_hash=laid_out.fingerprint,
    )
    return (issued,)


def place(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """« Sur papier », sealed in the place of each member who signed by hand."""
    from signing.pades import sign
    from signing.stamp import Stamp

    held = session_of(recorded)
    pv = held.pv
    if pv is None or not held.to_place:
        raise ValueError("nobody signed by hand")
    before = held.returned.signed if held.returned else ()
    sha256 = held.returned.sha256 if held.returned else pv.sha256
    names = {m.key: m.name for m in held.members}
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        copy = office.originals.path(sha256)
        for key in held.to_place:
            seen, target = held.by_hand[key], Path(folder, f"{key}.pdf")
            sign(
                copy,
                target,
                field=pv.fields[key],
                signer=office.seal_key,
                stamp=Stamp(
                    verb="Signé à la main, sur papier",
                    name=names[key],
                    quality=f"Feuille d’émargement {seen.document}",
                    note=f"Feuille reçue et scellée par {office.seal_key.holder}",
                ),
                reason=f"Sur papier : signature manuscrite de {names[key]} sur la feuille "
                f"d’émargement {seen.document} (SHA-256 {seen.sha256}), vue et confirmée par "
                f"{seen.by} le {seen.seen_on}.",
                at=office.clock(),
                **office.signature_options("pv"),
            )
            copy = target
        sha256 = office.originals.put(copy)
    placed = HandSignaturesPlaced(
        document=held.by_hand[held.to_place[-1]].document,
        sha256=sha256,
        version=pv.version,
        members=(*(held.placed.members if held.placed else ()), *held.to_place),
        signed=(*before, *held.to_place),
    )
    return (Append(stream=held.stream, after=len(recorded), events=(placed,)),)
