"""F13, the procès-verbal: what the jury decided, drawn as page content and ready to be signed.

Flags first, then conformity, attendance, decisions. Its only fields are signatures: the
organisation’s seal, the members who sat, and the president’s, last and apart, which locks all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casefiles.answers.imprint import Imprint
from casefiles.certification import Certification
from casefiles.events import DecisionsFiled, Juror
from casefiles.rules.finding import Finding
from casefiles.rules.seating import Seating, seating
from casefiles.session import Session
from forms.flow import Cell, Flow, Head
from forms.pages import parts
from forms.pages.agenda import sitting
from forms.pages.boxes import Signatory, signature_boxes
from forms.pages.checking import OF_PV, checks
from forms.pages.decisions import CandidateOnAgenda, decisions
from forms.pages.letterhead import Letterhead, begin
from forms.pages.wording import (
    college_words,
    in_words,
    seat_name,
    seat_words,
    sentence,
)
from forms.style import (
    BODY,
    CELL_STRONG,
    MM,
)

TITLE = "Procès-verbal de délibération"
RECTIFIED = "Procès-verbal rectificatif"
DUTIES = (
    "vérifie que l’organisation des évaluations est conforme au dispositif paritaire et au "
    "référentiel",
    "examine le récapitulatif des évaluations de chaque candidat",
    "se prononce sur chacun d’eux",
)
EFFECT = "Ce procès-verbal prend effet à la signature du président, apposée en dernier."
BY_HAND = (
    "Qui signe à la main la feuille d’émargement de cette version voit le cachet de l’organisme le "
    "dire à sa place : « sur papier »."
)
SEAL = "signature/organisme"


@dataclass(frozen=True, kw_only=True)
class PvDrawn:
    """The PV and its fields: juror key → signature field, who must sign, who presided, the seal’s.

    `expected` are the jurors whose vote counted for one candidate at least, and who presided.
    """

    data: bytes
    fields: dict[str, str]
    president: str
    expected: tuple[str, ...]
    seal: str = SEAL


def pv(
    session: Session,
    decided: DecisionsFiled,
    certification: Certification,
    candidates: Sequence[CandidateOnAgenda],
    composition_findings: Sequence[Finding],
    pieces_sha256: str,
    version: int,
    supersedes: str | None,
    letterhead: Letterhead,
    made_on: date,
    imprint: Imprint | None = None,
    on_paper: bool = False,
) -> PvDrawn:
    """Version `version` of the PV; `supersedes` is the SHA-256 of the version it replaces.

    on_paper: whether members may sign a feuille d’émargement by hand instead. Every member the
    sheet says present may sign; those who voted must, whoever presided last.
    ValueError when nobody presided: such a sheet is not accepted.
    """
    day = seating(session.members, decided.present, certification)
    if day.presiding is None:
        raise ValueError("nobody presided")
    flow = begin(
        letterhead,
        made_on,
        title=RECTIFIED if session.rectifying else TITLE,
        subtitle=f"{sentence(certification.deliberation.name)} — {certification.name}",
        reference=(f"Session {session.reference}", f"Procès-verbal, version {version}"),
        imprint=imprint.text() if imprint else "",
    )
    parts.provisional(flow, certification)
    parts.notice(flow, EFFECT, _made_from(session, decided, version, supersedes))
    parts.facts(flow, [*sitting(session, 3), ("Délibéré le", in_words(decided.deliberated_on), 3)])
    flagged = [_named(f, one) for one in candidates for f in one.findings if f.status != "ok"]
    parts.flags(
        flow,
        [*composition_findings, *flagged],
        title="À examiner",
        nothing="Aucun point n’est signalé au jury.",
    )
    _conformity(flow, decided, certification)
    _attendance(flow, session, decided, certification, day)
    judges = {
        d.case: seating(session.members, decided.present, certification, d.recused)
        for d in decided.decisions
    }
    before = session.ruled.decisions if session.rectifying and session.ruled else ()
    decisions(flow, candidates, decided.decisions, certification, judges, before)
    _pieces(flow, session, pieces_sha256)
    fields = _signatures(
        flow, session, decided, certification, letterhead, day.presiding, on_paper=on_paper
    )
    checks(flow, "Vérifier ce procès-verbal sans Parchemin", OF_PV)
    voted = day.keys.union(*(sat.keys for sat in judges.values()))
    return PvDrawn(
        data=flow.sheet.finish(),
        fields=fields,
        president=day.presiding.key,
        expected=tuple(m.key for m in session.members if m.key in voted),
    )


def _made_from(
    session: Session, decided: DecisionsFiled, version: int, supersedes: str | None
) -> str:
    copied = f", remplie sur papier et recopiée par {decided.typed_by}" if decided.typed_by else ""
    words = (
        f"Version {version}, dressée d’après la feuille de décisions {decided.document}{copied}."
    )
    if supersedes is None:
        return words
    if session.rectifying and session.signed:
        return (
            f"{words} Il rectifie et remplace la version {session.signed.version}, signée, dont "
            f"l’empreinte SHA-256 est {supersedes} et qui reste au dossier. Rectification demandée "
            f"par {session.rectifying.by}, parce que : {session.rectifying.because}"
        )
    return (
        f"{words} Elle annule et remplace la version {version - 1}, dont les signatures sont sans "
        f"effet ; SHA-256 de la version remplacée : {supersedes}"
    )


def _named(finding: Finding, one: CandidateOnAgenda) -> Finding:
    # Two candidates may share a name; a case number is never shared.
    words = f"{one.case.candidate.full_name} ({one.case.number}) — {finding.message}"
    return Finding(rule=finding.rule, status=finding.status, message=words, source=finding.source)


def _conformity(flow: Flow, decided: DecisionsFiled, certification: Certification) -> None:
    """The jury’s duties (R84), in the certification’s words where it has some; then its word."""
    flow.heading(2, "Les missions du jury et la conformité", rule=True, keep=70)
    with flow.inside("L"):
        for duty in certification.deliberation.duties or DUTIES:
            with flow.inside("LI"), flow.inside("LBody"):
                flow.paragraph(f"— {sentence(duty).rstrip('.')}.", BODY)
    flow.space(2 * MM)
    verb = "déclare" if decided.conform else "ne déclare pas"
    parts.notice(
        flow,
        f"Le jury {verb} conforme au dispositif paritaire et au référentiel l’organisation des "
        "évaluations (R84).",
        f"Réserves ou observations : {decided.reserve}" if decided.reserve else "Sans réserve.",
        after=1 * MM,
    )


def _attendance(
    flow: Flow,
    session: Session,
    decided: DecisionsFiled,
    certification: Certification,
    day: Seating,
) -> None:
    flow.heading(2, "L’émargement", rule=True, keep=70)
    flow.table(
        (
            Head(text="Membre", share=50),
            Head(text="Organisation", share=40),
            Head(text="Collège", share=36),
            Head(text="Siège", share=16),
            Head(text="Présence", share=24),
        ),
        [
            [
                Cell(text=m.name, head=True, style=CELL_STRONG),
                m.organisation,
                college_words(m, certification),
                seat_name(m),
                _presence(m, decided, day),
            ]
            for m in session.members
        ],
    )
    flow.space(2 * MM)
    flow.paragraph(
        "Chaque membre qui signe déclare n’avoir de lien personnel ou professionnel avec aucun des "
        "candidats sur lesquels il a voté.",
        BODY,
        after=2 * MM,
    )


def _presence(member: Juror, decided: DecisionsFiled, day: Seating) -> str:
    if member.key not in decided.present:
        return "Absent"
    if day.presiding and member.key == day.presiding.key:
        return "Présent, préside"
    return "Présent, vote" if member.key in day.keys else "Présent"


def _pieces(flow: Flow, session: Session, pieces_sha256: str) -> None:
    version = f", version {session.pieces.version}" if session.pieces else ""
    flow.heading(2, "Le volume des pièces", rule=True, keep=50)
    flow.paragraph(
        f"Les décisions ont été prises au vu du volume « Pièces »{version}. Signer ce "
        "procès-verbal, c’est signer les deux. Son empreinte SHA-256 :",
        BODY,
    )
    flow.paragraph(pieces_sha256, CELL_STRONG)


def _signatures(
    flow: Flow,
    session: Session,
    decided: DecisionsFiled,
    certification: Certification,
    letterhead: Letterhead,
    presiding: Juror,
    *,
    on_paper: bool,
) -> dict[str, str]:
    """The boxes, whoever presided apart and last; a mapping of jurors to fields."""
    signing = [m for m in session.members if m.key in decided.present and m.key != presiding.key]
    columns = 6 if len(signing) <= 6 else 4
    flow.heading(2, "Les signatures", rule=True, keep=150)
    flow.paragraph(
        "L’organisme certifie d’abord le document ; seules des signatures peuvent suivre. Les "
        "membres signent ensuite, dans l’ordre qui leur convient."
        + (f" {BY_HAND}" if on_paper and signing else ""),
        BODY,
        after=2 * MM,
    )
    seal = Signatory(
        field=SEAL, name=letterhead.organisation, quality="Cachet de l’organisme, en premier"
    )
    signature_boxes(flow, [seal], columns=6)
    members = [_signatory(m, certification) for m in signing]
    signature_boxes(flow, members, columns=columns)
    _president(flow, presiding, certification)
    return {m.key: f"signature/{m.key}" for m in (*signing, presiding)}


def _signatory(member: Juror, certification: Certification, *, final: bool = False) -> Signatory:
    return Signatory(
        field=f"signature/{member.key}",
        name=member.name,
        quality=f"{seat_words(member, certification)} · {member.organisation}",
        final=final,
    )


def _president(flow: Flow, member: Juror, certification: Certification) -> None:
    """The president’s box, under its own heading: it is signed last and closes the document."""
    stands_in = member.seat != "president"
    title = "Qui a présidé signe en dernier" if stands_in else "Le président signe en dernier"
    flow.heading(3, title, keep=110)
    flow.paragraph(
        "Sa signature donne effet aux décisions et interdit toute modification.",
        BODY,
        after=1.5 * MM,
    )
    signature_boxes(flow, [_signatory(member, certification, final=True)], columns=8)
