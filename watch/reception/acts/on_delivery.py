"""The office’s acts on what was delivered: a duplicate, a withdrawal, another edition.

The register keeps every number for good: a duplicate bears the same one, a withdrawal is added to
it and to the signed list anyone may check, another edition names the one it replaces.
"""

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import (
    DeliveryReopened,
    DeliveryWithdrawn,
    DuplicateAsked,
    ParcheminWithdrawn,
)
from casefiles.journal import Append
from casefiles.rules import acquired
from casefiles.rules.finding import source
from watch.office import Office
from watch.reception.acts.request import Request, case_of, done
from watch.reception.answer import Answer, Refused


def duplicate(office: Office, request: Request, what: str) -> Answer:
    """A lost parchemin: its duplicate, under the same number, dated today."""
    case, after = case_of(office, request.number, what)
    if case.parchemin is None or case.delivery is None:
        raise Refused(
            what,
            ["Aucun parchemin de ce dossier n’est en vigueur."],
            "Un duplicata se tire d’un parchemin délivré ici, et qui n’a pas été retiré.",
        )
    number, today = case.delivery.number, office.today()
    if any(d.on == today for d in case.duplicates):
        raise Refused(
            what, [f"Le duplicata du {today:%d/%m/%Y} est déjà demandé."], "Rien à faire."
        )
    event = DuplicateAsked(number=number, on=today, by=request.by, because=request.because)
    said = f"Un duplicata du parchemin {number} est dressé, sous le même numéro."
    return done(case.stream, after, event, said)


def revoke(office: Office, request: Request, what: str) -> Answer:
    """Withdraw a parchemin wrongly delivered: the register, the case and the list say so."""
    case, after = case_of(office, request.number, what)
    if case.delivery is None:
        raise Refused(what, ["Aucun parchemin de ce dossier n’est en vigueur."], "Rien à retirer.")
    number, register, today = case.delivery.number, case.delivery.register_name, office.today()
    facts = {"number": number, "on": today, "by": request.by, "because": request.because}
    return Answer(
        outcome="accepted",
        what="",
        reasons=(
            f"Le parchemin {number} est retiré : le registre et la liste publiée des retraits le "
            "disent.",
        ),
        remedy="Prévenez le titulaire, et redemandez-lui l’original.",
        stream=case.stream,
        appends=(
            Append(stream=case.stream, after=after, events=(DeliveryWithdrawn(**facts),)),
            Append(
                stream=register,
                after=len(office.journal.read(register)),
                events=(ParcheminWithdrawn(**facts),),
                effect_key=f"retrait/{number}",
            ),
        ),
    )


def reissue(office: Office, request: Request, what: str) -> Answer:
    """Another edition: after a withdrawal, or because the registration has come (R35)."""
    case, after = case_of(office, request.number, what)
    under = office.certification_of(case.certification_hash)
    if not acquired.whole(case, under):
        raise Refused(
            what,
            ["Le jury n’a pas attribué la certification entière : aucun parchemin n’est dû."],
            "Rien à délivrer.",
        )
    if case.withdrawn is not None:
        replaces, fingerprint = case.withdrawn.number, case.delivered_under
    elif case.delivery is not None and case.parchemin is not None:
        replaces = case.delivery.number
        fingerprint = _registered_since(office, case, what)
    elif case.delivery is not None and case.to_sign is None and case.failures:
        # A mention lacked, that the certification’s file has been given since.
        replaces = case.delivery.number
        fingerprint = office.archive_certification(office.certification(case.certification))
    else:
        raise Refused(what, ["Le parchemin n’est pas encore délivré."], "Attendez qu’il le soit.")
    event = DeliveryReopened(
        certification_hash=fingerprint,
        replaces=replaces,
        by=request.by,
        because=request.because,
    )
    said = f"Une nouvelle édition remplace le parchemin {replaces}, qui reste au registre."
    return done(case.stream, after, event, said)


def _registered_since(office: Office, case: CaseFile, what: str) -> str:
    """The certification as it now stands, kept; Refused unless it brings what lacked (R35)."""
    before = office.certification_of(case.delivered_under or case.certification_hash)
    now = office.certification(case.certification)
    if before.registration is not None and not before.provisional:
        raise Refused(
            what,
            [f"Le parchemin en vigueur est définitif. (Règle R35 ; source : {source('R35')}.)"],
            "S’il est perdu, demandez un duplicata ; s’il est faux, retirez-le d’abord.",
        )
    if reasons := list(_still_lacking(now)):
        raise Refused(
            what,
            [*reasons, f"(Règle R35 ; source : {source('R35')}.)"],
            "Mettez d’abord le fichier de la certification à jour, avec son enregistrement.",
        )
    return office.archive_certification(now)


def _still_lacking(now: Certification) -> list[str]:
    lacking = []
    if now.provisional:
        lacking.append("Le référentiel est toujours provisoire.")
    if now.registration is None:
        lacking.append("La certification n’est toujours pas enregistrée.")
    elif now.level is None:
        lacking.append("Son niveau de qualification n’est pas écrit.")
    return lacking
