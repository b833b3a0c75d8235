"""A form of a case’s own came back, whichever it is: read, compared, filed, or refused.

Content decides, never the name of the file nor the folder it was saved in.
"""

from collections.abc import Iterator
from typing import Any

from casefiles import examined
from casefiles.answers import FORMS, Avis, Form, Grid
from casefiles.answers.outline import outline
from casefiles.answers.reading import Problem, accept, differences, where
from casefiles.casefile import CaseFile, fold
from casefiles.certification import Certification
from casefiles.documents import DRAWN_FROM, Document
from casefiles.events import (
    CaseProgressed,
    DocumentConfirmed,
    DocumentFiled,
    FormIssued,
    Proof,
    Recorded,
)
from casefiles.journal import Append
from casefiles.naming import name_words
from casefiles.rules.requirements import CASE_FORMS, title
from forms.faces import to_sign
from watch.office import Office
from watch.reception.altered import altered
from watch.reception.answer import Answer, Drop, Refused, must_be_whole, noticed, refused_problems
from watch.reception.correcting import PartReturned, corrected_copy
from watch.reception.identities import BY_NAME
from watch.reception.proofs import SEEN, proof_of
from watch.share.folder_names import of_place

SENT_BACK = (
    " Si seul son auteur peut répondre, une copie à corriger, qui garde ses bonnes réponses, est "
    "prête dans « À envoyer » du dossier."
)


def file_case_form(office: Office, drop: Drop, stream: str) -> Answer:
    """File a form printed for that case; Refused says why not."""
    recorded = office.journal.read(stream)
    case, issued, what = awaited(recorded, drop.examined["imprint"]["serial"])
    form = FORMS[issued.form]
    certification = office.certification_of(case.certification_hash)
    _still_to_judge(case, certification, issued, what)
    parts = _parts(drop.values, issued, case, certification, form)
    names = _questions(case, certification, form, parts)
    must_be_whole(drop.examined, what, names)
    prepared = to_sign(office.face(issued.sha256))
    proof, standing, reasons = proof_of(office, drop, form, case, what, names, prepared)
    if doctored := (*altered(office, drop), *_unlike(drop, names)):
        standing, reasons = "to_confirm", (*reasons, *doctored)
    filed: list[DocumentFiled] = []
    returned: list[PartReturned] = []
    changed: list[Problem] = []
    for part, values, printed in parts:
        scope = case.scope(certification, part)
        changed += differences(outline(form, scope), printed, values)
        reading = accept(form, scope, values, today=drop.today)
        if reading.blank:
            continue
        returned.append(PartReturned(part=part, values=values, problems=reading.problems))
        if reading.answers is None:
            continue
        part_standing, part_reasons = _standing(case, certification, reading.answers, part)
        filed.append(
            DocumentFiled(
                document=drop.mark,
                form=form.NAME,
                part=part,
                serial=issued.serial,
                sha256=drop.sha256,
                dropped_as=drop.name,
                values=values,
                how=drop.examined["how"],
                proof=proof,
                standing="to_replace" if part_standing else standing,
                reasons=(*reasons, *part_reasons),
                remarks=tuple(_remarks(office, drop, case, issued, reading.answers, names)),
                **(drop.paper.facts() if drop.paper else {}),
            )
        )
    if changed:
        raise Refused(
            what,
            (f"{p.where} : {p.message}" for p in changed),
            "Ces lignes sont celles du dossier. Si elles sont fausses, le bureau les corrige par "
            "une demande ; si le formulaire concerne un autre candidat, prenez le sien.",
        )
    problems = [problem for one in returned for problem in one.problems]
    if problems:
        no = refused_problems(what, problems, drop)
        no.reasons += doctored  # an answer that lacks may be drawn beside its field
        copy = corrected_copy(office, drop, case, certification, issued, returned)
        if copy:
            no.remedy += SENT_BACK
            no.appends = (Append(stream=stream, after=len(recorded), events=copy),)
        raise no
    if not filed:
        # Said in one sentence rather than question by question.
        raise Refused(
            what,
            ["Aucune réponse n’y est inscrite : le formulaire est revenu vierge."],
            "Faites remplir la feuille, numérisez-la, puis déposez-la."
            if drop.examined["how"] == "scan"
            else "Remplissez-le, enregistrez-le, puis déposez-le.",
            draft=True,
        )
    if not doctored and (first := _already_filed(case, filed)):
        return Answer(
            outcome="duplicate",
            what=what,
            reasons=(f"Ces réponses sont déjà au dossier, sous le repère {first}.",),
            remedy="Rien à faire.",
        )
    told = progressed(office, case, "")
    return _answer(stream, recorded, what, filed, drop, told)


def _unlike(drop: Drop, names: dict[str, str]) -> Iterator[str]:
    """The texts a signed form does not show as it records them."""
    for name in drop.examined.get("unlike", ()):
        yield (
            f"À « {names.get(name, name)} », la page ne montre pas le texte qui est enregistré : "
            "regardez l’original, et comparez avec la personne qui a signé."
        )


def awaited(recorded: list[Recorded], serial: str) -> tuple[CaseFile, FormIssued, str]:
    """The case, the print and what to call it; Refused when nothing may be filed there now."""
    case = fold(recorded)
    issued = _print(recorded, serial)
    if case is None or issued is None:
        raise Refused("Formulaire", ["Son tirage n’est plus connu de ce bureau."])
    what = f"{FORMS[issued.form].TITLE} — dossier {case.number} {case.candidate.full_name}"
    _still_open(case, what)
    if issued.form in DRAWN_FROM and issued not in (*case.issued, *case.former):
        raise Refused(
            what,
            [
                f"Ce tirage reprend ce que disait « {FORMS[DRAWN_FROM[issued.form]].TITLE} » avant "
                "un changement : il ne vaut plus."
            ],
            "Prenez le nouveau tirage, dans « À remplir » du dossier ; il dit ce qu’il remplace.",
        )
    return case, issued, what


def _answer(
    stream: str,
    recorded: list[Recorded],
    what: str,
    filed: list[DocumentFiled],
    drop: Drop,
    told: tuple[Append, ...],
) -> Answer:
    # Whoever copied it at the office saw the hand’s signature: that is their word on it.
    by = drop.paper.by if drop.paper and any(_by_hand(f) for f in filed) else ""
    seen = [DocumentConfirmed(document=drop.mark, by=by, because=SEEN)] if by else []
    waiting = any(f.standing != "accepted" and not (seen and _by_hand(f)) for f in filed)
    told_of = [r for f in filed for r in (*f.reasons, *f.remarks)]
    told_of += [BY_NAME for f in filed if f.proof.by_name]
    reasons = tuple(dict.fromkeys(told_of))
    return Answer(
        outcome="waiting" if waiting else "accepted",
        what=what,
        reasons=reasons,
        remedy=(
            "Le bureau décide par une « Demande du bureau » (confirmer, remplacer ou écarter), "
            f"repère {drop.mark}."
            if waiting
            else ""
        ),
        stream=stream,
        document=drop.mark,
        appends=(Append(stream=stream, after=len(recorded), events=(*filed, *seen)), *told),
    )


def _already_filed(case: CaseFile, filed: list[DocumentFiled]) -> str:
    """The mark under which the very same answers, as well signed, stand already; or ""."""
    marks = []
    for one in filed:
        same = [
            d.mark
            for d in case.standing(one.form, one.part)
            if d.values == one.values
            and (d.proof.kind, d.proof.fingerprint) == (one.proof.kind, one.proof.fingerprint)
        ]
        if not same:
            return ""
        marks += same[:1]
    return ", ".join(dict.fromkeys(marks))


def _by_hand(filed: DocumentFiled) -> bool:
    return filed.proof.kind == "paper" and filed.standing == "to_confirm"


def _print(recorded: list[Recorded], serial: str) -> FormIssued | None:
    prints = (r.event for r in recorded if isinstance(r.event, FormIssued))
    return next((p for p in prints if p.serial == serial), None)


def _still_open(case: CaseFile, what: str) -> None:
    if case.abandoned:
        raise Refused(
            what,
            ["Le dossier est abandonné."],
            "S’il reprend, le bureau le dit par une demande « Reprendre un dossier abandonné ».",
        )
    if case.is_decided:
        raise Refused(
            what,
            ["Le jury a décidé : plus aucune pièce n’entre dans ce dossier."],
            "Pour une erreur constatée après coup, adressez-vous au certificateur.",
        )


def _still_to_judge(
    case: CaseFile, certification: Certification, issued: FormIssued, what: str
) -> None:
    """Refused when the print is a grid of a bloc acquired since."""
    for one in case.carried:
        bloc = certification.bloc(one.bloc)
        if issued.part in {bloc.id, *(c.id for c in bloc.competences)}:
            raise Refused(
                what,
                [f"{bloc.id} est acquis depuis le {one.on:%d/%m/%Y} : il n’est plus à évaluer."],
                "Rien à faire pour ce bloc ; les grilles des autres sont dans « À remplir ».",
            )


def _parts(
    values: dict[str, Any],
    issued: FormIssued,
    case: CaseFile,
    certification: Certification,
    form: type[Form],
) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(part, values, printed values) for each form the file holds: a bundle holds several."""
    if form is not Grid or issued.part in {c.id for c in certification.competences}:
        return [(issued.part, values, issued.values)]
    bundled = []
    for competence in certification.bloc(issued.part).competences:
        prefix = competence.id.replace(".", "-") + "/"
        bundled.append(
            (
                competence.id,
                {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)},
                issued.values,
            )
        )
    return bundled


def _questions(
    case: CaseFile,
    certification: Certification,
    form: type[Form],
    parts: list[tuple[str, dict[str, Any], dict[str, Any]]],
) -> dict[str, str]:
    """The words of each field’s question, as the sentences for people name it."""
    named = {}
    for part, _, _ in parts:
        laid_out = outline(form, case.scope(certification, part))
        prefix = part.replace(".", "-") + "/" if len(parts) > 1 else ""
        for question in laid_out.questions():
            named[prefix + question.name] = where(laid_out, question.name)
    return named


def _standing(
    case: CaseFile, certification: Certification, answers: Form, part: str
) -> tuple[bool, tuple[str, ...]]:
    """Whether another document already stands where this one wants to, and the reason said."""
    for document in case.standing(answers.NAME, part):
        if isinstance(answers, Grid) and not _same_evaluator(
            case, certification, document, answers
        ):
            continue
        who = f" de {answers.evaluator.name}" if isinstance(answers, Grid) else ""
        return True, (
            f"{title(answers.NAME)}{who} est déjà au dossier sous le repère {document.mark}, avec "
            "d’autres réponses. Le premier document reste en vigueur tant que le bureau n’a pas "
            "demandé de le remplacer.",
        )
    return False, ()


def _same_evaluator(
    case: CaseFile, certification: Certification, document: Document, answers: Grid
) -> bool:
    before = case.answers(document, Grid, certification)
    return before is not None and name_words(before.evaluator.name) == name_words(
        answers.evaluator.name
    )


def _remarks(
    office: Office,
    drop: Drop,
    case: CaseFile,
    issued: FormIssued,
    answers: Form,
    names: dict[str, str],
) -> Iterator[str]:
    if issued not in case.issued:
        yield "Rempli sur un ancien tirage de ce formulaire, remplacé depuis."
    elsewhere = drop.door == "a_remplir" and case.number not in drop.origin
    if elsewhere and of_place(office.workspace.share, drop.origin) != case.number:
        yield f"Déposé dans un autre dossier ; rangé ici, au dossier {case.number}."
    if isinstance(answers, Avis) and case.company and case.company.contact:
        named, signs = case.company.contact, answers.signatory.name
        if name_words(named) != name_words(signs):
            yield f"L’inscription annonçait {named} ; l’avis est donné par {signs}."
    yield from noticed(drop, names)


def progressed(office: Office, case: CaseFile, recapitulatif: str) -> tuple[Append, ...]:
    """What a session must know when one of its cases moves."""
    if case.session is None:
        return ()
    stream = f"session/{case.session}"
    event = CaseProgressed(
        case=case.number,
        recapitulatif=recapitulatif,
        company=case.company.name if case.company else "",
        pieces=examined.basis(case),
    )
    return (Append(stream=stream, after=len(office.journal.read(stream)), events=(event,)),)


__all__ = ["CASE_FORMS", "Proof", "file_case_form", "progressed"]
