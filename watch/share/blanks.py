"""« Formulaires vierges »: the forms people start from, one set per certification offered."""

from collections.abc import Mapping

from casefiles.answers import Composition, Form, Inscription, OfficeAct
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from templates.adopted import Adopted
from watch.office import Office
from watch.reception.adoption import adopted_for, filled_for
from watch.share.naming import safe_name
from watch.share.publication import digest_of, publish

STREAM = "vierges"
BLANKS: tuple[type[Form], ...] = (Inscription, Composition, OfficeAct)


def show(office: Office) -> None:
    """Put the missing or outdated blank forms in their folder."""
    _, shown = office.journal.published(STREAM)
    now: dict[str, str] = {}
    for code in office.offered():
        certification = office.certification(code)
        office.archive_certification(certification)
        for form in BLANKS:
            adopted = adopted_for(office, form, code)
            name = safe_name(f"{form.TITLE} - {certification.name}.pdf")
            version = _version(form, certification) if adopted is None else adopted.fingerprint
            sha256 = shown.get(f"{name}#{version}", "")
            target = office.workspace.blanks / name
            if not sha256 or digest_of(target) is None:
                made = blank(form, certification, office=office, adopted=adopted)
                sha256 = office.originals.put(made)
            publish(
                target,
                office.originals.path(sha256),
                staging=office.workspace.staging,
                replacing=[d for k, d in shown.items() if k.startswith(f"{name}#")],
            )
            now[f"{name}#{version}"] = sha256
    now |= _list(office, shown)
    if now != shown:
        office.journal.note_published(STREAM, 0, now)


def _list(office: Office, shown: Mapping[str, str]) -> dict[str, str]:
    """The list of candidates to fill in a spreadsheet."""
    from templates import candidate_list

    name, offered = candidate_list.NAME, office.offered()
    key = f"{name}#{candidate_list.VERSION}-{'-'.join(offered)}"
    target = office.workspace.blanks / name
    sha256 = shown.get(key, "")
    if not sha256 or digest_of(target) is None:
        sha256 = office.originals.put(candidate_list.blank(offered))
    publish(
        target,
        office.originals.path(sha256),
        staging=office.workspace.staging,
        replacing=[d for k, d in shown.items() if k.startswith(f"{name}#")],
    )
    return {key: sha256}


def blank(
    form: type[Form],
    certification: Certification,
    *,
    office: Office | None = None,
    adopted: Adopted | None = None,
) -> bytes:
    """An unfilled form; outside an office its print bears no serial of a register.

    adopted: the form of others that stands for ours; it bears what the office knows of itself.
    """
    from forms.render import make

    scope = Scope(certification=certification)
    imprint = Imprint(
        serial=office.new_serial() if office else "VIERGE",
        form=form.NAME,
        version=form.VERSION,
        certification=certification.code,
        certification_hash=certification.fingerprint,
        form_hash=outline(form, scope).fingerprint,
    )
    if office is not None and adopted is not None:
        return filled_for(office, adopted, _known(office), imprint)
    return make(
        form,
        scope,
        imprint=imprint,
        key=office.imprint_key if office else b"vierge",
        provisional=certification.provisional,
    )


def _known(office: Office) -> dict[str, str]:
    organisation = office.settings.organisation
    return {
        "training/organisation": organisation.name,
        "training/declaration": organisation.declaration,
    }


def _version(form: type[Form], certification: Certification) -> str:
    return outline(form, Scope(certification=certification)).fingerprint[:12]
