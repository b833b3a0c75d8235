"""The share is a projection of the journal: what each stream should show, written where it lacks.

Shown only after its event is committed, so a crash leaves at worst something to show again. A file
people changed is never overwritten or removed: the inbox takes it as a drop.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casefiles import casefile, next_steps, preregistration, session, summons
from casefiles.answers import FORMS, Composition
from casefiles.casefile import CaseFile
from casefiles.errors import JournalConflict
from casefiles.events import (
    DropAnswered,
    FormIssued,
    ProductRestored,
    PvReturned,
    PvSigned,
    Recorded,
)
from casefiles.journal import Append
from casefiles.preregistration import Preregistration
from casefiles.session import Session
from forms.typography import french
from watch.office import Office
from watch.share import narrative, products
from watch.share.naming import NOTES, free_name, note_name, safe_name
from watch.share.publication import digest, digest_of, publish, rename_only, withdraw
from watch.share.session_folder import renamed, session_names
from watch.share.telling import counted

TYPED = "acte-"
RECEIVED = "Reçus"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One file the share should hold: kept bytes by SHA-256, or a text of ours."""

    path: str
    sha256: str = ""
    text: str = ""


def show(office: Office, stream: str) -> None:
    """Bring the share up to what the stream’s events say; ShareAway when it is not there."""
    recorded = office.journal.read(stream)
    if not recorded:
        return
    office.workspace.must_be_present()
    if stream.startswith("depot/"):
        _show_drop(office, stream, recorded)
    elif (wanted := wanted_of(office, stream, recorded)) is not None:
        folder = _folder(office, stream, recorded)
        _reconcile(office, stream, recorded[-1].position, folder, wanted)
        if (case := casefile.fold(recorded)) is not None:
            _no_longer_waiting(office, case)
    else:
        office.journal.note_published(stream, recorded[-1].position, {})


def wanted_of(
    office: Office, stream: str, recorded: Sequence[Recorded]
) -> tuple[Wanted, ...] | None:
    """What the folder of a case, a session or the expected should hold; None without a folder."""
    kind = stream.split("/", 1)[0]
    if kind == "dossier" and (case := casefile.fold(recorded)) is not None:
        return tuple(_of_case(office, case, recorded))
    if kind == "session" and (held := session.fold(recorded)) is not None:
        return tuple(_of_session(office, held, recorded))
    if kind == "preinscription" and (line := preregistration.fold(recorded)) is not None:
        return tuple(_of_expected(line))
    return None


_STATES = {
    "to_confirm": " (à confirmer)",
    "to_replace": " (en attente)",
    "replaced": " (remplacé)",
    "set_aside": " (écarté)",
}


def _of_case(office: Office, case: CaseFile, recorded: Sequence[Recorded]) -> Iterator[Wanted]:
    certification = office.certification_of(case.certification_hash)
    yield Wanted(path="RESTE À FAIRE.txt", text=narrative.to_do(case, certification))
    title = f"dossier {case.number} {case.candidate.full_name}"
    yield Wanted(path="HISTORIQUE.txt", text=narrative.history(title, recorded))
    if not case.abandoned and not case.is_decided:
        gone = ("replaced", "set_aside")
        filled = {(d.form, d.part) for d in case.documents if d.standing not in gone}
        for issued in case.issued:
            blocs = [b for b in certification.blocs if b.id == issued.part]
            parts = [c.id for b in blocs for c in b.competences] or [issued.part]
            if not all((issued.form, part) in filled for part in parts):
                yield Wanted(path=issued.path, sha256=issued.sha256)
    seen: set[str] = set()
    for document in case.documents:
        if document.mark in seen:
            continue
        seen.add(document.mark)
        state = _STATES.get(document.standing, "")
        name = f"{FORMS[document.form].TITLE} {document.part} - {document.mark}{state}.pdf"
        name = safe_name(name.replace("  ", " ").replace(" -", " -"))
        yield Wanted(path=f"{RECEIVED}/{name}", sha256=document.sha256)
    for bloc in {b.document: b for b in case.carried if b.origin == "reprise"}.values():
        if bloc.document and bloc.proof_sha256:
            suffix = _suffix(office.originals.path(bloc.proof_sha256))
            name = safe_name(f"Preuve de reprise - {bloc.document}{suffix}")
            yield Wanted(path=f"{RECEIVED}/{name}", sha256=bloc.proof_sha256)
    completed = {one.of: one.sha256 for one in case.raised}
    for path, product in products.placed(case, certification):
        yield Wanted(path=path, sha256=completed.get(product.sha256, product.sha256))


_KINDS = {b"%PDF": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"PK\x03\x04": ".zip"}


def _suffix(file: Path) -> str:
    """The extension of a kept file, by its first bytes; "" when they tell nothing."""
    with file.open("rb") as opened:
        start = opened.read(4)
    return next((known for magic, known in _KINDS.items() if start.startswith(magic)), "")


def _letters(held: Session) -> Iterator[Wanted]:
    """What is to be sent for a session: each guest’s latest convocation, then the bordereau."""
    latest = {p.facts["guest"]: p for p in held.products if p.product == summons.SUMMONS}
    if held.signed is None:
        for product in latest.values():
            yield Wanted(path=product.path, sha256=product.sha256)
    elif sent := held.product(next_steps.TRANSMITTAL):
        yield Wanted(path=sent.path, sha256=sent.sha256)


def _of_expected(line: Preregistration) -> Iterator[Wanted]:
    """The inscription and its message, until somebody enrols or nobody is expected any more."""
    for made in (line.issued, line.message):
        if made is not None and not line.closed:
            yield Wanted(path=made.path, sha256=made.sha256)
    for proof in line.proofs:
        if not line.closed:
            name = safe_name(f"{line.title} - {proof.dropped_as}")
            yield Wanted(path=f"{RECEIVED}/{name}", sha256=proof.sha256)


def _of_session(office: Office, held: Session, recorded: Sequence[Recorded]) -> Iterator[Wanted]:
    certification = office.certification_of(held.certification_hash)
    yield Wanted(path="RESTE À FAIRE.txt", text=narrative.session_to_do(held, certification))
    title = f"session {held.reference}"
    yield Wanted(path="HISTORIQUE.txt", text=narrative.history(title, recorded))
    for mark, what, sha256, _ in held.received:
        yield Wanted(path=f"{RECEIVED}/{what} - {mark}.pdf", sha256=sha256)
    for one in recorded:
        if isinstance(one.event, PvSigned) and one.event.sha256 != _final(held):
            name = f"Procès-verbal signé (version {one.event.version}), remplacé"
            path = f"{RECEIVED}/{name} - {one.event.document}.pdf"
            yield Wanted(path=path, sha256=one.event.sha256)
        if isinstance(one.event, PvReturned) and one.event.sha256 != _final(held):
            back = one.event
            signatures = counted(len(back.signed), "signature")
            name = f"Procès-verbal version {back.version}, {signatures}"
            yield Wanted(path=f"{RECEIVED}/{name} - {back.document}.pdf", sha256=back.sha256)
    if not held.closed and (agenda := held.product("ordre-du-jour")):
        yield Wanted(path=agenda.path, sha256=agenda.sha256)
    if held.pieces:
        yield Wanted(path=held.pieces.path, sha256=held.pieces.sha256)
    for path, sha256 in {one.path: one.sha256 for one in held.raised}.items():
        yield Wanted(path=path, sha256=sha256)
    for issued in held.issued:
        if _to_fill(held, issued):
            yield Wanted(path=issued.path, sha256=issued.sha256)
    yield from _letters(held)
    if held.signed:
        yield Wanted(path=held.signed.path, sha256=held.signed.sha256)
    if held.pv and held.pieces_stand and not held.over:
        furthest = held.returned.sha256 if held.returned else held.pv.sha256
        yield Wanted(path=held.pv.path, sha256=furthest)


def _to_fill(held: Session, issued: FormIssued) -> bool:
    """The composition may be revised until the PV is signed; the sheet awaits the decisions."""
    if issued.form == Composition.NAME:
        return held.signed is None
    return held.decided is None and held.pieces_stand and issued == held.sheet


def _final(held: Session) -> str:
    return held.signed.sha256 if held.signed else ""


def _folder(office: Office, stream: str, recorded: Sequence[Recorded]) -> Path:
    """Where the stream’s folder stands now; one that people renamed is found by its number."""
    space = office.workspace
    case, held = casefile.fold(recorded), session.fold(recorded)
    if case is not None:
        name = safe_name(f"{case.number} {case.candidate.full_name}")
        ended = case.abandoned or (
            case.decision is not None
            and case.appeal is None
            and (case.product("parchemin") is not None or case.decision.decision.outcome == "refus")
        )
        parent = space.done if ended else space.cases
        return _settled(office, stream, case.number, parent / name, (space.cases, space.done))
    if held is None:
        return space.expected
    *before, name = session_names(recorded)
    folder = _settled(office, stream, held.reference, space.juries / name, (space.juries,))
    return renamed(folder, name) if folder.name in before else folder


def _settled(
    office: Office, stream: str, key: str, wanted: Path, parents: tuple[Path, ...]
) -> Path:
    """The folder for that key under its parent, moved there whole if it stood elsewhere."""
    known = office.journal.folder(stream)
    shown = office.workspace.share / known
    # Looking through thousands of folders is for those that are not where they were left.
    standing = [shown] if known and shown.is_dir() else _by_number(key, parents)
    for found in standing:
        if found.parent == wanted.parent:
            return found
        target = wanted.parent / found.name
        if not target.exists():
            wanted.parent.mkdir(parents=True, exist_ok=True)
            found.rename(target)
            return target
    return wanted


def _by_number(key: str, parents: tuple[Path, ...]) -> list[Path]:
    named = re.compile(rf"(?<![0-9A-Za-z]){re.escape(key)}(?![0-9A-Za-z])")
    return [
        place / name
        for place in parents
        if place.is_dir()
        for name in sorted(os.listdir(place))
        if key in name and named.search(name) and (place / name).is_dir()
    ]


def _reconcile(
    office: Office, stream: str, position: int, folder: Path, wanted: Sequence[Wanted]
) -> None:
    """Write what lacks or changed, take away what is no longer wanted and nobody touched.

    What was shown is remembered as path → SHA-256. Where another file holds a path we want, ours
    stands beside it and that path is remembered instead.
    """
    _, shown = office.journal.published(stream)
    now: dict[str, str] = {}
    restored = []
    for one in wanted:
        content = _text(one.text) if one.text else office.originals.path(one.sha256)
        sha256 = one.sha256 or digest(content)
        kept = _still_there(folder, shown, one.path, sha256)
        if kept:
            now[kept] = sha256
            continue
        if one.text:
            # A death may have come between the file and our memory of it.
            _set_aside(folder / one.path, (shown.get(one.path), sha256))
        elif shown.get(one.path) == sha256:
            if (folder / one.path).exists():
                # Somebody saved over it: the inbox takes it as a drop, then it comes back here.
                now[one.path] = sha256
                continue
            restored.append(one.path)
        placed = publish(
            folder / one.path,
            content,
            staging=office.workspace.staging,
            replacing=[shown[one.path]] if one.path in shown else (),
        )
        now[placed.path.relative_to(folder).as_posix()] = sha256
    for path in shown.keys() - now.keys():
        if withdraw(folder / path, holding=[shown[path]], staging=office.workspace.staging):
            _prune((folder / path).parent, folder)
    # A share that left meanwhile shows none of this, whatever the folder under it says.
    office.workspace.must_be_present()
    where = office.workspace.within(folder)
    office.journal.note_published(stream, position, now, folder=where)
    if restored:
        _say_restored(office, stream, position, restored)


def _no_longer_waiting(office: Office, case: CaseFile) -> None:
    """An inscription that stood in « 3 À corriger » until the office opened its case leaves it."""
    for stream in office.journal.find("document", case.documents[0].mark):
        if not stream.startswith("depot/"):
            continue
        position, files = office.journal.published(stream)
        space = office.workspace
        waiting = {p for p in files if (space.share / p).is_relative_to(space.to_correct)}
        for path in waiting:
            withdraw(space.share / path, holding=[files[path]], staging=space.staging)
        if waiting:
            left = {p: sha256 for p, sha256 in files.items() if p not in waiting}
            office.journal.note_published(stream, position, left)


def _still_there(folder: Path, shown: Mapping[str, str], path: str, sha256: str) -> str:
    """The path under which that content already stands, as shown before; "" when it does not."""
    stem = path.rpartition(".")[0]
    for candidate, before in shown.items():
        beside = candidate == path or candidate.startswith(f"{stem} (")
        if beside and before == sha256 and digest_of(folder / candidate) == sha256:
            return candidate
    return ""


def _set_aside(target: Path, ours: tuple[str | None, str]) -> None:
    """Keep what people wrote in a text of ours, under another name."""
    if target.exists() and digest_of(target) not in ours:
        rename_only(target, target.parent / free_name(target.parent, f"Notes - {target.name}"))


def _say_restored(office: Office, stream: str, position: int, paths: Sequence[str]) -> None:
    events = tuple(ProductRestored(path=path) for path in paths)
    try:
        office.journal.commit(Append(stream=stream, after=position, events=events))
    except JournalConflict:
        return
    show(office, stream)


def _prune(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _text(words: str) -> bytes:
    # The byte-order mark and CRLF let the oldest Windows notepads show the accents and the lines.
    return french(words).replace("\n", "\r\n").encode("utf-8-sig")


def _show_drop(office: Office, stream: str, recorded: Sequence[Recorded]) -> None:
    """The receipt of a drop; and the file itself in « 3 À corriger » when it was not taken.

    A file saved in place stays where it is, its answer beside it.
    """
    one = recorded[-1]
    event = one.event
    position, files = office.journal.published(stream)
    if not isinstance(event, DropAnswered) or position == one.position:
        office.journal.note_published(stream, one.position, files)
        return
    space = office.workspace
    placed: dict[str, str] = {}
    text = receipt_of(event, one.at)
    if event.path:
        _answer_beside(office, space.share / event.path, event, text)
    if event.outcome != "draft":
        day = space.receipts / one.at.astimezone().strftime("%Y-%m-%d")
        name = safe_name(narrative.receipt_name(event, one.at))
        file = _place(office, day, name, text, event.document)
        placed[space.within(file)] = digest(text)
    untaken = event.outcome == "refused" or (event.outcome == "waiting" and not event.stream)
    untaken = untaken or bool(event.report)
    # What was asked at the command line was answered there: nobody has a file to correct.
    typed = stream.startswith(f"depot/{TYPED}")
    if untaken and not event.path and not typed:
        name = safe_name(event.name)
        if event.sha256:
            content = office.originals.path(event.sha256)
            file = _place(office, space.to_correct, name, content, event.document)
            name, placed[space.within(file)] = file.name, event.sha256
        note = note_name(name, "refused" if event.report else event.outcome)
        why = _text(event.report) if event.report else text
        file = _place(office, space.to_correct, note, why, event.document)
        placed[space.within(file)] = digest(why)
    space.must_be_present()
    office.journal.note_published(stream, one.position, placed)


def receipt_of(event: DropAnswered, at: datetime) -> bytes:
    """The receipt as it stands on the share."""
    return _text(narrative.receipt(event, at))


def _answer_beside(office: Office, file: Path, event: DropAnswered, text: bytes) -> None:
    """The latest answer beside a file saved in place; the earlier ones go."""
    for outcome in NOTES:
        file.with_name(note_name(file.name, outcome)).unlink(missing_ok=True)
    if event.outcome in NOTES:
        note = file.with_name(note_name(file.name, event.outcome))
        publish(note, text, staging=office.workspace.staging)
    elif digest_of(file) == event.sha256:
        withdraw(file, holding=[event.sha256], staging=office.workspace.staging)


def _place(office: Office, folder: Path, name: str, content: bytes | Path, mark: str) -> Path:
    """Publish under that name, or under the name and the mark when another file has it."""
    target = folder / name
    if digest_of(target) not in (None, digest(content)):
        stem, dot, suffix = name.rpartition(".")
        target = folder / (f"{stem} ({mark}).{suffix}" if dot else f"{name} ({mark})")
    return publish(target, content, staging=office.workspace.staging).path
