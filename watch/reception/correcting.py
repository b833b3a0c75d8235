"""The corrected copy that goes back to whoever answered: a new print, the good answers kept.

Only for what they alone can say. Refused answers are left blank and named in the words of the form;
no signature, date, consent or sworn box is carried over: these are given anew, or not at all.
An inscription has no case to go back from: `corrected_inscription`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casefiles.answers import FORMS, Avis, Form, Grid, Inscription
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import Kind, Outline, outline
from casefiles.answers.reading import Problem
from casefiles.answers.vocabulary import Scope
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import Event, FormIssued, ProductIssued
from casefiles.preregistration import MESSAGE, Preregistration, address
from watch.office import Office
from watch.reception.adoption import adopted_for
from watch.reception.answer import Drop
from watch.share.drafts import draft
from watch.share.naming import safe_name

PRODUCT = "message-correction"
_COPY = " · copie à corriger"


@dataclass(frozen=True, kw_only=True)
class PartReturned:
    """One form of what came back: raw values, and what is wrong with them."""

    part: str
    values: Mapping[str, Any]
    problems: Sequence[Problem]


def corrected_copy(
    office: Office,
    drop: Drop,
    case: CaseFile,
    certification: Certification,
    issued: FormIssued,
    parts: Sequence[PartReturned],
) -> tuple[Event, ...]:
    """The new print and the message that carries it; nothing where there is nothing to send back.

    A file saved in place is corrected in place, and a form of others is not ours to print.
    """
    form = FORMS[issued.form]
    if drop.in_place or adopted_for(office, form, certification.code) is not None:
        return ()
    bundle = len(parts) > 1
    pages = _pages(office, issued)
    lines = [
        problem_line(part, problem, pages, bundle=bundle)
        for part in parts
        for problem in part.problems
    ]
    kept = {
        part.part: carried_over(
            outline(form, case.scope(certification, part.part)), issued.values, part
        )
        for part in parts
    }
    imprint = Imprint(
        serial=office.new_serial(),
        form=form.NAME,
        version=form.VERSION,
        case=case.number,
        part=issued.part,
        certification=certification.code,
        certification_hash=case.certification_hash,
        form_hash=issued.form_hash,
    )
    name = safe_name(f"À corriger - {form.TITLE} {issued.part}".strip())
    copy = FormIssued(
        form=form.NAME,
        part=issued.part,
        serial=imprint.serial,
        sha256=office.originals.put(
            _drawn(office, case, certification, form, imprint, kept, lines)
        ),
        path=f"À remplir/{name}.pdf",
        values=issued.values if bundle else kept[parts[0].part],
        form_hash=issued.form_hash,
    )
    message = ProductIssued(
        product=PRODUCT,
        sha256=office.originals.put(
            _message(
                office,
                form,
                copy,
                f"{name}.pdf",
                lines,
                to=case.company.email if form is Avis and case.company else "",
                of=case.candidate.full_name,
            )
        ),
        path=f"À envoyer/{name}.eml",
        facts={"form": form.NAME, "part": issued.part},
    )
    return copy, message


def corrected_inscription(
    office: Office,
    certification: Certification,
    issued: FormIssued | None,
    part: PartReturned,
    also: Sequence[str],
    *,
    announced: Preregistration | None,
) -> tuple[FormIssued, ProductIssued]:
    """The new print of an inscription that opened no case, and the message that carries it.

    issued: the print that came back, when it is known; also: what else is wrong with it, rules
    included; announced: the préinscription that printed it, whose place the copy then takes.
    """
    scope = Scope(certification=certification)
    laid_out = outline(Inscription, scope)
    kept = carried_over(laid_out, {}, part)
    pages = _pages(office, issued) if issued is not None else {}
    lines = [*(problem_line(part, one, pages, bundle=False) for one in part.problems), *also]
    imprint = Imprint(
        serial=office.new_serial(),
        form=Inscription.NAME,
        version=Inscription.VERSION,
        certification=certification.code,
        certification_hash=certification.fingerprint,
        form_hash=laid_out.fingerprint,
    )
    data = _form(
        office,
        certification,
        Inscription,
        scope,
        imprint,
        kept,
        lines,
        f"Préinscription {announced.number}" if announced else "Inscription",
    )
    said = [str(kept.get(f"candidate/{one}", "")) for one in ("birth_name", "first_name")]
    who = announced.listed.name if announced else " ".join((said[0].upper(), said[1])).strip()
    of = announced.title if announced else who
    name = safe_name(f"À corriger - {Inscription.TITLE} {of}".strip())
    copy = FormIssued(
        form=Inscription.NAME,
        serial=imprint.serial,
        sha256=office.originals.put(data),
        path=f"À remplir/{name}.pdf" if announced else f"{name}.pdf",
        values=kept,
        form_hash=laid_out.fingerprint,
    )
    content = _message(
        office,
        Inscription,
        copy,
        f"{name}.pdf",
        lines,
        to=address(kept) or (address(announced.listed.values) if announced else ""),
        of=who,
    )
    message = ProductIssued(
        product=MESSAGE,
        sha256=office.originals.put(content),
        path=f"À envoyer/{name}.eml" if announced else f"{name}.eml",
        facts={"certification": certification.code},
    )
    return copy, message


def _pages(office: Office, issued: FormIssued) -> dict[str, int]:
    """The page of each question on the print that came back."""
    from forms.returns.geometry import layout_of

    layout = layout_of(office.originals.get(issued.sha256))
    return {field.name: field.spots[0].page for field in layout.fields}


def problem_line(
    part: PartReturned, problem: Problem, pages: Mapping[str, int], *, bundle: bool
) -> str:
    """« Page 2 — Le signataire — Date : « 31/02/2026 ». Le 31/02/2026 n’existe pas… »"""
    prefix = part.part.replace(".", "-") + "/" if bundle else ""
    name = prefix + problem.field
    page = next((p for f, p in pages.items() if f == name or f.startswith(f"{name}/")), 0)
    place = f"Page {page} — " if page else ""
    of = f"{part.part} — " if bundle else ""
    found = str(part.values.get(problem.field) or "").strip()
    said = f"vous avez écrit « {found} » ; " if found and found not in problem.message else ""
    return f"{place}{of}{problem.where} : {said}{problem.message}"


def carried_over(
    laid_out: Outline, printed: Mapping[str, Any], part: PartReturned
) -> dict[str, Any]:
    """What the new print already says: what the office gives, and the good answers as they came.

    An answer taken out by its author stays out, whatever an earlier print said there.
    """
    refused = [problem.field for problem in part.problems]
    kept = {}
    for question in laid_out.questions():
        if question.given:
            found = printed.get(question.name)
        elif (
            question.anew
            or question.kind is Kind.DATE
            or any(question.name == r or question.name.startswith(f"{r}/") for r in refused)
        ):
            continue
        else:
            found = part.values.get(question.name)
        if found:
            kept[question.name] = found
    return kept


def _drawn(
    office: Office,
    case: CaseFile,
    certification: Certification,
    form: type[Form],
    imprint: Imprint,
    kept: Mapping[str, Mapping[str, Any]],
    lines: Sequence[str],
) -> bytes:
    from forms.render import make_bundle

    line = f"Dossier {case.number}"
    if form is Grid and len(kept) > 1:
        return make_bundle(
            form,
            [case.scope(certification, part) for part in kept],
            imprint=imprint,
            key=office.imprint_key,
            values=kept,
            case_line=f"{line}{_COPY}",
            provisional=certification.provisional,
            corrections=lines,
        )
    ((part, values),) = kept.items()
    scope = case.scope(certification, part)
    return _form(office, certification, form, scope, imprint, values, lines, line)


def _form(
    office: Office,
    certification: Certification,
    form: type[Form],
    scope: Scope,
    imprint: Imprint,
    values: Mapping[str, Any],
    lines: Sequence[str],
    line: str,
) -> bytes:
    from forms.render import make

    return make(
        form,
        scope,
        imprint=imprint,
        key=office.imprint_key,
        values=values,
        case_line=f"{line}{_COPY}",
        provisional=certification.provisional,
        corrections=lines,
    )


def _message(
    office: Office,
    form: type[Form],
    copy: FormIssued,
    name: str,
    lines: Sequence[str],
    *,
    to: str,
    of: str,
) -> bytes:
    """The ready-to-send message, about the candidate `of`."""
    message = draft(f"À corriger : {form.TITLE}{f' — {of}' if of else ''}", to=to)
    listed = "\n".join(f"• {one}" for one in lines)
    message.set_content(
        f"Bonjour,\n\n"
        f"Le document « {form.TITLE} » que vous nous avez adressé{f' pour {of}' if of else ''} "
        "ne peut pas être pris tel quel :\n\n"
        f"{listed}\n\n"
        "La copie jointe garde vos autres réponses. Complétez ce qui précède, ainsi que les dates, "
        "les accords et la signature, qui ne sont jamais repris d’une copie à l’autre ; puis "
        "renvoyez-la à cette adresse.\n\n"
        f"Avec nos remerciements,\n{office.settings.organisation.name}\n"
    )
    message.add_attachment(
        office.originals.get(copy.sha256), maintype="application", subtype="pdf", filename=name
    )
    return message.as_bytes()
