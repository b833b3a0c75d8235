"""The share is a projection of the journal: what each stream should show, written where it lacks.

Shown only after its event is committed, so a crash leaves at worst something to show again. A file
people changed is never overwritten or removed: the inbox takes it as a drop.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from casefiles import casefile, session
from casefiles.casefile import CaseFile
from casefiles.errors import JournalConflict
from casefiles.events import (
    DropAnswered,
    FormIssued,
    ProductIssued,
    ProductRestored,
    Purged,
    Recorded,
)
from casefiles.journal import Append
from casefiles.rules.evidence import asked
from casefiles.system import being_written
from forms.typography import french
from watch.keeping import copies
from watch.office import Office
from watch.share import narrative, sent_back
from watch.share.folder_names import case_names, renamed, session_names, standing
from watch.share.naming import KEPT_ASIDE, NOTES, free_name, note_name, safe_name
from watch.share.products import TO_SEND
from watch.share.publication import digest, digest_of, publish, rename_only, withdraw
from watch.share.strays import beside
from watch.share.wanted import RECEIVED, Wanted, wanted_of
from watch.share.workspace import TO_FILL

TYPED = "acte-"


def show(office: Office, stream: str) -> None:
    """Bring the share up to what the stream’s events say; ShareAway when it is not there."""
    copies.follow(office, stream)
    _show(office, stream)
    copies.follow(office, stream)


def _show(office: Office, stream: str) -> None:
    recorded = office.journal.read(stream)
    if not recorded:
        return
    office.workspace.must_be_present()
    if isinstance(recorded[0].event, Purged):
        _forget(office, stream, recorded[-1].position)
    elif stream.startswith("depot/"):
        # Before, lest a death leave them once this is noted to be shown; and after, for a case that
        # was opened meanwhile.
        sent_back.leave_once_answered(office, stream, recorded)
        _show_drop(office, stream, recorded)
        sent_back.leave_once_answered(office, stream, recorded)
    elif (wanted := wanted_of(office, stream, recorded)) is not None:
        folder = _folder(office, stream, recorded)
        if folder != office.workspace.expected:
            wanted = _and_beside(office, stream, folder, wanted)
        now, restored = _reconcile(office, stream, folder, wanted)
        case = casefile.fold(recorded)
        _door(office, case, folder)
        if case is not None:
            _no_longer_waiting(office, (case.documents[0].mark, *case.settled))
            sent_back.leave_once_answered(office, stream, recorded)
        if (held := session.fold(recorded)) is not None:
            received = (mark for mark, _, _, _ in held.received)
            _no_longer_waiting(office, (*received, *held.settled))
        # A share that left meanwhile shows none of this, whatever the folder under it says.
        office.workspace.must_be_present()
        # Last of all: once it is noted to be shown, nobody comes back to what a death left undone.
        where, position = office.workspace.within(folder), recorded[-1].position
        office.journal.note_published(stream, position, now, folder=where)
        if restored:
            _say_restored(office, stream, position, restored)
    else:
        office.journal.note_published(stream, recorded[-1].position, {})


def _and_beside(
    office: Office, stream: str, folder: Path, wanted: Sequence[Wanted]
) -> tuple[Wanted, ...]:
    """The same, RESTE À FAIRE naming the files that lie in the folder where nobody takes them."""
    _, shown = office.journal.published(stream)
    found = beside(office.workspace, folder, {*shown, *(one.path for one in wanted)})
    said = narrative.beside([one.said for one in found])
    return tuple(
        replace(one, text=one.text + said) if one.path == narrative.TO_DO else one for one in wanted
    )


def _folder(office: Office, stream: str, recorded: Sequence[Recorded]) -> Path:
    """Where the stream’s folder stands now, whatever name people gave it."""
    space = office.workspace
    case, held = casefile.fold(recorded), session.fold(recorded)
    if case is not None:
        *before, name = case_names(recorded)
        ended = case.abandoned or (
            case.decision is not None
            and case.appeal is None
            and (case.product("parchemin") is not None or case.decision.decision.outcome == "refus")
        )
        parent = space.done if ended else space.cases
        both = (space.cases, space.done)
        folder = _settled(office, stream, case.number, parent / name, both)
        return renamed(folder, name) if folder.name in before else folder
    if held is None:
        return space.expected
    *before, name = session_names(recorded)
    folder = _settled(office, stream, held.reference, space.juries / name, (space.juries,))
    return renamed(folder, name) if folder.name in before else folder


def _door(office: Office, case: CaseFile | None, folder: Path) -> None:
    """« À remplir » stays, even empty, while files of a dossier de preuves may be dropped there."""
    door = folder / TO_FILL
    closed = case is None or case.abandoned or case.is_decided
    if case and not closed and asked(case, office.certification_of(case.certification_hash)):
        door.mkdir(exist_ok=True)
    else:
        _prune(door, folder)


def _settled(
    office: Office, stream: str, key: str, wanted: Path, parents: tuple[Path, ...]
) -> Path:
    """The folder for that key under its parent, moved there whole if it stood elsewhere."""
    known = office.journal.folder(stream)
    shown = office.workspace.share / known
    # Looking through thousands of folders is for those that are not where they were left.
    here = bool(known) and shown.is_dir()
    for found in [shown] if here else standing(key, parents, _made(office, stream)):
        if found.parent == wanted.parent:
            return found
        target = wanted.parent / found.name
        if not target.exists():
            office.journal.holds.must_hold()
            wanted.parent.mkdir(parents=True, exist_ok=True)
            found.rename(target)
            return target
    return wanted


def _made(office: Office, stream: str) -> dict[str, str]:
    """What the share was given of that stream alone: what was received may be in other folders."""
    _, shown = office.journal.published(stream)
    return {path: it for path, it in shown.items() if not path.startswith(f"{RECEIVED}/")}


def _reconcile(
    office: Office, stream: str, folder: Path, wanted: Sequence[Wanted]
) -> tuple[dict[str, str], list[str]]:
    """Write what lacks or changed, take away what is no longer wanted and nobody touched.

    What the folder then shows, as path → SHA-256, and which of these people had written over. Where
    another file holds a path we want, ours stands beside it and that path is given instead.
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
        target = folder / one.path
        if one.text:
            # A death may have come between the file and our memory of it.
            ours = (shown.get(one.path), sha256)
            _set_aside(office, target, f"{KEPT_ASIDE}{target.name}", ours)
        elif shown.get(one.path) == sha256:
            theirs = one.path.startswith((f"{TO_FILL}/", f"{TO_SEND}/"))
            if target.exists() and (theirs or being_written(target)):
                # Somebody saved over it: the inbox takes it as a drop, then it comes back here; or
                # they wrote more in a message before they send it.
                now[one.path] = sha256
                continue
            # Elsewhere nobody takes it: it stands beside ours, and is named astray.
            _set_aside(office, target, target.name, (sha256,))
            restored.append(one.path)
        placed = publish(
            folder / one.path,
            content,
            staging=office.staging,
            replacing=[shown[one.path]] if one.path in shown else (),
        )
        now[placed.path.relative_to(folder).as_posix()] = sha256
    for path in shown.keys() - now.keys():
        # « À remplir » is not taken away to be put back: somebody may be saving there (`_door`).
        root = folder / TO_FILL if path.startswith(f"{TO_FILL}/") else folder
        if withdraw(folder / path, holding=[shown[path]], staging=office.staging):
            _prune((folder / path).parent, root)
    return now, restored


def _forget(office: Office, stream: str, position: int) -> None:
    """What the share held of a purged stream leaves it; what people put there stays theirs."""
    space = office.workspace
    where = office.journal.folder(stream)
    folder = space.share / where
    _, shown = office.journal.published(stream)
    for path, sha256 in shown.items():
        file = folder / path
        if withdraw(file, holding=[sha256], staging=office.staging):
            _prune(file.parent, folder.parent if where else space.share)
    if where and folder.is_dir():
        # Its name says whose it was, and people may have emptied it, or a part of it, themselves.
        for inner in (*sorted(folder.rglob("*"), reverse=True), folder):
            if not inner.is_symlink():
                _prune(inner, folder.parent)
    space.must_be_present()
    for visible in space.visible:
        visible.mkdir(exist_ok=True)
    office.journal.note_published(stream, position, {})


def _no_longer_waiting(office: Office, marks: Sequence[str]) -> None:
    """What stood elsewhere until the office settled it leaves: an inscription, a transcription."""
    space = office.workspace
    for mark in marks:
        for stream in office.journal.find("document", mark):
            if not stream.startswith("depot/"):
                continue
            position, files = office.journal.published(stream)
            places = (space.to_correct, space.office)
            waiting = {
                p for p in files if any((space.share / p).is_relative_to(one) for one in places)
            }
            for path in waiting:
                withdraw(space.share / path, holding=[files[path]], staging=office.staging)
            if waiting:
                space.must_be_present()
                left = {p: sha256 for p, sha256 in files.items() if p not in waiting}
                office.journal.note_published(stream, position, left)


def _still_there(folder: Path, shown: Mapping[str, str], path: str, sha256: str) -> str:
    """The path under which that content already stands, as shown before; "" when it does not."""
    stem, _, ending = path.rpartition(".")
    numbered = re.compile(rf"{re.escape(stem)} \(\d+\)\.{re.escape(ending)}")
    for candidate, before in shown.items():
        beside = candidate == path or numbered.fullmatch(candidate)
        if beside and before == sha256 and digest_of(folder / candidate) == sha256:
            return candidate
    return ""


def _set_aside(office: Office, target: Path, name: str, ours: tuple[str | None, ...]) -> None:
    """Keep what people wrote in a file of ours, under that name."""
    if digest_of(target) not in (None, *ours):
        office.journal.holds.must_hold()
        rename_only(target, target.parent / free_name(target.parent, name))


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
    one, last = recorded[0], recorded[-1].position
    event = one.event
    position, files = office.journal.published(stream)
    if not isinstance(event, DropAnswered) or position == last:
        office.journal.note_published(stream, last, files)
        return
    space = office.workspace
    placed: dict[str, str] = {}
    text = receipt_of(event, one.at)
    copied_from = str(event.held.get("of", ""))
    if copied_from not in ("", event.document):
        _said_of_the_paper(office, copied_from, space.share / event.path, event, text)
    elif event.path:
        beside = _answer_beside(office, space.share / event.path, event, text)
        if (space.share / event.path).parent == space.to_correct:
            # It leaves with what settles it, as one that was dropped elsewhere does.
            placed |= {space.within(file): sha256 for file, sha256 in beside.items()}
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
        if said := sent_back.said_already(space.to_correct / note, why):
            placed[space.within(space.to_correct / note)] = said
        else:
            file = _place(office, space.to_correct, note, why, event.document)
            placed[space.within(file)] = digest(why)
    sent = (r.event for r in recorded[1:] if isinstance(r.event, FormIssued | ProductIssued))
    for back in () if sent_back.is_answered(office, recorded) else sent:
        content = office.originals.path(back.sha256)
        file = _place(office, space.to_correct, back.path, content, event.document)
        placed[space.within(file)] = back.sha256
    transcription = (event.held.get("return") or {}).get("transcription")
    if transcription:
        content = office.originals.path(transcription["sha256"])
        publish(space.share / transcription["path"], content, staging=office.staging)
        placed[transcription["path"]] = transcription["sha256"]
    space.must_be_present()
    office.journal.note_published(stream, last, placed)


def receipt_of(event: DropAnswered, at: datetime) -> bytes:
    """The receipt as it stands on the share."""
    return _text(narrative.receipt(event, at))


def _answer_beside(office: Office, file: Path, event: DropAnswered, text: bytes) -> dict[Path, str]:
    """The latest answer beside a file saved in place; the earlier ones go. What stands after it."""
    office.journal.holds.must_hold()
    for outcome in NOTES:
        file.with_name(note_name(file.name, outcome)).unlink(missing_ok=True)
    if event.outcome in NOTES or event.report:
        note = file.with_name(note_name(file.name, "refused" if event.report else event.outcome))
        why = _text(event.report) if event.report else text
        publish(note, why, staging=office.staging)
        return {file: event.sha256, note: digest(why)}
    if digest_of(file) == event.sha256:
        withdraw(file, holding=[event.sha256], staging=office.staging)
    return {}


def _said_of_the_paper(
    office: Office, mark: str, transcription: Path, event: DropAnswered, text: bytes
) -> None:
    """A transcription did its work: it goes, and what still waits is said beside the paper."""
    space = office.workspace
    if digest_of(transcription) == event.sha256:
        withdraw(transcription, holding=[event.sha256], staging=office.staging)
    for stream in office.journal.find("document", mark):
        position, files = office.journal.published(stream)
        for path in files:
            if path.endswith(f"{NOTES['waiting']}.txt"):
                withdraw(space.share / path, holding=[files[path]], staging=office.staging)
                publish(space.share / path, text, staging=office.staging)
                office.journal.note_published(stream, position, {**files, path: digest(text)})


def _place(office: Office, folder: Path, name: str, content: bytes | Path, mark: str) -> Path:
    """Publish under that name, or under the name and the mark when another file has it."""
    target = folder / name
    if digest_of(target) not in (None, digest(content)):
        stem, dot, suffix = name.rpartition(".")
        target = folder / (f"{stem} ({mark}).{suffix}" if dot else f"{name} ({mark})")
    return publish(target, content, staging=office.staging).path
