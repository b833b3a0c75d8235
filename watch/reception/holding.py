"""A return on paper that waits: for the office to copy what a hand wrote, or for missing pages.

It is held by its receipt (`held["return"]`); the case only says that it waits. Nothing of what it
answers counts until then.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from casefiles.answers import FORMS
from casefiles.answers.imprint import Imprint
from casefiles.events import ReturnHeld
from casefiles.journal import Append
from forms.returns.outcome import PrintReturned
from forms.returns.typed import NAME as TRANSCRIPTION
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused
from watch.share.naming import safe_name
from watch.share.telling import counted
from watch.share.workspace import TO_FILL

if TYPE_CHECKING:
    from forms.returns.geometry import Layout


@dataclass(frozen=True, kw_only=True)
class IssuedPrint:
    """A print of ours as it left: its stream, the SHA-256 of its bytes, where things stand."""

    stream: str
    sha256: str
    layout: "Layout"

    @property
    def imprint(self) -> Imprint:
        """What it is, its certification included."""
        return self.layout.imprint

    @property
    def one_only(self) -> bool:
        """Whether this print goes to one case or one session: blank forms serve several people."""
        return self.stream.startswith(("dossier/", "session/"))

    @property
    def named(self) -> str:
        """« Grille d’évaluation BDC1.2 — dossier 2026-0042 », "" for a blank form’s."""
        kind, _, number = self.stream.partition("/")
        return f"{self.title} — {kind} {number}" if self.one_only else ""

    @property
    def title(self) -> str:
        """« Grille d’évaluation BDC1.2 »."""
        part = self.imprint.part if self.stream.startswith("dossier/") else ""
        return f"{FORMS[self.imprint.form].TITLE} {part}".strip()


def hold(
    office: Office,
    drop: Drop,
    print_: IssuedPrint,
    read: PrintReturned,
    also: tuple[str, ...],
    what: str,
    reasons: Sequence[str],
) -> Answer:
    """Hold it for the office’s eyes, with a transcription in « Bureau »."""
    from forms.returns.transcription import transcription

    imprint = Imprint(
        serial=office.new_serial(),
        form=TRANSCRIPTION,
        version=1,
        case=print_.imprint.case,
        part=print_.imprint.serial,
        certification=print_.imprint.certification,
        certification_hash=print_.imprint.certification_hash,
    )
    data = transcription(
        read,
        print_.layout,
        title=print_.named or what,
        imprint=imprint,
        key=office.imprint_key,
    )
    name = safe_name(f"À recopier - {print_.title} - {drop.mark}.pdf")
    path = f"{office.workspace.office.name}/{TO_FILL}/{name}"
    asked = _asked(len(read.to_look), len(read.signatures))
    joined = [
        "Ses pages viennent de plusieurs dépôts : vérifiez qu’elles sont du même exemplaire."
    ] * bool(also)
    return replace(
        _held(
            office,
            drop,
            print_,
            read,
            also,
            path=path,
            transcription={
                "serial": imprint.serial,
                "sha256": office.originals.put(data),
                "path": path,
            },
        ),
        what=what,
        reasons=(*reasons, *joined, asked),
        remedy=f"Le bureau remplit « {path} », où chaque réponse est à côté de son image, et "
        "l’enregistre ; le document attend jusque-là.",
    )


def _asked(answers: int, signatures: int) -> str:
    if not answers:
        return f"{counted(signatures, 'signature')} à regarder par le bureau."
    asked = f"{answers} réponses sont à relire" if answers > 1 else "Une réponse est à relire"
    return f"{asked} ou à recopier par le bureau."


def await_pages(
    office: Office,
    drop: Drop,
    print_: IssuedPrint,
    read: PrintReturned,
    also: tuple[str, ...],
    what: str,
) -> Answer:
    """Hold it until its other pages come, where the print belongs to one case."""
    if not print_.one_only:
        raise Refused(
            what,
            said(read.reasons),
            "Numérisez toutes ses pages ensemble, dans un seul fichier : rien ne distingue les "
            "pages de deux personnes parties du même formulaire vierge.",
        )
    return replace(
        _held(office, drop, print_, read, also, path="", transcription=None),
        what=what,
        reasons=said(read.reasons),
        remedy="Numérisez et déposez ce qui manque : ces pages rejoindront celles déjà reçues.",
    )


def _held(
    office: Office,
    drop: Drop,
    print_: IssuedPrint,
    read: PrintReturned,
    also: tuple[str, ...],
    *,
    path: str,
    transcription: dict[str, str] | None,
) -> Answer:
    signed = {k: drop.examined.get(k) for k in ("report", "signers", "disagreements")}
    held: dict[str, Any] = {
        **signed,
        "read": office.originals.put(read.model_dump_json().encode()),
        "imprint": asdict(print_.imprint),
        "words": {f.name: f.words for f in print_.layout.fields if f.name in read.to_look},
        "missing": list(read.missing),
        "also": list(also),
        "transcription": transcription,
    }
    if not print_.one_only:
        return Answer(outcome="waiting", what="", document=drop.mark, held={"return": held})
    event = ReturnHeld(
        document=drop.mark,
        form=print_.imprint.form,
        part=print_.imprint.part,
        serial=print_.imprint.serial,
        sha256=drop.sha256,
        dropped_as=drop.name,
        title=print_.title,
        how=read.how,
        missing=read.missing,
        path=path,
        also=also,
    )
    after = len(office.journal.read(print_.stream))
    return Answer(
        outcome="waiting",
        what="",
        stream=print_.stream,
        document=drop.mark,
        held={"return": held},
        appends=(Append(stream=print_.stream, after=after, events=(event,)),),
    )


def said(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines as sentences, each once."""
    return tuple(dict.fromkeys(line[:1].upper() + line[1:] for line in lines))
