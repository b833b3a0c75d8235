"""The bordereau (F17) of what goes out to the certifier to be signed, and comes back.

The parchemin, or the attestations of the blocs the jury gave: with them the signed PV and the
sealed pièces, each named by its hash.
"""

from collections.abc import Sequence

from casefiles import session
from casefiles.casefile import CaseFile
from casefiles.events import DecisionRecorded, ProductIssued
from watch.office import Office
from watch.steps.letterhead import letterhead


def bordereau_of(
    office: Office,
    case: CaseFile,
    decision: DecisionRecorded,
    to_sign: Sequence[ProductIssued],
    basis: str,
) -> ProductIssued:
    """The letter naming the documents to sign, those that prove the decision, and what is asked."""
    from forms.pages.bordereau import Attached, bordereau

    held = session.fold(office.journal.read(f"session/{decision.session}"))
    if held is None or held.pieces is None or held.signed is None:
        raise ValueError("a decision without its session")
    blocs = tuple(str(p.facts["bloc"]) for p in to_sign if "bloc" in p.facts)
    attached = [
        Attached(what=what, name=path.rpartition("/")[2], sha256=sha256)
        for what, path, sha256 in (
            ("Procès-verbal signé, avec l’émargement", held.signed.path, held.signed.sha256),
            *(
                (f"{what}, sur papier (repère {mark})", f"{what} - {mark}", sha256)
                for mark, what, sha256, _ in held.received
                if mark in held.signed.by_hand.values()
            ),
            ("Pièces présentées au jury, scellées", held.pieces.path, held.pieces.sha256),
            *((_named(one), one.path, one.sha256) for one in to_sign),
        )
    ]
    data = bordereau(
        case,
        held,
        office.certification_of(case.certification_hash),
        attached,
        letterhead(office),
        office.today(),
        blocs=blocs,
    )
    return ProductIssued(
        product="bordereau",
        sha256=office.originals.put(data),
        path="Produits/Bordereau d’envoi au certificateur.pdf",
        basis=basis,
    )


def _named(to_sign: ProductIssued) -> str:
    bloc = to_sign.facts.get("bloc")
    what = f"Attestation du bloc {bloc}" if bloc else "Parchemin"
    return f"{what} à signer, puis à nous rendre"
