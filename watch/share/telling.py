"""What HISTORIQUE says of each event: what, who asked and why, for who takes the office over."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

from casefiles import events as e
from casefiles.answers import FORMS
from casefiles.certification import Outcome, RouteName

PREPARED, REPRINTED = "Formulaire préparé : ", "Formulaire imprimé de nouveau : "
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_OF = {"le": "du", "la": "de la", "les": "des"}
_OUTCOMES = {
    Outcome.OBTENTION: "obtention",
    Outcome.PARTIEL: "obtention de certains blocs",
    Outcome.REFUS: "refus",
    Outcome.AJOURNE: "ajournement",
    Outcome.ABSENT: "candidat absent",
    Outcome.EXCUSE: "candidat excusé",
}


def day(value: date) -> str:
    """« 1er mars 2026 »."""
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number} {_MONTHS[value.month - 1]} {value.year}"


def moment(at: datetime) -> str:
    """« 1er mars 2026 à 9 h 05 », in the office’s own time."""
    local = at.astimezone()
    return f"{day(local.date())} à {local.hour} h {local.minute:02d}"


def counted(number: int, word: str, many: str = "") -> str:
    """« 1 candidat », « 2 candidats » ; « 2 originaux »."""
    return f"{number} {(many or f'{word}s') if number > 1 else word}"


def of(whom: str) -> str:
    """« du centre d’examen », « du bureau », « d’Ateliers EXEMPLE », « de Le Goff Anne »."""
    if (article := re.match(r"([Ll]e|[Ll]a|[Ll]es) (?=[a-zà-ÿ])", whom)) is not None:
        rest = whom[article.end() :].replace(" et le ", " et du ").replace(" et la ", " et de la ")
        rest = rest.replace(" et l’", " et de l’")
        return f"{_OF[article[1].casefold()]} {rest}"
    first = unicodedata.normalize("NFD", whom[:1]).casefold()[:1]
    return f"d’{whom}" if first in "aeiouyœ" and first else f"de {whom}"


def outcome_words(value: str) -> str:
    """A decision in words."""
    return _OUTCOMES[Outcome(value)]


def told(event: e.Event, certification: str = "") -> Iterator[str]:
    """The sentences of one event, none for what only the machinery needs.

    certification: the name of the case’s, instead of its code.
    """
    match event:
        case e.CaseOpened():
            yield from _opened(event, certification or event.certification)
        case e.FormIssued():
            yield f"{REPRINTED if event.reprints else PREPARED}{event.path}."
            if event.supersedes:
                yield (
                    f"Il remplace le document {', '.join(event.supersedes)} : ce dont celui-ci "
                    "était tiré a changé depuis, il ne compte plus."
                )
        case e.DocumentFiled():
            yield _filed(event)
            yield from (f"À savoir : {r}" for r in (*event.reasons, *event.remarks))
        case e.ReturnHeld():
            yield _held(event)
        case e.DocumentConfirmed():
            yield f"Document {event.document} confirmé {_who(event.by, event.because)}"
        case e.DocumentReplaced():
            old = ", ".join(event.old) or "aucun"
            yield f"Document {event.new} mis à la place de {old} {_who(event.by, event.because)}"
        case e.DocumentSetAside():
            yield f"Document {event.document} écarté {_who(event.by, event.because)}"
        case e.AnswerCorrected():
            yield (
                f"Document {event.document}, « {event.where} » : « {event.before} » corrigé en "
                f"« {event.after} » {_who(event.by, event.because)}"
            )
        case e.FactChanged():
            before = f"« {event.before} »" if event.before else "rien"
            yield (
                f"Depuis le {day(event.since)}, « {event.where} » : {before} devient "
                f"« {event.after} » ; les documents d’avant restent tels quels. Noté "
                f"{_who(event.by, event.because)}"
            )
        case e.ArrangementNoted():
            what = "noté" if event.arrangement else "levé"
            yield f"Aménagement des épreuves {what} à la demande {of(event.by)}."
        case e.RequirementWaived():
            part = f" ({event.part})" if event.part else ""
            yield (
                f"Pièce dispensée : {_title(event.form)}{part}, règle {event.rule} "
                f"({event.source}), {_who(event.by, event.because)}"
            )
        case e.ContactMade():
            yield (
                f"Relance du {day(event.on)} auprès {of(event.whom)} ({_title(event.form)}) : "
                f"{event.how} Notée par {event.by}."
            )
        case e.AvisNotGiven():
            days = ", ".join(day(d) for d in event.contacts)
            yield (
                f"Constat d’avis non rendu, après les relances du {days} : le jury peut examiner "
                f"le dossier sans cet avis. Établi {_who(event.by, event.because)}"
            )
        case e.BlocAcquired():
            yield _acquired(event)
        case e.PieceTakenOver():
            where = "reprise" if event.instead else "recopiée sur son formulaire"
            yield (
                f"Pièce établie le {day(event.on)}, avant ce bureau, {where} : "
                f"{_title(event.form)}{f' ({event.part})' if event.part else ''}, preuve "
                f"{event.document}, {_who(event.by, event.because)}"
            )
        case e.ProofJoined():
            which = f", situation {' et '.join(event.situations)}" if event.situations else ""
            yield f"Preuve jointe : « {event.name} », repère {event.document}{which}."
        case e.AttemptOpened():
            yield f"Nouvelle candidature : dossier {event.case}, {_who(event.by, event.because)}"
        case e.CertifierAnswered():
            said = (
                f"il délivre jusqu’au {day(event.deliver_until)}"
                if event.deliver_until
                else "il ne délivre plus"
            )
            yield (
                f"Réponse du certificateur du {day(event.answered_on)} : {said}. Consignée "
                f"{_who(event.by, event.because)}"
            )
        case e.ReminderAsked():
            yield f"Relance par lettre préparée {_who(event.by, event.because)}"
        case e.CaseAbandoned():
            yield f"Dossier abandonné {_who(event.by, event.because)}"
        case e.CaseResumed():
            yield f"Dossier repris {_who(event.by, event.because)}"
        case e.ProductIssued(product="relance"):
            yield (
                f"Lettre de relance n° {event.facts['rank'] + 1} préparée pour "
                f"{event.facts['who']}, à envoyer : {event.path}. Elle ne compte comme relance "
                "qu’une fois notée avec son jour (« Noter une relance faite »)."
            )
        case e.ProductIssued():
            by = event.facts.get("signer")
            yield (
                f"Document produit : {event.path}."
                if not by
                else (f"Parchemin signé par {by}, pour le certificateur, et rendu : {event.path}.")
            )
            yield from _level(event.level, event.wanted)
        case e.ProductRestored():
            yield f"Document manquant remis à sa place : {event.path}."
        case e.SessionJoined():
            yield f"Inscrit à l’ordre du jour de la session {event.session}."
        case e.SessionLeft():
            yield f"Retiré de la session {event.session}, parce que : {event.because}"
        case e.AppealLodged():
            yield (
                f"Recours contre la décision de la session {event.session} "
                f"({outcome_words(event.outcome)}), {_who(event.by, event.because)} La décision "
                "reste au dossier ; une autre session examinera de nouveau le candidat."
            )
        case e.DecisionRecorded():
            if event.rectifies:
                yield (
                    "Procès-verbal rectificatif : la décision portée avant est remplacée, et reste "
                    f"ci-dessus. Procès-verbal remplacé : SHA-256 {event.rectifies}."
                )
            yield (
                f"Décision du jury ({day(event.decided_on)}) : "
                f"{outcome_words(event.decision.outcome)}. Procès-verbal version "
                f"{event.pv_version} de la session {event.session}, signé par le président."
            )
        case e.DeliveryNumbered():
            yield f"Parchemin numéroté au registre : {event.number}."
        case e.DuplicateAsked():
            yield (
                f"Duplicata du parchemin {event.number} demandé, daté du {day(event.on)}, "
                f"{_who(event.by, event.because)}"
            )
        case e.DeliveryWithdrawn():
            yield (
                f"Parchemin {event.number} retiré : il ne vaut plus rien depuis le "
                f"{day(event.on)}, {_who(event.by, event.because)}"
            )
        case e.DeliveryReopened():
            yield (
                f"Nouvelle édition du parchemin à délivrer, à la place du n° {event.replaces} qui "
                f"reste au registre, {_who(event.by, event.because)}"
            )
        case e.SignatureRaised():
            yield from _raised(event)
        case e.StepFailed():
            yield f"Une étape n’a pas abouti (essai {event.attempt}) : {event.error}"
        case e.StepRetried():
            yield f"Étape relancée {_who(event.by, event.because)}"
        case _:
            yield from _told_of_session(event)


def _told_of_session(event: e.Event) -> Iterator[str]:
    match event:
        case e.SessionOpened():
            yield f"Session ouverte, jury du {day(event.day)} (composition {event.document})."
            yield from _copied(event.typed_by)
        case e.CompositionRevised():
            yield f"Composition revue (document {event.document}), jury du {day(event.day)}."
            yield from _copied(event.typed_by)
        case e.CandidateAdded():
            yield f"Candidat à l’ordre du jour : {event.case} {event.name}."
        case e.CandidateWithdrawn():
            yield f"Dossier {event.case} retiré {_who(event.by, event.because)}"
        case e.ConvocationsAsked():
            yield f"Convocations préparées {_who(event.by, event.because)}"
        case e.AgendaClosed():
            yield f"Ordre du jour clos {_who(event.by, event.because)}"
        case e.PiecesSealed():
            yield f"Pièces scellées, version {event.version}. Empreinte : {event.sha256}."
            yield from _level(event.level, event.wanted)
        case e.DecisionsFiled():
            yield f"Feuille de décisions reçue (document {event.document})."
            yield from _copied(event.typed_by)
        case e.PvIssued():
            voids = " Elle remplace la précédente." if event.supersedes else ""
            yield f"Procès-verbal dressé et certifié, version {event.version}.{voids}"
            yield from _level(event.level, event.wanted)
        case e.PvReturned():
            doubts = " ; ses signataires sont à vérifier" if event.doubts else ""
            signatures = counted(len(event.signed), "signature")
            yield f"Procès-verbal revenu avec {signatures} (document {event.document}){doubts}."
        case e.EmargementConfirmed():
            yield (
                f"Feuille d’émargement reçue (document {event.document}) : "
                f"{counted(len(event.members), 'signature')} sur papier pour la version "
                f"{event.version} du procès-verbal, datée du {day(event.signed_on)}. Vue et "
                f"confirmée par {event.by}."
            )
        case e.HandSignaturesPlaced():
            yield (
                f"Procès-verbal, version {event.version} : « sur papier » scellé à la place de "
                f"{counted(len(event.members), 'membre')} (feuille d’émargement {event.document})."
            )
        case e.PvSigned():
            yield f"Procès-verbal signé par le président (document {event.document})."
            if event.by_name:
                named = ", ".join(event.signers[key] for key in event.by_name)
                yield f"Identité établie par le seul nom du certificat : {named}."
            if event.by_hand:
                sheets = ", ".join(sorted(set(event.by_hand.values())))
                yield (
                    f"{counted(len(event.by_hand), 'membre')} du jury l’ont signé sur papier "
                    f"(feuille d’émargement {sheets})."
                    if len(event.by_hand) > 1
                    else f"1 membre du jury l’a signé sur papier (feuille d’émargement {sheets})."
                )
        case e.MinutesReopened():
            yield f"Procès-verbal à rectifier, {_who(event.by, event.because)}"
        case e.DecisionsSent():
            yield "Décisions portées aux dossiers."
        case _:
            return


def _copied(by: str) -> Iterator[str]:
    if by:
        yield f"Revenue sur papier. Recopiée et relue par {by}."


def _opened(event: e.CaseOpened, certification: str) -> Iterator[str]:
    asked = f"les blocs {', '.join(event.blocs)}" if event.blocs else "la certification entière"
    yield (
        f"Dossier ouvert sous le numéro {event.number} : {certification}, {asked}, voie "
        f"« {RouteName(event.route).label} ». Version du référentiel : "
        f"{event.certification_hash[:12]}."
    )
    if event.previous:
        yield (
            f"Candidature n° {event.attempt} de la même personne, après le dossier "
            f"{event.previous}."
        )


def _acquired(event: e.BlocAcquired) -> str:
    proof = f" Preuve : SHA-256 {event.proof_sha256}." if event.proof_sha256 else ""
    if event.origin == "reprise":
        return (
            f"{event.bloc} repris comme acquis le {day(event.on)}, document {event.document}, "
            f"{_who(event.by, event.because)}{proof}"
        )
    common = f", bloc commun du {event.certification}" if event.origin == "passerelle" else ""
    return (
        f"{event.bloc} déjà acquis le {day(event.on)} (dossier {event.case}, session "
        f"{event.session}{common}).{proof}"
    )


def _title(form: str) -> str:
    return FORMS[form].TITLE if form in FORMS else form


def _level(level: str, wanted: str) -> Iterator[str]:
    if level != wanted:
        yield (
            f"Signé au niveau {level}, alors que {wanted} est demandé : un service n’a pas "
            "répondu. Ce qui manque sera ajouté dès qu’il répondra."
        )


def _raised(event: e.SignatureRaised) -> Iterator[str]:
    renewed = f", à renouveler le {day(event.renew_on)}" if event.renew_on else ""
    yield f"Preuves ajoutées à la signature, niveau {event.level}{renewed} : {event.path}."
    if event.gaps:
        unknown = ", ".join(event.gaps)
        yield f"À savoir : l’autorité de ces signataires n’est pas connue ici : {unknown}."


def _filed(event: e.DocumentFiled) -> str:
    standing = {
        "accepted": "",
        "to_confirm": " ; le bureau doit confirmer",
        "to_replace": " ; en attente, un autre est déjà en vigueur",
    }[event.standing]
    part = f" ({event.part})" if event.part else ""
    proof = {
        "signature": f" Signé par {event.proof.signer}{_by_name(event.proof.by_name)}.",
        "seal": f" Cachet de {event.proof.signer}.",
        "paper": " Sur papier, signé à la main.",
    }.get(event.proof.kind, "")
    proof += _HOWS.get(event.how, "")
    if event.typed_by:
        proof += f" Recopié et relu par {event.typed_by}."
    title = FORMS[event.form].TITLE
    return f"Reçu : {title}{part}, repère {event.document}{standing}.{proof}"


def _by_name(known: bool) -> str:
    return ", identité établie par le seul nom" if known else ""


_HOWS = {
    "flattened": " Revenu imprimé en PDF.",
    "scan": " Revenu numérisé ou photographié.",
    "ink": " Revenu annoté par-dessus ses champs.",
}


def _held(event: e.ReturnHeld) -> str:
    how = _HOWS.get(event.how, "")
    if event.missing:
        pages = ", ".join(str(page) for page in event.missing)
        came = f"Reçu en partie : {event.title}, repère {event.document}."
        return f"{came}{how} Il manque : page {pages}."
    return f"Reçu : {event.title}, repère {event.document} ; à relire et recopier.{how}"


def _who(by: str, because: str) -> str:
    """Who and why, as the end of a sentence."""
    return f"à la demande {of(by)}, parce que : {because}"
