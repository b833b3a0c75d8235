"""A dropped list of candidates: a préinscription per good line, a report of the others.

Nobody is followed twice: a line that names somebody already expected changes nothing, one that
names somebody who has a case is asked of the office.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casefiles import casefile, preregistration, roster
from casefiles.certification import Certification
from casefiles.events import CandidateListed, ProofDeposited
from casefiles.journal import Append
from casefiles.naming import name_key
from casefiles.roster import Line, Roster
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused
from watch.reception.expected import same_day
from watch.reception.roster_file import LISTS

LIST = "Liste de candidats"
# A name people give to notes and letters too; nobody names a list so without writing its headings.
TEXT = ".txt"
_PDF = b"%PDF-"


def is_list(drop: Drop) -> bool:
    """Whether the drop is to be read as a list; a PDF under such a name is not."""
    if not drop.name.casefold().endswith(LISTS):
        return False
    with drop.file.open("rb") as file:
        return file.read(len(_PDF)) != _PDF


def take_list(office: Office, drop: Drop) -> Answer | None:
    """The answer to a list: what each of its lines becomes. None for a mere text, of no column."""
    certifications = {code: office.certification(code) for code in office.offered()}
    found = office.sandbox.run("roster", drop.file, office.settings.limits.unknown)
    listed = roster.read(
        found["readings"],
        certifications,
        today=drop.today,
        given=_given(office),
    )
    what = f"{LIST} « {drop.name} »"
    if not listed.headings and drop.name.casefold().endswith(TEXT):
        return None
    if listed.problems:
        raise Refused(
            what,
            listed.problems,
            "Corrigez la liste, puis déposez-la de nouveau. Un modèle de liste est dans "
            "« Formulaires vierges ».",
        )
    if drop.door != "bureau" and any(line.is_reprise for line in listed.lines):
        raise Refused(
            what,
            [
                "Cette liste reprend des inscriptions ou des blocs antérieurs à l’installation : "
                "seul le bureau peut en répondre."
            ],
            "Déposez-la dans « Bureau », avec les fichiers de preuve qu’elle nomme.",
        )
    return _followed(office, drop, what, listed, certifications)


@dataclass(frozen=True, kw_only=True)
class _Read:
    """One good line and what is known of the person: `expected` (a number) or `likeness`."""

    line: Line
    expected: str = ""
    likeness: str = ""


def _followed(
    office: Office,
    drop: Drop,
    what: str,
    listed: Roster,
    certifications: Mapping[str, Certification],
) -> Answer:
    read = [_known(office, line) for line in listed.accepted]
    new = [one for one in read if not one.expected]
    appends = tuple(_appends(office, drop, new, certifications))
    reasons = tuple(_reasons(listed, read, new))
    report = roster.report(listed, drop.name, _already(read)) if listed.refused else ""
    if not appends:
        refused = bool(listed.refused)
        return Answer(
            outcome="refused" if refused else "duplicate",
            what=what,
            reasons=reasons,
            remedy="Corrigez les lignes nommées dans le rapport posé à côté de la liste, dans "
            "« 3 À corriger »."
            if refused
            else "Rien à faire.",
            report=report,
        )
    return Answer(
        outcome="accepted",
        what=what,
        reasons=reasons,
        remedy=_to_hand_out(new)
        + (
            " Les lignes à corriger sont dans « 3 À corriger », avec leurs raisons."
            if report
            else ""
        ),
        report=report,
        appends=appends,
        document=drop.mark,
    )


def _to_hand_out(new: Sequence[_Read]) -> str:
    """Where what was prepared for them waits: a message; the form, for want of an address."""
    written = [bool(preregistration.address(one.line.values)) for one in new]
    place = "« 2 Dossiers en cours / Préinscriptions / {} »"
    sentences = []
    if any(written):
        sentences.append(f"Envoyez les messages préparés dans {place.format('À envoyer')}.")
    if not all(written):
        sentences.append(
            f"Remettez son inscription, prête dans {place.format('À remplir')}, à qui n’a pas "
            "d’adresse électronique dans la liste."
        )
    return " ".join((*sentences, "Chaque inscription rendue ouvrira son dossier."))


def _appends(
    office: Office,
    drop: Drop,
    new: Sequence[_Read],
    certifications: Mapping[str, Certification],
) -> Iterator[Append]:
    year = drop.today.year
    first = office.journal.count("preinscription", f"I{year}-") + 1
    for rank, one in enumerate(new, start=first):
        line, certification = one.line, certifications[one.line.certification]
        number = f"I{year}-{rank:04d}"
        event = CandidateListed(
            number=number,
            list_mark=drop.mark,
            list_name=drop.name,
            line=line.number,
            name=line.name,
            certification=certification.code,
            certification_hash=office.archive_certification(certification),
            values=dict(line.values),
            missing=line.missing,
            likeness=one.likeness,
            entered_on=line.entered_on,
            acquired=line.acquired,
            proof=line.proof,
        )
        yield Append(
            stream=f"preinscription/{number}",
            after=0,
            events=(event,),
            effect_key=f"preinscription/{drop.claim}/{line.number}",
        )


def _reasons(listed: Roster, read: Sequence[_Read], new: Sequence[_Read]) -> Iterator[str]:
    """What the receipt says, in a few sentences; the report has every line."""
    asked = [one for one in new if one.likeness]
    known = [one for one in read if one.expected]
    followed = len(new) - len(asked)
    yield f"{_lines(followed, 'suivie')} comme préinscription{'s' * (followed > 1)}."
    if asked:
        yield f"{_lines(len(asked))} à trancher par le bureau :"
        yield from (f"ligne {one.line.number}, {one.line.name} : {one.likeness}" for one in asked)
    if known:
        kept = "laissées telles quelles" if len(known) > 1 else "laissée telle quelle"
        yield f"{_lines(len(known), 'déjà suivie')}, {kept} :"
        yield from (f"ligne {one.line.number}, {one.line.name} : {one.expected}." for one in known)
    if listed.refused:
        yield f"{_lines(len(listed.refused), 'refusée')} :"
        yield from (
            f"ligne {line.number}, {line.name} : {' ; '.join(line.problems)}."
            for line in listed.refused
        )
    yield from listed.remarks


def _lines(count: int, said: str = "") -> str:
    """« 1 ligne suivie », « 3 lignes suivies »."""
    plural = "s" if count > 1 else ""
    return f"{count} ligne{plural} {said}{plural}" if said else f"{count} ligne{plural}"


def _already(read: Sequence[_Read]) -> dict[int, str]:
    told = {one.line.number: f"déjà suivie : {one.expected}" for one in read if one.expected}
    return told | {one.line.number: "à trancher par le bureau" for one in read if one.likeness}


def _given(office: Office) -> dict[str, str]:
    """What every candidate of this office answers alike."""
    organisation = office.settings.organisation
    told = {
        "training/organisation": organisation.name,
        "training/declaration": organisation.declaration,
    }
    return {name: said for name, said in told.items() if said}


def _known(office: Office, line: Line) -> _Read:
    """Whether that person is already expected, or already has a case, for this certification."""
    key = preregistration.listed_key(line.values, line.certification)
    for stream in office.journal.find("listed", key):
        held = preregistration.fold(office.journal.read(stream))
        if held and not held.closed and same_day(held.listed.values, line.values):
            return _Read(line=line, expected=held.number)
    name = f"{line.values['candidate/birth_name']} {line.values['candidate/first_name']}"
    for stream in office.journal.find("name", name_key(name)):
        case = casefile.fold(office.journal.read(stream))
        if case is None or case.abandoned or case.certification != line.certification:
            continue
        born = f"{case.candidate.birth_date:%d/%m/%Y}"
        if line.values.get(preregistration.BIRTH_DATE, born) == born:
            return _Read(
                line=line,
                likeness=f"Le dossier {case.number} est celui de {case.candidate.full_name}, né(e) "
                f"le {born}, pour cette certification.",
            )
    return _Read(line=line)


def awaited(office: Office, drop: Drop) -> Answer | None:
    """A proof a reprise waits for, dropped by the office under the name its list gives."""
    if drop.door != "bureau":
        return None
    event = ProofDeposited(document=drop.mark, sha256=drop.sha256, dropped_as=drop.name)
    appends, reasons = [], []
    for stream in office.journal.find("proof", name_key(drop.name)):
        recorded = office.journal.read(stream)
        held = preregistration.fold(recorded)
        if held and held.awaited_proof:
            appends.append(Append(stream=stream, after=len(recorded), events=(event,)))
            reasons.append(f"Jointe à la préinscription {held.number} de {held.listed.name}.")
    if not appends:
        return None
    return Answer(
        outcome="accepted",
        what=f"Preuve « {drop.name} »",
        reasons=tuple(reasons),
        document=drop.mark,
        appends=tuple(appends),
    )
