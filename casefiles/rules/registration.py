"""Registration at RNCP or RS (R93): who may enter, be judged and be delivered to, and until when.

Pure; three different days are judged, each at its own time:

- the entry, by the window of the registration, both days included;
- the jury and the delivery, by `deliver_until`, for whoever entered in time. Where the file gives
  no such day, the window’s end is sure and anything later is asked of the certifier: never refused
  in silence. The certifier’s own answer, recorded in the case, stands over the file.

« ok » lets it pass, « office » asks the certifier, « refused » names the dates and the source.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from casefiles.bodies import Registration
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Outcome
from casefiles.events import Decided
from casefiles.rules.finding import Finding, Status

RULE = "R93"
ASK = (
    "Demandez au certificateur s’il délivre encore à qui est entré à temps, puis consignez sa "
    "réponse (demande du bureau « Consigner la réponse du certificateur »)."
)


def entry(certification: Certification, day: date) -> Finding | None:
    """May one enter that day? None for a certification that is not registered."""
    registration = certification.registration
    if registration is None:
        return None
    if registration.covers(day):
        return _finding(registration, "ok", f"{_window(registration)} : l’entrée y est comprise.")
    return _finding(
        registration,
        "refused",
        f"{_window(registration)} : on ne peut pas y entrer le {day:%d/%m/%Y}.",
    )


def judging(case: CaseFile, certification: Certification, day: date) -> Finding | None:
    """May a jury decide of this case that day?"""
    return _until(case, certification, day, f"un jury du {day:%d/%m/%Y}")


def delivering(case: CaseFile, certification: Certification, day: date) -> Finding | None:
    """May the parchemin, or an attestation, be delivered that day?"""
    return _until(case, certification, day, f"une délivrance le {day:%d/%m/%Y}")


def judged_on(
    decided: Decided, name: str, case: CaseFile, certification: Certification, day: date
) -> Iterator[Finding]:
    """What keeps that decision from being recorded; nothing acquired is nothing to refuse."""
    found = judging(case, certification, day)
    acquiring = Outcome(decided.outcome) in (Outcome.OBTENTION, Outcome.PARTIEL)
    if acquiring and found is not None and found.status != "ok":
        yield replace(found, status="refused", message=f"{name} : {found.message}")


def last_day(case: CaseFile, certification: Certification) -> date | None:
    """The last day a jury or a delivery is sure to be possible; None without registration."""
    registration = certification.registration
    if registration is None:
        return None
    said = case.certifier_said
    if said is not None and said.deliver_until is not None:
        return said.deliver_until
    return registration.deliver_until or registration.expires_on


def _until(case: CaseFile, certification: Certification, day: date, what: str) -> Finding | None:
    registration = certification.registration
    if registration is None:
        return None
    said = case.certifier_said
    entered = f"Entrée le {case.entered:%d/%m/%Y}. {_window(registration)}"
    if said is not None and said.deliver_until is not None:
        answer = f"réponse du certificateur du {said.answered_on:%d/%m/%Y}"
        limit = f"délivrance possible jusqu’au {said.deliver_until:%d/%m/%Y} ({answer})"
        inside = day <= said.deliver_until
        return _finding(
            registration,
            "ok" if inside else "refused",
            f"{entered} ; {limit} : {what} est {'possible' if inside else 'trop tardif'}.",
        )
    last = registration.deliver_until or registration.expires_on
    if day <= last:
        return _finding(registration, "ok", f"{entered} : {what} est possible.")
    if said is not None:
        return _finding(
            registration,
            "refused",
            f"{entered} ; le certificateur a répondu le {said.answered_on:%d/%m/%Y} qu’il ne "
            f"délivre plus : {what} n’est pas possible.",
        )
    if registration.deliver_until is not None:
        return _finding(
            registration,
            "refused",
            f"{entered} ; délivrance possible jusqu’au {registration.deliver_until:%d/%m/%Y} : "
            f"{what} n’est pas possible, sauf réponse contraire du certificateur. {ASK}",
        )
    return _finding(
        registration,
        "office",
        f"{entered} ; jusqu’à quand délivrer ensuite n’est pas dit : {what} dépend du "
        f"certificateur. {ASK}",
    )


def _window(registration: Registration) -> str:
    return (
        f"L’enregistrement {registration.directory} {registration.code} court du "
        f"{registration.effective_from:%d/%m/%Y} au {registration.expires_on:%d/%m/%Y}"
    )


def _finding(registration: Registration, status: Status, message: str) -> Finding:
    return Finding(
        rule=RULE,
        status=status,
        message=message,
        source=registration.source,
    )
