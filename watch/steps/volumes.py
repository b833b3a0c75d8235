"""The two volumes of a jury pack: *Pièces*, sealed once, and the PV, certified for signatures."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from casefiles.answers import FORMS, Emargement, Inscription
from casefiles.answers.imprint import Imprint
from casefiles.answers.vocabulary import SignatureSpot
from casefiles.documents import Document
from casefiles.errors import PackError
from casefiles.events import PiecesSealed, Proof, PvIssued, Recorded
from casefiles.journal import Append
from casefiles.prints import scope_printed
from casefiles.rules import juries
from casefiles.rules.deliberation import Examined
from casefiles.rules.independence import independence
from watch.office import Office
from watch.reception.examining import candidates
from watch.share.naming import MEDIA_TYPES, ending_of
from watch.share.telling import of
from watch.steps.compositions import composition_to_revise
from watch.steps.emargement import sheet_for
from watch.steps.letterhead import letterhead
from watch.steps.proofs import reached
from watch.steps.received import as_received
from watch.steps.sittings import session_of
from watch.steps.supporting import supporting, supporting_parts

if TYPE_CHECKING:
    from forms.pages.pieces import PieceEntry
    from signing.pack import Original, Part

PV = "pv"
SEAL_FIELD = "sceau/organisme"
# How a return came when its pages say more than its answers: a hand, a stamp, a pen.
PAPER = frozenset({"scan", "flattened", "ink"})
BY_HAND = "Signé à la main, sur papier ; voir l’original joint"


def seal_pieces(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The first volume: readable copies, every original byte for byte, one seal."""
    from forms.pages.pieces import pieces_front
    from signing.pack import Part, assemble
    from signing.pades import sign

    held = session_of(recorded)
    certification = office.certification_of(held.certification_hash)
    version = held.pieces.version + 1 if held.pieces else 1
    head, day = letterhead(office), office.today()
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        work = Path(folder)
        entries: list[PieceEntry] = []
        originals: list[Original] = []
        parts: list[Part] = []
        examined = candidates(office, held)
        for position, one in enumerate(examined, start=1):
            own, kept = _pieces_of(office, one)
            entries += own
            originals += kept
            parts += _readable_parts(office, one, own, work, position, len(examined))
        front = work / "front.pdf"
        front.write_bytes(pieces_front(held, certification, entries, head, day, version))
        title = f"Pièces — session {held.reference}, version {version}"
        volume, sealed = work / "volume.pdf", work / "sealed.pdf"
        assemble(
            volume,
            title=title,
            parts=[Part(path=front, title=title), *parts],
            originals=originals,
            at=office.clock(),
            author=head.organisation,
        )
        made = sign(
            volume,
            sealed,
            field=SEAL_FIELD,
            new_field=True,
            signer=office.seal_key,
            certify=True,
            docmdp=1,
            reason="Scellement des pièces présentées au jury",
            at=office.clock(),
            **office.signature_options("pieces"),
        )
        sha256 = office.originals.put(sealed)
    issued = PiecesSealed(
        sha256=sha256,
        path=f"Pièces scellées (version {version}).pdf",
        version=version,
        cases=tuple(held.names),
        basis=held.agenda_basis,
        **reached(made, office.clock()),
    )
    return (
        Append(
            stream=held.stream,
            after=len(recorded),
            events=(issued, composition_to_revise(office, held)),
            effect_key=f"pieces/{held.reference}/{version}",
        ),
    )


def _pieces_of(office: Office, one: Examined) -> tuple[list["PieceEntry"], list["Original"]]:
    """Each original of a candidate once, with its hash, its role and what its signature says."""
    from forms.pages.pieces import PieceEntry
    from forms.pages.wording import documents_words, proof_words
    from signing.pack import Original

    entries, originals = [], []
    by_mark: dict[str, list[Document]] = {}
    for document in _kept(one):
        by_mark.setdefault(document.mark, []).append(document)
    told = [
        (d.mark, documents_words(own, one.certification), proof_words(d.proof), (d.sha256, *d.also))
        for own in by_mark.values()
        for d in own[:1]
    ]
    told += [(p.mark, p.role, p.verdict, (p.sha256,)) for p in supporting(one.case)]
    for mark, role, verdict, files in told:
        for number, sha256 in enumerate(files):
            kept = office.originals.path(sha256)
            ending = ending_of(kept)
            rest = f", suite {number}" if number else ""
            name = f"{one.case.number} {role} {mark}{rest}{ending}"
            entries.append(
                PieceEntry(
                    case=one.case.number,
                    name=name,
                    mark=mark,
                    role=role,
                    sha256=sha256,
                    verdict=verdict,
                )
            )
            originals.append(
                Original(
                    path=kept,
                    name=name,
                    sha256=sha256,
                    role=role,
                    verdict=verdict,
                    mime=MEDIA_TYPES[ending],
                )
            )
    return entries, originals


def _readable_parts(
    office: Office,
    one: Examined,
    entries: list["PieceEntry"],
    work: Path,
    position: int,
    total: int,
) -> list["Part"]:
    """A candidate’s title page, récapitulatif and readable copies, as bookmarked parts."""
    from forms.pages.pieces import candidate_divider
    from forms.pages.wording import document_words
    from signing.pack import Part

    number = one.case.number
    recap = one.case.product("recapitulatif")
    if recap is None or recap.basis != one.case.basis:
        raise PackError(
            f"Le récapitulatif du dossier {number} n’est pas à jour.",
            "Il est refait à la prochaine étape ; le volume suivra.",
        )
    divider = work / f"{number}.pdf"
    divider.write_bytes(
        candidate_divider(
            one.case,
            one.certification,
            entries,
            letterhead(office),
            office.today(),
            position=position,
            total=total,
        )
    )
    parts = [
        Part(path=divider, title=f"{number} — {one.case.candidate.full_name}", label=f"{number}/"),
        Part(path=office.originals.path(recap.sha256), title="Récapitulatif", under=True),
    ]
    shown: set[str] = set()
    for document in _kept(one):
        copy = work / f"{number}-{document.mark}-{document.part or 'tout'}.pdf"
        copy.write_bytes(_readable(office, one, document))
        title = f"{document_words(document, one.certification)} ({document.mark})"
        parts.append(Part(path=copy, title=title, under=True))
        if document.how in PAPER and document.mark not in shown:
            shown.add(document.mark)
            parts += as_received(office, document, title, work)
    return [*parts, *supporting_parts(office, one.case, work)]


def _kept(one: Examined) -> list[Document]:
    """Every document that counts, corrected or not; replaced ones stay out of the volume.

    In the order people read them in, form by form and competence by competence, and not in that of
    their arrival.

    The inscription stays out too: the jury judges evaluations, and an arrangement, an address or a
    telephone number are not for it. The récapitulatif names it by its hash.
    """
    forms = list(FORMS)
    parts = ["", *(c.id for c in one.certification.competences)]
    kept = [d for d in one.case.documents if d.standing == "accepted"]
    return sorted(
        (d for d in kept if d.form != Inscription.NAME),
        key=lambda d: (forms.index(d.form), parts.index(d.part) if d.part in parts else len(parts)),
    )


def _readable(office: Office, one: Examined, document: Document) -> bytes:
    """The copy for reading, drawn anew from the answers; the original is embedded beside it."""
    from forms.render import flat

    form = FORMS[document.form]
    recorded = office.journal.read(one.case.stream) if one.case.carried else ()
    scope = scope_printed(recorded, one.case, one.certification, document)
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
        signed=_signed(form.signatures(scope), document.proof),
    )


def _signed(spots: Sequence[SignatureSpot], proof: Proof) -> dict[str, str]:
    """What the copy says where one signs; whose of several places was signed, it does not guess."""
    if proof.kind == "paper":
        return {spot.name: BY_HAND for spot in spots}
    if proof.kind == "none" or not proof.signer or len(spots) != 1:
        return {}
    who = f"Signé par {proof.signer}" if proof.kind == "signature" else f"Cachet {of(proof.signer)}"
    return {spots[0].name: f"{who} ; voir l’original joint"}


def draw_minutes(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """PV version n: decisions drawn as page content, certified so that only signatures follow."""
    from forms.pages.decisions import CandidateOnAgenda
    from forms.pages.pv import pv
    from signing.pades import sign
    from signing.stamp import Stamp

    held = session_of(recorded)
    if held.decided is None or held.pieces is None:
        raise ValueError("nothing was decided yet")
    certification = office.certification_of(held.certification_hash)
    previous = held.pvs[-1] if held.pvs else None
    version = previous.version + 1 if previous else 1
    replaced = held.signed.sha256 if held.signed else previous.sha256 if previous else None
    agenda = candidates(office, held)
    findings = (
        *juries.of_the_day(held.members, held.decided.present, certification),
        *independence(
            [m for m in held.members if m.key in held.decided.present],
            [one.ties for one in agenda],
            {d.case: d.recused for d in held.decided.decisions},
        ),
    )
    drawn = pv(
        held,
        held.decided,
        certification,
        [
            CandidateOnAgenda(
                case=one.case,
                proposed=one.proposed,
                findings=one.findings,
            )
            for one in agenda
        ],
        findings,
        pieces_sha256=held.pieces.sha256,
        version=version,
        supersedes=replaced,
        letterhead=letterhead(office),
        made_on=office.today(),
        on_paper="paper" in office.settings.proofs.accepted(Emargement.NAME),
        imprint=Imprint(
            serial=office.new_serial(),
            form=PV,
            version=version,
            part=held.reference,
            certification=certification.code,
            certification_hash=held.certification_hash,
        ).signed(office.imprint_key),
    )
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        source, sealed = Path(folder, "pv.pdf"), Path(folder, "pv-certifie.pdf")
        source.write_bytes(drawn.data)
        made = sign(
            source,
            sealed,
            field=drawn.seal,
            signer=office.seal_key,
            stamp=Stamp(
                name=office.seal_key.holder,
                quality="Cachet de l’organisme",
                verb="Certifié par",
            ),
            certify=True,
            docmdp=2,
            reason="Certification du procès-verbal : seules des signatures peuvent suivre",
            at=office.clock(),
            **office.signature_options("pv"),
        )
        sha256 = office.originals.put(sealed)
    issued = PvIssued(
        version=version,
        sha256=sha256,
        path=f"À remplir/Procès-verbal à signer (version {version}).pdf",
        basis=held.decided.document,
        fields=drawn.fields,
        expected=drawn.expected,
        president=drawn.president,
        supersedes=replaced,
        **reached(made, office.clock()),
    )
    return (
        Append(
            stream=held.stream,
            after=len(recorded),
            events=(issued, *sheet_for(office, held, issued)),
            effect_key=f"pv/{held.reference}/{version}",
        ),
    )
