"""May this person enter this certification by this route today? Judged at the inscription.

Pure: an inscription, a certification and a day in, findings out. A « refused » finding keeps the
case from opening; an « office » one is a slip the office settles later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casefiles.answers.inscription import Extent, Inscription, Status
from casefiles.certification import Certification, RouteName
from casefiles.rules import registration
from casefiles.rules.finding import Finding, source
from casefiles.rules.slips import slips
from casefiles.rules.stated import as_stated

EMPLOYED = (Status.SALARIE, Status.INTERIMAIRE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an inscription asks for, as far as it can be told: of answers, or of raw values."""

    route: str
    whole: bool
    blocs: tuple[str, ...]
    company: bool
    committed: bool
    employed: bool = True

    @classmethod
    def of(cls, inscription: Inscription) -> "Asked":
        """Of answers that read."""
        agreement = inscription.agreement
        return cls(
            route=inscription.wish.route.value,
            whole=inscription.wish.extent is Extent.WHOLE,
            blocs=inscription.wanted_blocs,
            company=inscription.company is not None,
            committed=agreement.exact and agreement.informed,
            employed=inscription.candidate.status in EMPLOYED,
        )

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> "Asked":
        """Of raw values, some of which may be wrong or missing."""
        ticked = {name for name, value in values.items() if value not in (None, False, "", "Off")}
        return cls(
            route=str(values.get("wish/route") or ""),
            whole=values.get("wish/extent") != Extent.BLOCS.value,
            blocs=tuple(n for n in ticked if n.startswith("blocs/")),
            company=any(name.startswith("company/") for name in ticked),
            committed={"agreement/exact", "agreement/informed"} <= ticked,
            employed=values.get("candidate/status") in (None, "", *EMPLOYED),
        )


def eligibility(
    inscription: Inscription, certification: Certification, today: date
) -> tuple[Finding, ...]:
    """R12, R13, R17, R62, R93, the company’s presence, and every slip; `today` is the entry’s."""
    asked = Asked.of(inscription)
    return (*admission(asked, certification, today), *slips(inscription, certification, today))


def admission(asked: Asked, certification: Certification, today: date) -> tuple[Finding, ...]:
    """What refuses the entry, whatever else the inscription says."""
    found = (
        *_route(asked, certification),
        *_blocs(asked, certification),
        *_entry(certification, today),
        *_company(asked, certification),
        *_commitment(asked),
    )
    return as_stated(found, certification)


def _entry(certification: Certification, day: date) -> Iterator[Finding]:
    found = registration.entry(certification, day)
    if found is not None and found.status == "refused":
        yield found


def _route(asked: Asked, certification: Certification) -> Iterator[Finding]:
    if asked.route not in {name.value for name in RouteName}:
        return
    name = RouteName(asked.route)
    route = certification.routes.get(name)
    if name is RouteName.VAE and not certification.at_rncp:
        yield _refused(
            "R13",
            f"La VAE suppose un CQP enregistré au RNCP ; le {certification.name} ne l’est pas.",
        )
    elif route is None or not route.open:
        yield _refused(
            "R12",
            f"La voie « {name.label} » n’est pas ouverte pour le {certification.name}.",
            route.source if route else "",
        )


def _blocs(asked: Asked, certification: Certification) -> Iterator[Finding]:
    if asked.whole:
        return
    if not certification.gives_blocs:
        yield _refused(
            "R62",
            f"Le {certification.name} n’est pas inscrit au RNCP : ses blocs ne peuvent pas être "
            "attribués séparément. Demandez la certification entière.",
        )
    elif not asked.blocs:
        yield _refused("R17", "Aucun bloc n’est coché, alors que seuls certains sont demandés.")


def _company(asked: Asked, certification: Certification) -> Iterator[Finding]:
    known = asked.route in {name.value for name in RouteName}
    route = certification.routes.get(RouteName(asked.route)) if known else None
    if route is None or asked.company:
        return
    if route.company == "required" or (route.company == "employed" and asked.employed):
        yield _refused(
            "R56",
            "Cette voie demande une entreprise, qui donnera son avis : renseignez "
            "« L’entreprise ».",
        )


def _commitment(asked: Asked) -> Iterator[Finding]:
    if not asked.committed:
        yield _refused(
            "R17", "Les deux cases de l’engagement doivent être cochées par le candidat."
        )


def _refused(rule: str, message: str, where: str = "") -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=where or source(rule))
