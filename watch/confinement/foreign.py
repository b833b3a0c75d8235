"""What is done to a foreign file, in a child that `forkserver` forks; never anywhere else.

Each task takes a file and JSON-like parameters and gives JSON-like data, or raises UnreadableFile
with its reason. Nothing here writes, fetches, or knows of cases.
"""

import base64
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casefiles.errors import UnreadableFile
from watch.confinement import pages

if TYPE_CHECKING:
    from forms.read import FieldsRead
    from signing.memory import Memory
    from signing.report import Report

Parameters = Mapping[str, Any]

# The parameters that name other files to read: authorities to trust, European lists, revocation
# answers, the file we sealed, an organisation’s public keys, its list of withdrawals, the prints as
# issued, earlier drops.
PATHS = frozenset({"trust", "lists", "answers", "sealed", "keys", "withdrawn", "prints", "also"})


def examine(file: Path, params: Parameters) -> dict[str, Any]:
    """Everything intake wants to know of a drop, from one child.

    {"how", "imprint", "values", "pages", "signatures", "doubtful", "damaged", "inked", "warnings",
    "report", "signers", "disagreements", "media", "prints", "notes"}: as `forms.read` says, then
    `signing.verify`’s report (None when nothing is signed), the fingerprints of the signers by
    field, and where a second reader of the signed values disagrees. `media` is what `pages` says;
    `prints` are those whose pages must be looked at, empty when the fields say it all; `notes` what
    is to be said of pages without code, or that may not be drawn; `face` what it shows beside its
    answers, as `forms.faces` says (None when it is no form of ours); `unlike` the texts of a signed
    form that show something else than their value; « questions », « learned » and parameters as
    `verify` has them.
    """
    from forms.read import FieldsRead
    from signing.memory import Memory

    data = file.read_bytes()
    media = pages.media_of(data)
    nothing = FieldsRead(imprint=None, values={}, pages=0)
    prints: list[dict[str, Any]] = []
    notes: list[str] = []
    if media == "wrapped":
        seen = nothing
    elif media not in ("", "pdf"):
        seen, (prints, notes) = nothing, pages.pictured(data)
    else:
        seen, prints, notes = _read_or_look(data, file, ours=bool(params.get("sealed")))
    found = seen.model_dump(mode="json")
    found |= {"media": media, "prints": prints, "notes": notes}
    found["face"] = _face(data, file) if seen.imprint is not None else None
    found["report"], found["signers"], found["disagreements"] = None, {}, []
    if any(one.signed for one in seen.signatures):
        memory = Memory(params.get("known"))
        report = _report(file, {**params, "inside": False}, memory)
        found["report"] = report.model_dump(mode="json")
        found["signers"] = {one.field: one.fingerprint for one in report.signatures}
        found["disagreements"] = _disagreements(seen.values, data)
        found["unlike"] = _unlike(data, seen.values)
        found["questions"], found["learned"] = _questions(report), memory.learned
    return found


def _face(data: bytes, file: Path) -> dict[str, Any] | None:
    from forms.faces import face

    try:
        return face(data, file)
    except MemoryError:
        raise
    except Exception:  # whoever doctored it may have made it so that it cannot be compared
        return None


def _unlike(data: bytes, values: Mapping[str, Any]) -> list[str]:
    from forms.shown import otherwise

    try:
        return list(otherwise(data, values))
    except MemoryError:
        raise
    except Exception:  # pages that cannot be drawn show nothing of what they record
        return [name for name, value in values.items() if isinstance(value, str) and value]


def _read_or_look(
    data: bytes, file: Path, *, ours: bool
) -> tuple["FieldsRead", list[dict[str, Any]], list[str]]:
    """A PDF’s fields; and the prints its pages show, where the fields do not say it all.

    ours: it begins with a volume we sealed, whose pages bear no code of a form.
    """
    from forms.bounds import TooMuch
    from forms.read import FieldsRead, read

    try:
        seen = read(data, file)
    except TooMuch:
        raise
    except UnreadableFile as no:
        try:
            prints, notes = pages.prints_in(data)
        except TooMuch as more:
            raise UnreadableFile(f"{no.message} {more.message}", more.remedy) from more
        except UnreadableFile:
            prints, notes = [], []
        if not prints:
            raise
        return FieldsRead(imprint=None, values={}, pages=0), prints, notes
    if seen.imprint is not None and seen.values and not seen.put_together:
        if not pages.also_bear_prints(data, seen.bare):
            return seen, [asdict(seen.imprint)] if seen.inked else [], []
    elif ours and seen.imprint is not None and not seen.inked and not seen.put_together:
        return seen, [], []
    elif not seen.put_together:
        try:
            return seen, *pages.prints_in(data)
        except UnreadableFile as no:
            return seen, [], [f"{no.message} {no.remedy}"]
    prints, notes = pages.prints_in(data)
    if seen.unshown or not prints:
        raise UnreadableFile(
            "Ce fichier réunit plusieurs formulaires, ou un formulaire et des pages numérisées, et "
            "toutes les réponses ne s’y voient pas.",
            "Déposez chaque formulaire dans son propre fichier, tel qu’il a été rempli.",
        )
    return seen, prints, notes


def fields(file: Path, params: Parameters) -> dict[str, Any]:
    """The fields of a fillable PDF, ours or not, as `forms.read` says."""
    from forms.read import read

    return read(file.read_bytes(), file).model_dump(mode="json")


def verify(file: Path, params: Parameters) -> dict[str, Any]:
    """The report of `parchemin verify --json`.

    And « questions »: ways of asking, per certificate whose revocation is not known here,
    [{"url", "body" (base64)}]; « learned »: what is known now of the bytes alone; with `etsi`,
    « etsi »: the same report in XML (TS 119 102-2). Parameters: trust (paths of authorities), lists
    (of European lists), answers (of revocation answers), known (what an earlier run learned), at
    (ISO 8601, now by default), expect (fingerprints by field), sealed (the path of the file we
    sealed), inside (whether to look at embedded files), withdrawn and keys (as `code` has them: a
    parchemin withdrawn since is not valid; without « withdrawn » nothing is said of it).
    """
    from signing.memory import Memory

    at, memory = _instant(params.get("at")), Memory(params.get("known"))
    report = _report(file, {**params, "at": at.isoformat()}, memory)
    if "withdrawn" in params:
        report = _as_it_stands(file, report, params)
    found = {**report.model_dump(mode="json"), "questions": _questions(report)}
    found["learned"] = memory.learned
    if params.get("etsi"):
        from signing import etsi

        found["etsi"] = etsi.validation_report(report, at=at)
    return found


def _as_it_stands(file: Path, report: "Report", params: Parameters) -> "Report":
    from signing.credential.attachment import CREDENTIAL
    from signing.credential.standing import standing

    carries = any(one.name == CREDENTIAL for one in report.embedded)
    keys, listed = (
        Path(given).read_text(encoding="utf-8", errors="replace") if given else None
        for given in (params.get("keys"), params["withdrawn"])
    )
    found = standing(file.read_bytes() if carries else b"", keys=keys, withdrawn=listed)
    verdict = report.verdict
    if found.withdrawn:
        verdict = "invalid"
    elif found.unknown and verdict == "valid":
        verdict = "indeterminate"
    return report.model_copy(update={"verdict": verdict, "notes": (*report.notes, *found.notes)})


def _questions(report: "Report") -> list[list[dict[str, str]]]:
    return [
        [{"url": a.url, "body": b64encode(a.body or b"").decode()} for a in one.attempts]
        for one in report.questions
    ]


def _report(file: Path, params: Parameters, memory: "Memory") -> "Report":
    from signing import revocation, trust, trusted_lists, verify

    sealed, at = params.get("sealed"), _instant(params.get("at"))
    told = revocation.answers(Path(path).read_bytes() for path in params.get("answers") or ())
    return verify.verify(
        file,
        at=at,
        trust=trust.load([Path(path) for path in params.get("trust") or ()]).and_also(told),
        lists=trusted_lists.load([Path(path) for path in params.get("lists") or ()], at=at),
        expect=params.get("expect"),
        sealed=Path(sealed) if sealed else None,
        memory=memory,
        inside=params.get("inside", True),
    )


def compare_with_seal(file: Path, params: Parameters) -> dict[str, Any]:
    """What was added to the file we sealed (parameter `sealed`, a path).

    {"begins_with_seal", "added", "problems", "signed", "stamped", "notes"}: `problems` is empty
    when nothing but signatures and validation data was added.
    """
    from signing.seals import compare

    found = compare(Path(params["sealed"]), file)
    return {
        "begins_with_seal": found.begins_with_sealed,
        "added": found.added,
        "problems": [] if found.accepted else list(found.reasons),
        "signed": list(found.signed),
        "stamped": list(found.stamped),
        "notes": list(found.reasons) if found.accepted else [],
    }


def code(file: Path, params: Parameters) -> dict[str, Any]:
    """The answer about the parchemin’s code of a photo, a scan, a PDF or a text.

    Parameters: keys and withdrawn (paths of the organisation’s published files, each may miss).
    """
    from signing.credential import keys, reading, verdict

    known, withdrawn = params.get("keys"), params.get("withdrawn")
    found = verdict.verify(
        reading.one_code(file.read_bytes()),
        keys.read_keys(Path(known).read_text(encoding="utf-8")) if known else keys.NO_KEYS,
        Path(withdrawn).read_text(encoding="utf-8") if withdrawn else None,
    )
    return found.model_dump(mode="json")


def workbook(file: Path, params: Parameters) -> dict[str, Any]:
    """A certification edited in a spreadsheet: {"certification": canonical JSON} or {"faults"}."""
    from templates import workbook as sheets

    found = sheets.read(file.read_bytes())
    if isinstance(found, tuple):
        return {"faults": [str(fault) for fault in found]}
    return {"certification": found.canonical().decode()}


def roster(file: Path, params: Parameters) -> dict[str, Any]:
    """A list of candidates: {"readings": its sheets, or its text by each separator, as rows}."""
    from watch.reception.roster_file import readings

    return {"readings": readings(file.read_bytes())}


def their_fields(file: Path, params: Parameters) -> dict[str, Any]:
    """The fields of somebody else’s form: {name: {"name", "kind", "states", "read_only"}}."""
    from dataclasses import asdict

    from forms.adopted import their_fields as fields_of

    return {name: asdict(field) for name, field in fields_of(file.read_bytes()).items()}


def prefill(file: Path, params: Parameters) -> dict[str, Any]:
    """Somebody else’s form with values written in: {"pdf": base64}.

    Parameters: values (by its own field names), imprint (the print’s text).
    """
    from casefiles.answers.imprint import from_text
    from forms.adopted import prefilled

    data = prefilled(file.read_bytes(), params["values"], imprint=from_text(params["imprint"]))
    return {"pdf": base64.b64encode(data).decode()}


Task = Callable[[Path, Parameters], dict[str, Any]]

TASKS: dict[str, Task] = {
    "examine": examine,
    "fields": fields,
    "verify": verify,
    "compare_with_seal": compare_with_seal,
    "workbook": workbook,
    "code": code,
    "roster": roster,
    "their_fields": their_fields,
    "prefill": prefill,
    "returned": pages.returned,
    "unwrapped": pages.unwrapped,
    "reproduced": pages.reproduced,
}


def preload() -> None:
    """Import what the tasks need, once, before the first fork; a small document warms them up."""
    import asyncio
    from io import BytesIO

    import pikepdf
    from cryptography.hazmat.backends import default_backend

    from forms import read, second
    from forms.returns import understanding
    from signing import seals, trust, verify

    # openpyxl looks up the system’s file types as it is imported, which the children may not.
    import_module("openpyxl")
    # What only a form of ours, or a parcel, would have each child import: a third of its time.
    for late in ("forms.faces", "forms.shown", "forms.returns.wrapped", "difflib"):
        import_module(late)
    for late in ("pyhanko.pdf_utils.filters", "encodings.utf_16_be", "encodings.utf_16_le"):
        import_module(late)
    blank = pikepdf.new()
    blank.add_blank_page()
    page = BytesIO()
    blank.save(page)
    for warm_up in (read.read, second.second_reading):
        with suppress(UnreadableFile):
            warm_up(page.getvalue())
    with suppress(UnreadableFile):
        seals.compare(page.getvalue(), page.getvalue())
        verify.verify(page.getvalue(), at=datetime.now(UTC), trust=trust.NOBODY)
    understanding.preload()
    default_backend()
    # What reads the European lists and writes reports, before a child would look for it on disk.
    import_module("pyhanko.sign.validation.qualified.eutl_parse")
    import_module("pyhanko.sign.validation.qualified.assess")
    import_module("signing.etsi")
    # One event loop, made and closed, imports what the first would.
    asyncio.run(asyncio.sleep(0))


def _disagreements(first: Mapping[str, Any], data: bytes) -> list[str]:
    from forms.second import disagreements, second_reading

    try:
        return list(disagreements(first, second_reading(data)))
    except UnreadableFile as no:
        return [f"{no.message} {no.remedy}"]


def _instant(told: str | None) -> datetime:
    return datetime.fromisoformat(told) if told else datetime.now(UTC)
