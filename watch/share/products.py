"""Where each product of a case stands on the share: in force, replaced by another, or withdrawn.

What was handed over is never taken away: it moves aside, under a name that says so.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from casefiles import arranging, next_steps, reminders
from casefiles.casefile import ATTESTATION_TO_SIGN, TO_SIGN, CaseFile
from casefiles.certification import Certification
from casefiles.events import ProductIssued

NOTICES = ("notification", "bordereau", "attestation")
PARCHEMINS = ("parchemin", "duplicata")
TO_SEND = "À envoyer"
REPLACED, WITHDRAWN = "Remplacés", "Retirés"


def placed(case: CaseFile, certification: Certification) -> Iterator[tuple[str, ProductIssued]]:
    """The path of every product to show; where several share a path, the latest has it.

    A message that has no use any more is not shown.
    """
    latest = {p.path: p for p in case.products}
    replaced: dict[str, int] = {}
    for product in case.products:
        if product.product in NOTICES and _said_before(case, product):
            version = replaced[product.path] = replaced.get(product.path, 0) + 1
            yield _aside(product, REPLACED, f", version {version}"), product
        elif product is not latest[product.path] or _useless(case, certification, product):
            continue
        elif product.product in PARCHEMINS and _withdrawn(case, product):
            yield _aside(product, WITHDRAWN), product
        else:
            yield product.path, product


def _said_before(case: CaseFile, product: ProductIssued) -> bool:
    """Whether it tells of another decision than the one that stands."""
    standing = case.decision
    return standing is not None and not product.basis.startswith(standing.pv_sha256)


def _withdrawn(case: CaseFile, product: ProductIssued) -> bool:
    return case.withdrawn is not None and product.facts.get("number") == case.withdrawn.number


def _aside(product: ProductIssued, folder: str, more: str = "") -> str:
    path = PurePosixPath(product.path)
    return str(path.parent / folder / f"{path.stem}{more}{path.suffix}")


def _useless(case: CaseFile, certification: Certification, product: ProductIssued) -> bool:
    if product.product == TO_SIGN:
        return case.to_sign != product or case.parchemin is not None
    if product.product == ATTESTATION_TO_SIGN:
        stale = case.decision is None or not product.basis.startswith(case.decision.pv_sha256)
        return stale or case.product("attestation", product.basis) is not None
    if product.product == "recapitulatif":
        # Ce qu’il résume a changé : il ne se lit plus, et sera refait.
        return product.basis != case.basis and case.decision is None
    if product.product == arranging.SHEET:
        return product.basis != arranging.sheet(case) or case.is_decided
    if product.product == arranging.MESSAGE:
        return product.basis != arranging.basis(case, certification) or case.is_decided
    return product.path.startswith(TO_SEND) and not _still_to_send(case, certification, product)


def _still_to_send(case: CaseFile, certification: Certification, product: ProductIssued) -> bool:
    """Whether a message still has its use: what it asks for has not come."""
    if case.abandoned or case.decision:
        return False
    if product.product != reminders.REMINDER:
        form, part = product.facts.get("form", "avis"), product.facts.get("part") or None
        return not case.standing(form, part)
    owing = reminders.owed(case, next_steps.of_case(case, certification))
    last = {one.who: one.rank - 1 for one in owing}
    return last.get(str(product.facts["who"])) == int(product.facts["rank"])
