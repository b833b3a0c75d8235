"""Nobody judges somebody they are linked to (R77): what members declare, what the data show.

A member declares to have no link with the candidates but those they are recused for. The case
knows the candidate’s company, where they trained, who prepared and who evaluated them. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casefiles.answers import Avis, Grid, Inscription, Positioning, Preparation, ValidationInterview
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import Juror
from casefiles.naming import name_key, name_words
from casefiles.rules.finding import Finding, Status, source

_THEMSELVES = "porte le nom du candidat lui-même"

Recusals = Mapping[str, Collection[str]]


@dataclass(frozen=True, kw_only=True)
class Ties:
    """What the case shows of its candidate’s links: organisations and people, each in words."""

    case: str
    name: str
    organisations: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def with_member(self, member: Juror) -> str:
        """« son organisation est l’entreprise du candidat », or "" when nothing shows a link."""
        if said := self.people.get(name_words(member.name)):
            return said
        if said := self.organisations.get(name_key(member.organisation)):
            return f"son organisation ({member.organisation}) {said}"
        return ""


def ties(case: CaseFile, certification: Certification) -> Ties:
    """The links a case shows; people’s names are compared in any order of their words."""
    organisations: dict[str, str] = {}
    people: dict[str, str] = {}
    for document in case.standing(Inscription.NAME):
        trained = str(document.values.get("training/organisation") or "")
        organisations[name_key(trained)] = "a formé le candidat"
        tutor = str(document.values.get("company/tutor") or "")
        people[name_words(tutor)] = "est le tuteur du candidat"
        # A company renamed since, or left, is a link all the same.
        firm = str(document.values.get("company/name") or "")
        organisations[name_key(firm)] = "était l’entreprise du candidat à son inscription"
        contact = str(document.values.get("company/contact") or "")
        people[name_words(contact)] = "représentait l’entreprise du candidat à son inscription"
    if case.company is not None:
        organisations[name_key(case.company.name)] = "est l’entreprise du candidat"
        people[name_words(case.company.contact)] = "représente l’entreprise du candidat"
    for document in case.standing(Positioning.NAME):
        met = str(document.values.get("interview/led_by") or "")
        people[name_words(met)] = "a positionné le candidat"
    for document in case.standing(Preparation.NAME):
        organisation = str(document.values.get("trainer/organisation") or "")
        organisations.setdefault(name_key(organisation), "a formé le candidat")
        trainer = str(document.values.get("trainer/name") or "")
        people[name_words(trainer)] = "a préparé le candidat aux épreuves"
    for document in case.standing(Avis.NAME):
        signed = str(document.values.get("signatory/name") or "")
        people[name_words(signed)] = "a donné l’avis de l’entreprise"
    for document in case.standing(Grid.NAME):
        evaluator = str(document.values.get("evaluator/name") or "")
        people[name_words(evaluator)] = "a évalué le candidat"
    for document in case.standing(ValidationInterview.NAME):
        for name, value in document.values.items():
            if name.startswith("members/") and name.endswith("/name"):
                people[name_words(str(value or ""))] = "a entendu le candidat en entretien"
    # Last, whatever else they are: nobody judges themselves.
    for name in case.candidate.names:
        people[name_words(name)] = _THEMSELVES
    return Ties(
        case=case.number,
        name=case.candidate.full_name,
        organisations={k: v for k, v in organisations.items() if k},
        people={k: v for k, v in people.items() if k},
    )


def independence(
    members: Sequence[Juror], known: Sequence[Ties] = (), recused: Recusals | None = None
) -> Iterator[Finding]:
    """What is left to settle before the jury sits, and the recusals already declared."""
    aside = recused or {}
    for member in members:
        if not member.independent:
            yield _finding(
                "alert",
                f"{member.name} n’a pas déclaré être sans lien avec les candidats : à recueillir "
                "avant la délibération.",
            )
        for tie in known:
            if member.key in aside.get(tie.case, ()):
                yield _finding("ok", f"{member.name} est récusé pour {tie.name} ({tie.case}).")
            elif said := tie.with_member(member):
                declared = "se déclare sans lien, mais " if member.independent else ""
                yield _finding(
                    "alert",
                    f"{member.name} {declared}{said} : {tie.name} ({tie.case}) ; à récuser "
                    "pour ce candidat.",
                )


def linked(voting: Sequence[Juror], known: Ties) -> Iterator[Finding]:
    """Those who would vote on a candidate they are linked to: it cannot stand."""
    for member in voting:
        if said := known.with_member(member):
            yield _finding(
                "refused",
                f"{known.name} : {member.name} {said} et ne peut pas voter sur ce candidat ; "
                "récusez-le, un suppléant de son collège prend sa place.",
            )


def _finding(status: Status, message: str) -> Finding:
    return Finding(rule="R77", status=status, message=message, source=source("R77"))
