"""A document the office drops to prove something: kept whole, to be quoted by an act.

It is opened by nobody here: it counts only where an act names its mark, and who asked answers for
it.
"""

from watch.office import Office
from watch.reception.acts.request import answered
from watch.reception.answer import Answer, Drop, Refused

WHAT = "Pièce gardée pour le bureau"


def keep(drop: Drop) -> Answer | None:
    """The answer to a document that is no form of ours, from the Bureau folder; None elsewhere."""
    if drop.door != "bureau":
        return None
    return Answer(
        outcome="accepted",
        what=WHAT,
        reasons=(f"« {drop.name} » est gardé tel quel, sous le repère {drop.mark}.",),
        remedy=f"Citez {drop.mark} dans la « Demande du bureau » que cette pièce prouve.",
        document=drop.mark,
        held={"kept": drop.sha256, "name": drop.name},
    )


def proof(office: Office, mark: str, what: str) -> str:
    """The SHA-256 of the document kept under that mark; Refused when there is none."""
    receipt = answered(office, mark)
    kept = str(receipt.held.get("kept", "")) if receipt else ""
    if not kept:
        raise Refused(
            what,
            [f"Aucune pièce gardée par le bureau ne porte le repère « {mark} »."],
            "Déposez la preuve dans « Bureau » : son accusé donne le repère à citer.",
        )
    return kept
