"""Every page we hand over, drawn from the samples: everyday, and with everything too long."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.events import BlocAcquired, Person
from casefiles.rules.consistency import consistency
from casefiles.rules.independence import Ties
from casefiles.rules.juries import composition
from casefiles.rules.results import proposal
from forms.pages.agenda import agenda
from forms.pages.attestation import attestation
from forms.pages.bordereau import Attached, bordereau
from forms.pages.decisions import CandidateOnAgenda
from forms.pages.notification import notification
from forms.pages.parchemin import parchemin
from forms.pages.pieces import PieceEntry, candidate_divider, pieces_front
from forms.pages.pv import PvDrawn, pv
from forms.pages.recapitulatif import recapitulatif
from forms.pages.wording import document_words, proof_words
from tests.pages import samples as s

DELIVERED = date(2026, 7, 2)
CODE = "PCM1:" + "B4RTM7KQ2" * 30  # of the length of a real one
LINKED = Ties(
    case="2026-0042",
    name="MODÈLE Zoé",
    organisations={"union fictive": "est l’entreprise du candidat"},
)


def entries(case: CaseFile) -> list[PieceEntry]:
    return [
        PieceEntry(
            case=case.number,
            name=f"{d.mark} - {d.dropped_as}",
            mark=d.mark,
            role=document_words(d, s.tmp()),
            sha256=d.sha256,
            verdict=proof_words(d.proof),
        )
        for d in case.documents
    ]


def on_agenda(case: CaseFile) -> CandidateOnAgenda:
    proposed = proposal(case, s.tmp())
    return CandidateOnAgenda(
        case=case, proposed=proposed, findings=consistency(case, s.tmp(), proposed)
    )


def the_recapitulatif(case: CaseFile, *, long: bool = False, provisional: bool = False) -> bytes:
    certification = s.tmp().model_copy(update={"provisional": provisional})
    one = on_agenda(case)
    head = s.LONG_LETTERHEAD if long else s.LETTERHEAD
    return recapitulatif(case, certification, one.proposed, one.findings, head, s.DAY)


def the_pv(
    cases: list[CaseFile],
    *,
    outcome: str = "obtention",
    jurors: int = 4,
    supersedes: str | None = None,
    long: bool = False,
) -> PvDrawn:
    session = s.session(len(cases), jurors, long=long)
    return pv(
        session,
        s.decided(cases, outcome, jurors),
        s.tmp(),
        [on_agenda(case) for case in cases],
        composition(session.members, s.tmp(), [LINKED]),
        s.sha("pieces"),
        2 if supersedes else 1,
        supersedes,
        s.LONG_LETTERHEAD if long else s.LETTERHEAD,
        s.DAY,
    )


def the_notification(
    outcome: str, *, person: Person = s.ZOE, divided: bool = False, **more: object
) -> bytes:
    head = s.LONG_LETTERHEAD if person is s.LONG else s.LETTERHEAD
    case = s.case(person, divided=divided)
    certification = s.opea() if outcome == "partiel" else s.tmp()
    if outcome == "partiel":
        case = replace(case, documents=(), blocs=())
    return notification(case, s.recorded(outcome, **more), certification, head, s.DAY)


def the_parchemin(
    person: Person = s.ZOE,
    *,
    registered: bool = False,
    specimen: bool = False,
    trial: bool = False,
    duplicate: bool = False,
    cachet: bool = False,
) -> bytes:
    certification = s.registered() if registered else s.tmp()
    return parchemin(
        s.case(person),
        certification,
        "TMP-2026-0001",
        s.DAY,
        DELIVERED,
        "Paris",
        specimen=specimen,
        trial=trial,
        code=CODE,
        duplicate_on=date(2027, 1, 4) if duplicate else None,
        cachet=cachet,
    )


def the_attestation(person: Person = s.ZOE, *, cachet: bool = False, trial: bool = False) -> bytes:
    certification = s.opea()
    bloc = max(certification.blocs, key=lambda one: len(one.competences))
    held = BlocAcquired(bloc=bloc.id, origin="jury", on=s.DAY)
    return attestation(
        s.case(person), certification, held, DELIVERED, "Paris", cachet=cachet, trial=trial
    )


def the_bordereau(person: Person = s.ZOE, blocs: tuple[str, ...] = ()) -> bytes:
    case = s.case(person)
    session = replace(s.session(), decided=s.decided([case]))
    names = ("Procès-verbal de délibération", "Composition du jury", "Feuille d’émargement")
    attached = [Attached(what=n, name=f"{n} S2026-003.pdf", sha256=s.sha(n)) for n in names]
    head = s.LONG_LETTERHEAD if person is s.LONG else s.LETTERHEAD
    return bordereau(case, session, s.tmp(), attached, head, s.DAY, blocs=blocs)


def the_agenda(people: int = 6, jurors: int = 4, *, long: bool = False) -> bytes:
    session = s.session(people, jurors, long=long)
    found = composition(session.members, s.tmp(), [LINKED])
    return agenda(session, s.tmp(), found, s.LONG_LETTERHEAD if long else s.LETTERHEAD, s.DAY)


def the_front() -> bytes:
    session = s.session(2)
    listed = [e for n in session.names for e in entries(s.case(divided=True, number=n))]
    return pieces_front(session, s.tmp(), listed, s.LETTERHEAD, s.DAY, 1)


def the_divider(person: Person = s.ZOE) -> bytes:
    case = s.case(person, divided=person is s.LONG)
    return candidate_divider(case, s.tmp(), entries(case), s.LETTERHEAD, s.DAY, position=1, total=2)


EVERYDAY: dict[str, Callable[[], bytes]] = {
    "récapitulatif": lambda: the_recapitulatif(s.case(divided=True)),
    "récapitulatif provisoire": lambda: the_recapitulatif(s.case(), provisional=True),
    "ordre du jour": the_agenda,
    "pièces": the_front,
    "candidat": the_divider,
    "procès-verbal": lambda: the_pv([s.case(divided=True)]).data,
    "obtention": lambda: the_notification("obtention"),
    "partiel": lambda: the_notification("partiel", blocs=("BDC1",)),
    "refus": lambda: the_notification("refus", divided=True, motive="Motif inventé."),
    "ajourné": lambda: the_notification("ajourne", divided=True),
    "absent": lambda: the_notification("absent"),
    "excusé": lambda: the_notification("excuse"),
    "parchemin": the_parchemin,
    "parchemin enregistré": lambda: the_parchemin(registered=True),
    "spécimen": lambda: the_parchemin(specimen=True),
    "démonstration": lambda: the_parchemin(trial=True),
    "duplicata": lambda: the_parchemin(duplicate=True),
    "parchemin et cachet": lambda: the_parchemin(cachet=True),
    "attestation": the_attestation,
    "attestation et cachet": lambda: the_attestation(cachet=True),
    "bordereau": the_bordereau,
    "bordereau des attestations": lambda: the_bordereau(blocs=("BDC1", "BDC2", "BDC3")),
}
LONG: dict[str, Callable[[], bytes]] = {
    "récapitulatif": lambda: the_recapitulatif(s.case(s.LONG, divided=True), long=True),
    "ordre du jour": lambda: the_agenda(9, 10, long=True),
    "candidat": lambda: the_divider(s.LONG),
    "procès-verbal": lambda: (
        the_pv(
            [s.case(s.LONG, divided=True), s.case(number="2026-0043")],
            outcome="refus",
            jurors=10,
            supersedes=s.sha("v1"),
            long=True,
        ).data
    ),
    "ajourné": lambda: the_notification(
        "ajourne", person=s.LONG, divided=True, motive="Un motif inventé, et long. " * 12
    ),
    "parchemin": lambda: the_parchemin(s.LONG),
    "parchemin enregistré": lambda: the_parchemin(s.LONG, registered=True),
    "démonstration d’un spécimen": lambda: the_parchemin(s.LONG, specimen=True, trial=True),
    "spécimen enregistré": lambda: the_parchemin(s.LONG, registered=True, specimen=True),
    "duplicata et cachet": lambda: the_parchemin(
        s.LONG, registered=True, duplicate=True, cachet=True
    ),
    "attestation et cachet": lambda: the_attestation(s.LONG, cachet=True),
    "bordereau": lambda: the_bordereau(s.LONG),
}
