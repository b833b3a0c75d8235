"""Streams told by hand: what happens to one case, event after event."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from casefiles import events as e
from casefiles.casefile import CaseFile, fold
from casefiles.certification import Certification
from casefiles.events import Event, Recorded
from casefiles.rules.results import Proposal, proposal
from tests.casefiles import filled
from tests.casefiles.journals import NOON

ZOE = e.Person(
    civility="madame",
    birth_name="Exemple-Gonçalves",
    first_name="Zoé",
    birth_date=date(1988, 2, 29),
    birth_place="Saint-Œuf-sur-Essai",
    birth_country="France",
    email="zoe@exemple.invalid",
)
FIRM = e.Firm(name="Ateliers Fictifs", contact="Paul MODÈLE", email="paul@exemple.invalid")
SIGNED = e.Proof(kind="signature", signer="Paul MODÈLE", level="B-B")


def told(*events: Event, stream: str = "dossier/2026-0042") -> list[Recorded]:
    """The events at their places, an hour apart."""
    return [
        Recorded(stream=stream, position=n, at=NOON + timedelta(hours=n), event=one)
        for n, one in enumerate(events, start=1)
    ]


def case(*events: Event) -> CaseFile:
    """The case those events come down to."""
    folded = fold(told(*events))
    assert folded is not None
    return folded


def opened(certification: Certification, **changes: Any) -> e.CaseOpened:
    """Zoé, by formation continue, for the whole certification, with a company."""
    data: dict[str, Any] = {
        "number": "2026-0042",
        "certification": certification.code,
        "certification_hash": certification.fingerprint,
        "route": "formation_continue",
        "candidate": ZOE,
        "company": FIRM,
    }
    return e.CaseOpened(**(data | changes))


def issued(form: str = "modalites", part: str = "", **changes: Any) -> e.FormIssued:
    """A form made for somebody to fill."""
    data: dict[str, Any] = {
        "form": form,
        "part": part,
        "serial": f"SERIE{form}{part}".upper(),
        "sha256": f"{form}{part}",
        "path": f"À remplir/{form} {part}.pdf",
    }
    return e.FormIssued(**(data | changes))


def prints(*forms: str) -> tuple[e.FormIssued, ...]:
    """The forms of the common route, all made; or those named."""
    return tuple(issued(form) for form in forms or ("modalites", "grille", "avis"))


def filed(form: str, values: dict[str, Any], part: str = "", **changes: Any) -> e.DocumentFiled:
    """A document that came back, accepted."""
    data: dict[str, Any] = {
        "document": f"D-{form}-{part}",
        "form": form,
        "part": part,
        "serial": f"SERIE{form}{part}".upper(),
        "sha256": f"sha256 {form} {part}",
        "dropped_as": f"{form}.pdf",
        "values": values,
    }
    return e.DocumentFiled(**(data | changes))


def grid(
    certification: Certification, part: str, changes: filled.Changes = None, **event: Any
) -> e.DocumentFiled:
    """A grid, acquired unless changed."""
    return filed("grille", filled.grid(certification, part, changes), part, **event)


def papers(
    certification: Certification,
    *,
    modalities: filled.Changes = None,
    avis: filled.Changes = None,
) -> list[e.DocumentFiled]:
    """Everything a case by formation continue owes."""
    return [
        filed("modalites", filled.modalities(certification, modalities)),
        *(grid(certification, c.id) for c in certification.competences),
        filed("avis", filled.avis(certification, avis), proof=SIGNED),
    ]


def complete(certification: Certification, *changed: e.DocumentFiled) -> CaseFile:
    """A complete case; a document given here stands for the one of its form and part."""
    named = {(d.form, d.part) for d in changed}
    rest = [d for d in papers(certification) if (d.form, d.part) not in named]
    return case(opened(certification), *prints(), *rest, *changed)


def proposed(certification: Certification, *changed: e.DocumentFiled) -> Proposal:
    """What the evaluations of such a case propose."""
    return proposal(complete(certification, *changed), certification)


def product(name: str, basis: str = "", **changes: Any) -> e.ProductIssued:
    """A document of ours."""
    data: dict[str, Any] = {
        "product": name,
        "sha256": f"sha256 {name} {basis}",
        "path": f"Produits/{name}.pdf",
        "basis": basis,
    }
    return e.ProductIssued(**(data | changes))


def decision(outcome: str, pv: str = "PV1", **changes: Any) -> e.DecisionRecorded:
    """The jury’s decision, from a PV named `pv`."""
    return e.DecisionRecorded(
        session="S2026-001",
        pv_version=1,
        pv_sha256=pv,
        decided_on=date(2026, 6, 12),
        decision=e.Decided(case="2026-0042", outcome=outcome, **changes),
    )


def failed(step: str, attempt: int, retry_at: datetime = NOON) -> e.StepFailed:
    """A step of ours that did not succeed."""
    return e.StepFailed(step=step, attempt=attempt, error="Panne.", retry_at=retry_at)


def juror(
    key: str, college: str, seat: str = "titulaire", organisation: str = "", **changes: Any
) -> e.Juror:
    """A member of a jury, of an organisation of their own unless named."""
    data: dict[str, Any] = {
        "key": key,
        "name": f"Membre {key.upper()}",
        "organisation": organisation or f"Organisation {key}",
        "college": college,
        "seat": seat,
        "independent": True,
    }
    return e.Juror(**(data | changes))


def jury(employers: int = 1, employees: int = 1) -> tuple[e.Juror, ...]:
    """That many voting members on each side, the first employer presiding."""
    sides = [f"e{n}" for n in range(employers)], [f"s{n}" for n in range(employees)]
    return (
        *(
            juror(k, "employeurs", "titulaire" if n else "president")
            for n, k in enumerate(sides[0])
        ),
        *(juror(k, "salaries") for k in sides[1]),
    )


def rules(findings: Iterable[Any], status: str = "") -> list[str]:
    """The rules found, of that status."""
    return [f.rule for f in findings if status in ("", f.status)]
