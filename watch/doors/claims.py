"""A settled file is claimed before anything opens it, so that a crash leaves it claimed or dropped.

A claim is a folder of the hidden side, holding the file under its own name, and a note beside it
that says where the file came from. The file itself is moved, but from « À remplir » and « 3 À
corriger »: somebody may still have it open there, so a copy is taken and the file stays.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from casefiles.errors import UnreadableFile
from casefiles.originals import Originals
from casefiles.system import being_written, comes_from_afar, open_regular, sync_folder
from watch.doors.inbox import Door, Problem, Seen, look_again
from watch.doors.seen import IN_PLACE
from watch.share.publication import digest, digest_of, move_beside
from watch.share.workspace import Workspace

# Seconds without a write after which nobody is taken to write any more, from another machine.
QUIET = 600.0

_REASONS: dict[Problem, str] = {
    "link": "Ce n’est pas un document mais un lien vers un autre emplacement.",
    "special": "Ce n’est pas un document mais un fichier spécial du système.",
    "unreadable": "Ce bureau n’a pas le droit de lire ce fichier.",
    "poison": (
        "Ce fichier a fait échouer plusieurs fois de suite le programme qui le lit : il est bloqué."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claimed file. `origin` and `place` are told from the share, with « / ».

    in_place: the file was copied and still stands at its origin. refusal: why it may not be opened,
    in French; "" for an ordinary file.
    """

    id: str
    door: Door
    origin: str
    at: datetime
    in_place: bool
    problem: Problem
    file: Path

    @property
    def name(self) -> str:
        """The name it was dropped under, with what no alphabet holds replaced."""
        return self.file.name.encode(errors="replace").decode()

    @property
    def place(self) -> str:
        """The folder it was dropped in."""
        return self.origin.rpartition("/")[0]

    @property
    def keepable(self) -> bool:
        """Whether its bytes may be read and kept, be it without looking into them."""
        return self.problem in ("", "poison")

    @property
    def refusal(self) -> str:
        """Why it may not be opened, or ""."""
        return _REASONS.get(self.problem, "")


def stands(seen: Seen, known: Callable[[str, str], bool]) -> bool:
    """Whether a file is no drop where it stands: ours, or answered as it is.

    known: says so of a door and a SHA-256. What nobody can read was sent to « 3 À corriger » once.
    """
    if not seen.among_ours:
        return False
    if seen.door == "a_corriger" and (seen.problem or not os.access(seen.path, os.R_OK)):
        return True
    try:
        return known(seen.door, digest(seen.path))
    except (UnreadableFile, OSError):
        return False


def claim(workspace: Workspace, seen: Seen, now: datetime) -> Claim | None:
    """Claim a settled file; None when it moved at the last moment. OSError when the share fails."""
    problem = seen.problem
    if not problem and not os.access(seen.path, os.R_OK):
        problem = "unreadable"
    id_ = f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{token_hex(4)}"
    taken = Claim(
        id=id_,
        door=seen.door,
        origin=workspace.within(seen.path),
        at=now,
        in_place=seen.door in IN_PLACE and not problem and _can_be_told(seen.path),
        problem=problem,
        file=workspace.claims / id_ / seen.path.name,
    )
    _note(workspace, taken)
    taken.file.parent.mkdir()
    try:
        if taken.in_place:
            _copy(seen, taken.file)
        else:
            seen.path.rename(taken.file)
    except (FileNotFoundError, UnreadableFile):
        _forget(workspace, taken.id)
        return None
    return taken


def pending(workspace: Workspace) -> Iterator[Claim]:
    """The claims left by an earlier life, oldest first; half-made ones are tidied away."""
    try:
        names = sorted(one.name for one in os.scandir(workspace.claims))
    except OSError:
        return
    for id_ in sorted({name.removesuffix(".json") for name in names}):
        found = load(workspace, id_)
        if found is not None:
            yield found
        else:
            _forget(workspace, id_)


def load(workspace: Workspace, id_: str) -> Claim | None:
    """One claim; None when it holds no file (any more). OSError when the share fails."""
    folder = workspace.claims / id_
    try:
        file = next((one for one in sorted(folder.iterdir()) if not _unfinished(one)), None)
    except FileNotFoundError:
        return None
    if file is None:
        return None
    try:
        note = json.loads(_note_file(workspace, id_).read_text(encoding="utf-8"))
        return Claim(
            id=id_,
            door=note["door"],
            origin=note["origin"],
            at=datetime.fromisoformat(note["at"]),
            in_place=note["in_place"],
            problem=note["problem"],
            file=file,
        )
    except (OSError, ValueError, KeyError):
        # The note was lost: the file counts as dropped by anybody, so that no right comes with it.
        origin = workspace.within(workspace.drop_here / file.name)
        return Claim(
            id=id_,
            door="inbox",
            origin=origin,
            at=datetime.now(UTC),
            in_place=False,
            problem="" if file.is_file() and not file.is_symlink() else "special",
            file=file,
        )


def finish(
    workspace: Workspace,
    taken: Claim,
    originals: Originals,
    *,
    gone: Collection[str] = (),
    back: bool = False,
) -> Path | None:
    """End a claim whose answer is recorded.

    The claimed file goes if its very bytes are kept among the originals, or if it was but the copy
    of a draft that still stands. Bytes that a late writer added since are a new drop, put back in
    the inbox; what may not be opened goes to « 3 À corriger ». Bytes that are `gone` were let go:
    the file goes, or is given back there when it was refused (`back`) and stands nowhere else.
    While a writer still holds the file the claim stays, to be ended later; on a share of another
    machine, whose writers nothing tells of, the file is first set aside (`late`). Returns where it
    went, None when nothing had to move.
    """
    moved = None
    if not taken.keepable:
        with suppress(FileNotFoundError):
            moved = move_beside(taken.file, workspace.to_correct, taken.name)
    else:
        if being_written(taken.file):
            return None
        found = digest_of(taken.file)
        stands = taken.in_place and (workspace.share / taken.origin).exists()
        if back and found in gone and not stands:
            moved = move_beside(taken.file, workspace.to_correct, taken.name)
        elif stands or found in gone or (found and found in originals):
            if found and found not in gone and not stands and comes_from_afar(taken.file.parent):
                _set_aside(workspace, taken, found)
            taken.file.unlink(missing_ok=True)
        elif found is not None:
            moved = move_beside(taken.file, workspace.drop_here, taken.name)
    _forget(workspace, taken.id)
    return moved


def _set_aside(workspace: Workspace, taken: Claim, sha256: str) -> None:
    folder = workspace.ended / f"{taken.id}.{sha256}"
    folder.mkdir(parents=True, exist_ok=True)
    taken.file.rename(folder / taken.file.name)


def set_aside(workspace: Workspace) -> list[Path]:
    """The folders of the files answered that another machine may still be writing."""
    found = sorted(workspace.ended.iterdir()) if workspace.ended.is_dir() else []
    return [one for one in found if one.is_dir() and not one.is_symlink()]


def written_since(folder: Path) -> bool:
    """Whether what was set aside there is no longer what was answered."""
    return any(digest_of(file) != folder.suffix[1:] for file in folder.iterdir())


def late(workspace: Workspace) -> int:
    """Drop again what was written, from another machine, in files already answered; how many.

    Those that stayed as they were for a while are let go. OSError when the share fails.
    """
    found = 0
    for folder in set_aside(workspace):
        for file in folder.iterdir():
            last = max(file.lstat().st_mtime, file.lstat().st_ctime)
            if time.time() - last < QUIET:
                continue
            if written_since(folder):
                move_beside(file, workspace.drop_here, file.name)
                found += 1
            else:
                file.unlink()
        with suppress(OSError):  # it still holds its file
            folder.rmdir()
    return found


def condemn(workspace: Workspace, id_: str) -> None:
    """Have the claim answered unopened from now on: opening it has led nowhere too often."""
    taken = load(workspace, id_)
    if taken is not None and not taken.problem:
        _write_note(workspace, replace(taken, problem="poison"), _note_file(workspace, id_))


def stable_copy(taken: Claim, originals: Originals) -> str:
    """Keep the claimed bytes and return their SHA-256, once no writer is changing them.

    UnreadableFile when the claim is no ordinary file, or still moved after three tries.
    """
    if not taken.keepable:
        raise UnreadableFile(taken.refusal, "Déposez le document lui-même.")
    for _ in range(3):
        before = _trace(taken.file)
        sha256 = originals.put(taken.file)
        if _trace(taken.file) == before:
            return sha256
    raise UnreadableFile(
        "Ce fichier est encore en cours d’écriture.", "Il sera repris dès qu’il ne bougera plus."
    )


def _can_be_told(path: Path) -> bool:
    """Whether the name can be written down; one that cannot is taken away, and given a name."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _copy(seen: Seen, target: Path) -> None:
    staged = target.with_name(f".{token_hex(4)}.tmp")
    with os.fdopen(open_regular(seen.path), "rb") as source, staged.open("xb") as out:
        shutil.copyfileobj(source, out)
        out.flush()
        os.fsync(out.fileno())
    again = look_again(seen)
    if again is None or again.trace != seen.trace:
        staged.unlink()
        raise FileNotFoundError(seen.path)
    staged.rename(target)


def _unfinished(one: Path) -> bool:
    return one.name.startswith(".") and one.suffix == ".tmp"


def _note_file(workspace: Workspace, id_: str) -> Path:
    return workspace.claims / f"{id_}.json"


def _note(workspace: Workspace, taken: Claim) -> None:
    _write_note(workspace, taken, _note_file(workspace, taken.id))


def _write_note(workspace: Workspace, taken: Claim, file: Path) -> None:
    note = {
        "door": taken.door,
        "origin": taken.origin,
        "at": taken.at.isoformat(),
        "in_place": taken.in_place,
        "problem": taken.problem,
    }
    staged = workspace.staging / f"{token_hex(8)}.tmp"
    try:
        with staged.open("x", encoding="utf-8") as out:
            json.dump(note, out)
            out.flush()
            os.fsync(out.fileno())
        staged.replace(file)
    finally:
        staged.unlink(missing_ok=True)
    sync_folder(workspace.claims)


def _forget(workspace: Workspace, id_: str) -> None:
    """Tidy an empty claim away; one that still holds a file stays, with its note."""
    folder = workspace.claims / id_
    with suppress(FileNotFoundError):
        for one in folder.iterdir():
            if _unfinished(one):
                one.unlink()
        folder.rmdir()
    _note_file(workspace, id_).unlink(missing_ok=True)


def _trace(file: Path) -> tuple[int, int, int, int]:
    found = os.lstat(file)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
