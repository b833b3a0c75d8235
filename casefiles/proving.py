"""What a proof is called, in the words shown to people; it proves nothing itself.

« Avancée » is not among them: no inspection of a file shows that its signer alone held the key.
"""

_SIGNATURES = {
    "qualified_signature": "Signature qualifiée",
    "qualified_seal": "Cachet qualifié",
    "qualified_certificate": "Signature sur certificat qualifié",
    "undetermined": "Signature électronique, qualification indéterminée",
}
_STAMPS = {"qualified": "horodatage qualifié", "plain": "horodatage"}

FOR_MACHINES = {
    "parchemin.json": "les mentions du parchemin, pour les machines",
    "open-badge.jwt": "la même certification en Open Badge, pour les machines",
}
"""What a parchemin’s own PDF has attached: the document’s signature covers them, no list does."""


def called(
    kind: str, qualification: str = "", timestamp: str = "", *, by_seal: bool = False
) -> str:
    """« Signature qualifiée, avec horodatage qualifié », « Cachet du prestataire »…

    kind: « none », « paper » (a scan signed by hand), « signature » or « seal ». qualification and
    timestamp: as `signing.report` has them, "" for none.
    """
    if kind == "none":
        return "Aucune preuve"
    if kind == "paper":
        return "Signature manuscrite numérisée"
    if by_seal or kind == "seal":
        words = {
            "qualified_seal": "Cachet qualifié",
            "qualified_certificate": "Cachet sur certificat qualifié",
            "undetermined": "Cachet électronique, qualification indéterminée",
        }.get(qualification, "Cachet du prestataire" if kind == "seal" else "Cachet électronique")
    else:
        words = _SIGNATURES.get(qualification, "Signature électronique sur certificat non qualifié")
    stamp = _STAMPS.get(timestamp)
    return f"{words}, avec {stamp}" if stamp else f"{words}, sans horodatage"
