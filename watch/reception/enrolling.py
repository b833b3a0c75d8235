"""A filled inscription opens a case, or says why not; a likeness waits for the office."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from casefiles.answers import Inscription
from casefiles.answers.outline import outline
from casefiles.answers.reading import Problem, accept, where
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from casefiles.events import CaseOpened, DocumentConfirmed, DocumentFiled, Firm, Person, Proof
from casefiles.journal import Append
from casefiles.naming import name_key, person_key
from casefiles.rules.eligibility import Asked, admission, eligibility
from casefiles.rules.finding import Finding
from watch.office import Office
from watch.reception import attempts, expected
from watch.reception.adoption import adopted_for
from watch.reception.altered import altered, printed
from watch.reception.answer import (
    Answer,
    Drop,
    Refused,
    noticed,
    refused_findings,
    refused_problems,
)
from watch.reception.attempts import Attempt
from watch.reception.correcting import PartReturned, corrected_inscription
from watch.reception.printable import unprintable
from watch.reception.proofs import SEEN, proof_of


def enrol(office: Office, drop: Drop) -> Answer:
    """Open the case an inscription asks for; Refused says why not."""
    certification = _certification(office, drop)
    what = f"{Inscription.TITLE} — {certification.name}"
    scope = Scope(certification=certification)
    reading = accept(Inscription, scope, drop.values, today=drop.today)
    if reading.blank:
        raise Refused(what, ["L’inscription est vierge."], "Remplissez-la, puis déposez-la.")
    problems = (*reading.problems, *unprintable(drop.values, scope))
    if reading.answers is None or problems:
        no = _everything_wrong(what, drop, certification, problems)
        raise _sent_back(office, drop, certification, problems, no)
    inscription = reading.answers
    serial = drop.examined["imprint"]["serial"]
    announced = expected.answered_by(office, serial, drop.values, certification.code)
    person = _person(inscription)
    attempt = attempts.coming_back(office, person, certification, drop.today)
    entered = expected.entered_on(announced) or attempt.entered_on or drop.today
    findings = eligibility(inscription, certification, entered)
    late = attempts.too_late(attempt, certification, drop.today)
    refused = [f for f in (*findings, *late) if f.status == "refused"]
    if refused:
        raise refused_findings(
            what, refused, "Corrigez l’inscription avec le candidat, ou orientez-le autrement."
        )
    expected.must_be_proven(what, announced)
    proven = _proof(office, drop, scope, what)
    # De qui était annoncé malgré une ressemblance, le bureau a déjà répondu.
    alike = bool(attempt.likeness) and not any(held.settled for held in announced)
    doubts = altered(office, drop)
    if alike or doubts:
        when = "Si une seconde candidature est voulue" if alike else "Si tout est juste"
        return Answer(
            outcome="waiting",
            what=what,
            reasons=(*[attempt.likeness] * alike, *doubts, *noticed(drop, _names(scope))),
            remedy=f"{when}, le bureau l’ouvre par une demande « Ouvrir malgré une ressemblance », "
            f"repère {drop.mark}. Sinon, rien à faire.",
            document=drop.mark,
            held={
                "values": drop.values,
                "certification": certification.code,
                "how": drop.examined["how"],
                "paper": drop.paper.kept() if drop.paper else None,
                "warnings": list(drop.examined.get("warnings", ())),
                "of": drop.mark,
                "proof": proven.filed(),
            },
        )
    opening = (*findings, *late)
    return open_case(
        office, drop, certification, inscription, opening, attempt=attempt, proven=proven
    )


class Proven(BaseModel):
    """What stands behind an inscription: its proof, and whether the office must look at it."""

    model_config = ConfigDict(frozen=True)

    proof: Proof = Proof()
    standing: str = "accepted"
    reasons: tuple[str, ...] = ()

    def filed(self) -> dict[str, Any]:
        """The fields of `DocumentFiled` that say it, JSON-like."""
        return self.model_dump(mode="json")


def _proof(office: Office, drop: Drop, scope: Scope, what: str) -> Proven:
    """The proof the settings ask of an inscription; Refused where it is not there, or broken."""
    names = _names(scope)
    prepared = {spot.name for spot in Inscription.signatures(scope)}
    proof, standing, reasons = proof_of(office, drop, Inscription, None, what, names, prepared)
    return Proven(proof=proof, standing=standing, reasons=reasons)


def _names(scope: Scope) -> dict[str, str]:
    """The words of each question of an inscription, by field."""
    laid_out = outline(Inscription, scope)
    return {q.name: where(laid_out, q.name) for q in laid_out.questions()}


def _everything_wrong(
    what: str, drop: Drop, certification: Certification, problems: tuple[Problem, ...]
) -> Refused:
    """All that is wrong at once: answers, and what the rules would refuse once these are right."""
    no = refused_problems(what, problems, drop)
    # Of a draft nothing is refused yet but what is chosen already; the day of a reprise is
    # judged once it is known to be one.
    ruled = [
        f
        for f in admission(Asked.told(drop.values), certification, drop.today)
        if f.rule in ("R12", "R13", "R62") or (f.rule in ("R17", "R56") and not no.draft)
    ]
    if ruled:
        no.reasons = (*no.reasons, *refused_findings(what, ruled, "").reasons)
        no.draft = False
    return no


def _sent_back(
    office: Office,
    drop: Drop,
    certification: Certification,
    problems: tuple[Problem, ...],
    no: Refused,
) -> Refused:
    """The refusal with a corrected copy: in the préinscription’s place, else beside the file."""
    if drop.in_place or adopted_for(office, Inscription, certification.code) is not None:
        return no
    serial = drop.examined["imprint"]["serial"]
    open_ones = expected.answered_by(office, serial, drop.values, certification.code)
    own = (held for held in open_ones if any(one.serial == serial for one in held.prints))
    announced = next(own, None)
    back = corrected_inscription(
        office,
        certification,
        printed(office, serial),
        PartReturned(part="", values=drop.values, problems=problems),
        no.reasons[len(problems) :],
        announced=announced,
    )
    where = "« À remplir » et « À envoyer »" if announced else "« 3 À corriger », à côté du fichier"
    no.remedy += (
        " Si seul le candidat peut répondre, une copie à corriger, qui garde ses bonnes réponses, "
        f"et le message qui la porte sont prêts dans {where}."
    )
    if announced is None:
        no.back = back
    else:
        after = len(office.journal.read(announced.stream))
        no.appends = (Append(stream=announced.stream, after=after, events=back),)
    return no


def open_case(
    office: Office,
    drop: Drop,
    certification: Certification,
    inscription: Inscription,
    findings: tuple[Finding, ...],
    said: str = "",
    attempt: Attempt | None = None,
    proven: Proven | None = None,
) -> Answer:
    """The case’s first events, under the year’s next number; `said` is the office’s word on it."""
    person = _person(inscription)
    attempt = attempt or Attempt()
    number = attempts.next_number(office, drop.today.year)
    serial = drop.examined["imprint"]["serial"]
    announced = expected.answered_by(office, serial, drop.values, certification.code)
    attempt = attempt.with_also(expected.acquired(announced))
    wanted = inscription.wanted_blocs
    blocs = attempts.still_asked(attempt, wanted, certification, Inscription.TITLE)
    fingerprint = office.archive_certification(certification)
    opened = CaseOpened(
        number=number,
        certification=certification.code,
        certification_hash=fingerprint,
        route=inscription.wish.route.value,
        blocs=blocs,
        attempt=attempt.rank,
        candidate=person,
        company=_firm(inscription),
        arrangement=inscription.training.arrangement,
        previous=attempt.previous.number if attempt.previous else "",
        entered_on=expected.entered_on(announced) or attempt.entered_on,
    )
    remarks = [
        *([said] if said else []),
        *attempts.remarks(attempt, wanted),
        *expected.remarks(announced),
        *(f.message for f in findings if f.status == "office"),
        *noticed(drop, _names(Scope(certification=certification))),
    ]
    homonyms = _homonyms(office, person)
    if homonyms:
        remarks.append(
            f"Homonyme : le dossier {', '.join(homonyms)} porte le même nom, avec une autre date "
            "de naissance. Les deux dossiers restent séparés."
        )
    filed = DocumentFiled(
        document=drop.mark,
        form=Inscription.NAME,
        serial=serial,
        sha256=drop.sha256,
        dropped_as=drop.name,
        values=drop.values,
        how=drop.examined["how"],
        remarks=tuple(remarks),
        **(proven or Proven()).filed(),
        **(drop.paper.facts() if drop.paper else {}),
    )
    stream = f"dossier/{number}"
    # Whoever copied it at the office saw the hand’s signature: that is their word on it.
    by = drop.paper.by if drop.paper and filed.standing == "to_confirm" else ""
    seen = [DocumentConfirmed(document=drop.mark, by=by, because=SEEN)] if by else []
    return Answer(
        outcome="accepted",
        what=f"{Inscription.TITLE} — dossier {number} {person.full_name}",
        reasons=(*filed.reasons, *remarks),
        stream=stream,
        document=drop.mark,
        appends=(
            Append(
                stream=stream,
                after=0,
                events=(opened, filed, *seen, *attempt.carried),
                effect_key=f"inscription/{drop.claim}",
            ),
            *expected.no_longer(office, announced, number),
            *attempts.followed(office, attempt, number, person.full_name, "nouvelle inscription."),
        ),
    )


def _certification(office: Office, drop: Drop) -> Certification:
    imprint: dict[str, Any] = drop.examined["imprint"]
    return office.printed_certification(imprint["certification"], imprint["certification_hash"])


def _homonyms(office: Office, person: Person) -> list[str]:
    named = office.journal.find("name", name_key(f"{person.birth_name} {person.first_name}"))
    same = office.journal.find("person", person_key(person))
    return [s.removeprefix("dossier/") for s in named if s not in same]


def _person(inscription: Inscription) -> Person:
    candidate = inscription.candidate
    return Person(
        civility=candidate.civility.value,
        birth_name=candidate.birth_name,
        usage_name=candidate.usage_name,
        first_name=candidate.first_name,
        other_names=candidate.other_names,
        birth_date=candidate.birth_date,
        birth_place=candidate.birth_place,
        birth_country=candidate.birth_country,
        email=candidate.email,
    )


def _firm(inscription: Inscription) -> Firm | None:
    company = inscription.company
    if company is None:
        return None
    return Firm(
        name=company.name, siret=company.siret, contact=company.contact, email=company.email
    )
