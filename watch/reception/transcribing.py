"""What the office copied from a return on paper comes back: the return is completed and filed.

The transcription is an act of the office: taken from « Bureau » alone, with who and when.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from casefiles.answers.imprint import Imprint
from casefiles.answers.vocabulary import french_date
from casefiles.events import DropAnswered
from forms.returns.outcome import PrintReturned
from forms.returns.typed import SIGNED, Transcribed, transcribed
from watch.office import Office
from watch.reception.answer import Answer, Drop, Paper, Refused, must_be_whole
from watch.reception.returned import completed, obtained
from watch.reception.routing import route

WHAT = "Transcription"


def take_transcription(office: Office, drop: Drop) -> Answer:
    """File the return this transcription completes; Refused says what is left to do."""
    receipt, held, claim = _held(office, drop)
    what = f"{WHAT} — {receipt.what}"
    bureau = f"{office.workspace.office.name}/"
    if drop.wrapped or (drop.door != "bureau" and not drop.origin.startswith(bureau)):
        raise Refused(
            what,
            ["Une transcription n’est prise que dans le dossier « Bureau »."],
            "Enregistrez-la à sa place, dans « Bureau », ou déposez-la là.",
        )
    must_be_whole(drop.examined, what, held["words"])
    _still_waits(office, receipt, what)
    read = PrintReturned.model_validate_json(office.originals.get(held["read"]))
    typed = transcribed(drop.values, read)
    _says_all(typed, read, held["words"], drop, what)
    paper = Paper(
        obtained=obtained(read, read.to_look),
        inked=typed.signed,
        by=typed.by,
        day=typed.day,
        also=tuple(held["also"]),
        typed_in=drop.sha256,
    )
    original = replace(
        drop,
        claim=claim,
        mark=receipt.document,
        name=receipt.name,
        door="inbox",
        origin="",
        in_place=False,
        file=office.originals.path(receipt.sha256),
        sha256=receipt.sha256,
        size=receipt.size,
        examined=held,
    )
    filed = route(
        office, completed(original, read, typed.values, Imprint(**held["imprint"]), paper)
    )
    return replace(filed, reasons=(*filed.reasons, *_otherwise(typed, read, held["words"])))


def _otherwise(typed: Transcribed, read: PrintReturned, words: dict[str, str]) -> Iterator[str]:
    """Where what was copied is not what the file itself says: taken, and told."""
    for name in read.to_look:
        one = read.values[name]
        if one.how != "flattened" or one.sure != "likely" or not isinstance(one.value, str):
            continue
        seen, copied = " ".join(one.value.split()), " ".join(str(typed.values[name]).split())
        if seen and seen != copied:
            yield (
                f"{words[name]} : le fichier dit « {seen} », {typed.by} a recopié "
                f"« {copied or 'rien'} »."
            )


def _held(office: Office, drop: Drop) -> tuple[DropAnswered, dict[str, Any], str]:
    for stream in office.journal.find("serial", drop.examined["imprint"]["serial"]):
        event = office.journal.read(stream)[0].event
        if isinstance(event, DropAnswered) and "return" in event.held:
            return event, event.held["return"], stream.removeprefix("depot/")
    raise Refused(
        WHAT,
        ["Cette transcription n’a pas été préparée par ce bureau."],
        "Prenez celle qui se trouve dans « Bureau ».",
    )


def _still_waits(office: Office, receipt: DropAnswered, what: str) -> None:
    """Refused when its return was filed, joined with other pages, or set aside since."""
    from casefiles import casefile, session

    filed = [s for s in office.journal.find("document", receipt.document) if "depot/" not in s]
    recorded = office.journal.read(receipt.stream) if receipt.stream else ()
    holder = casefile.fold(recorded) or session.fold(recorded)
    if filed or (holder is not None and receipt.document in holder.settled):
        raise Refused(
            what,
            [f"Le document {receipt.document} n’attend plus de transcription."],
            "Rien à faire.",
        )


def _says_all(
    typed: Transcribed, read: PrintReturned, words: dict[str, str], drop: Drop, what: str
) -> None:
    """Refused as a draft while something is left to copy, or to say who copied it."""
    places = {SIGNED + one.name: one for one in read.signatures}
    left = [
        f"Page {one.page} — {one.words} : une signature y figure-t-elle ?"
        if (one := places.get(name)) is not None
        else f"Page {read.values[name].page} — {words[name]}"
        for name in typed.left
    ]
    if not typed.by:
        left.append("Qui a recopié : nom et prénom.")
    day = _day(typed.day)
    if day is None:
        left.append("Qui a recopié : la date (jj/mm/aaaa).")
    if not typed.read_again:
        left.append("La case « J’ai relu chaque réponse sur son image » n’est pas cochée.")
    if left:
        raise Refused(
            what,
            left,
            "Complétez ces lignes dans le même fichier (« rien à lire » si l’image ne montre "
            "rien), enregistrez-le à sa place.",
            draft=True,
        )
    if day > drop.today:
        raise Refused(what, [f"La date {typed.day} est dans le futur."], "Corrigez-la.")


def _day(told: str) -> Any:
    try:
        return french_date(told) if told else None
    except ValueError:
        return None
