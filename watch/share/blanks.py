"""« Formulaires vierges »: the forms people start from, one set per certification offered."""

from collections.abc import Collection, Mapping

from casefiles.answers import Composition, Form, Inscription, OfficeAct
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from casefiles.events import FormIssued
from casefiles.journal import Append
from casefiles.projection import BLANKS as BLANK_FORMS
from templates.adopted import Adopted
from watch.keeping import copies
from watch.office import Office
from watch.reception.adoption import adopted_for, filled_for
from watch.share.naming import safe_name
from watch.share.publication import digest_of, publish

STREAM = BLANK_FORMS
BLANKS: tuple[type[Form], ...] = (Inscription, Composition, OfficeAct)


def show(office: Office) -> None:
    """Put the missing or outdated blank forms in their folder.

    Each is recorded before it appears there: whatever else the folder holds is somebody’s, and the
    watcher takes it (`doors`).
    """
    office.workspace.must_be_present()
    position, shown = office.journal.published(STREAM)
    recorded = office.journal.read(STREAM)
    printed = [r.event for r in recorded if isinstance(r.event, FormIssued)]
    known = {one.sha256 for one in printed}
    latest = {(one.path, one.form_hash): one.sha256 for one in printed}
    now: dict[str, str] = {}
    issued: list[FormIssued] = []
    for code in office.offered():
        certification = office.certification(code)
        office.archive_certification(certification)
        for form in BLANKS:
            adopted = adopted_for(office, form, code)
            name = safe_name(f"{form.TITLE} - {certification.name}.pdf")
            version = _version(form, certification, adopted)
            # What the share was told may be forgotten: the same version is not printed twice.
            sha256 = shown.get(f"{name}#{version}") or latest.get((name, version), "")
            target = office.workspace.blanks / name
            if sha256 not in known or (
                digest_of(target) != sha256 and sha256 not in office.originals
            ):
                serial = office.new_serial()
                data = blank(form, certification, serial=serial, office=office, adopted=adopted)
                sha256 = office.originals.put(data)
                issued.append(
                    FormIssued(
                        form=form.NAME,
                        serial=serial,
                        sha256=sha256,
                        path=name,
                        form_hash=version,
                    )
                )
            now[f"{name}#{version}"] = sha256
    now |= _list(office, shown)
    if issued:
        # A print that comes back on paper is found again by its serial.
        office.journal.commit(Append(stream=STREAM, after=len(recorded), events=tuple(issued)))
    end = len(recorded) + len(issued)
    if now != shown:
        # A death between two files leaves either content in a place: both are ours.
        office.journal.note_published(STREAM, end, {**shown, **now})
    _put(office, now, {*known, *shown.values()})
    if now != shown or end != position or STREAM in office.journal.unpublished():
        office.journal.note_published(STREAM, end, now)
    copies.follow(office, STREAM)


def _put(office: Office, wanted: Mapping[str, str], ours: Collection[str]) -> None:
    """Publish each where it lacks, or where an older one of ours stands.

    What somebody saved over one is left to the watcher: once it is taken, the blank comes back.
    """
    for key, sha256 in wanted.items():
        target = office.workspace.blanks / key.rpartition("#")[0]
        standing = digest_of(target)
        if standing is None or (standing in ours and standing != sha256):
            content = office.originals.path(sha256)
            publish(target, content, staging=office.staging, replacing=ours)


def _list(office: Office, shown: Mapping[str, str]) -> dict[str, str]:
    """The list of candidates to fill in a spreadsheet."""
    from templates import candidate_list

    name, offered = candidate_list.NAME, office.offered()
    key = f"{name}#{candidate_list.VERSION}-{'-'.join(offered)}"
    # What the share was told may be forgotten: the list that stands there is still ours.
    there = "" if shown else digest_of(office.workspace.blanks / name)
    sha256 = shown.get(key) or there or ""
    if not sha256 or sha256 not in office.originals:
        sha256 = office.originals.put(candidate_list.blank(offered))
    return {key: sha256}


def blank(
    form: type[Form],
    certification: Certification,
    *,
    serial: str = "VIERGE",
    office: Office | None = None,
    adopted: Adopted | None = None,
) -> bytes:
    """An unfilled form; outside an office its print bears no serial of a register.

    adopted: the form of others that stands for ours; it bears what the office knows of itself.
    """
    from forms.render import make

    scope = Scope(certification=certification)
    imprint = Imprint(
        serial=serial,
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


def _version(form: type[Form], certification: Certification, adopted: Adopted | None) -> str:
    """How the form looks, and the certification whose cases it opens: a new one, a new print."""
    looks = outline(form, Scope(certification=certification)) if adopted is None else adopted
    return f"{looks.fingerprint[:12]}-{certification.fingerprint[:12]}"
