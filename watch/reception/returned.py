"""Forms that came back as pages: printed, scanned, photographed, written over. Read, then routed.

What nobody can be sure of is never filed: it is held, with a transcription for the office to fill,
or until its missing pages come. What is certain goes on as if it had been typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from casefiles import session
from casefiles.answers import FORMS, Decisions, Emargement, OfficeAct
from casefiles.answers.imprint import Imprint
from casefiles.casefile import CaseFile
from casefiles.events import DropAnswered, FormIssued, Obtained
from casefiles.session import Session
from forms.returns.outcome import PrintReturned, Returned
from forms.returns.typed import NAME as TRANSCRIPTION
from watch.office import Office
from watch.reception import holding
from watch.reception.answer import Answer, Drop, Paper, Refused
from watch.reception.emarging import check_awaited
from watch.reception.filing import CASE_FORMS, awaited
from watch.reception.holding import IssuedPrint, said
from watch.reception.proofs import proof_of
from watch.reception.receipts import record_each
from watch.reception.routing import route, stream_of
from watch.reception.sheets import awaited_sheet

AGAIN = "Numérisez chaque page entière, à plat, une seule fois, et déposez le tout."


def decide_pages(office: Office, drop: Drop) -> Answer:
    """What becomes of each print the pages show; several in one file have a receipt each."""
    shown = [Imprint(**one) for one in drop.examined["prints"]]
    prints: dict[str, IssuedPrint | Refused] = {}
    for one in shown:
        prints[one.serial] = _issued(office, one)
    known = [p for p in prints.values() if isinstance(p, IssuedPrint)]
    read: dict[str, PrintReturned] = {}
    notes: tuple[str, ...] = ()
    if known:
        told = Returned.model_validate(office.read_pages(drop.sha256, [p.sha256 for p in known]))
        read = {one.imprint.serial: one for one in told.prints}
        notes = told.reasons
    if len(shown) == 1:
        (one,) = shown
        return _one(office, drop, one, prints[one.serial], read.get(one.serial), notes)
    pieces = []
    for one in shown:
        title = FORMS[one.form].TITLE if one.form in FORMS else "Formulaire"
        named = replace(drop, name=f"{drop.name} - {' '.join((title, one.part)).strip()}")
        pieces.append((named, _deciding(office, one, prints[one.serial], read.get(one.serial))))
    answer = record_each(office, drop, f"Fichier de {len(shown)} formulaires", pieces)
    return replace(answer, reasons=(*answer.reasons, *said(notes)))


def _deciding(
    office: Office, shown: Imprint, print_: IssuedPrint | Refused, found: PrintReturned | None
) -> Any:
    return lambda one: _one(office, one, shown, print_, found, ())


def _issued(office: Office, shown: Imprint) -> IssuedPrint | Refused:
    """The print as it left here; a Refused, to be raised later, when it never did."""
    from forms.returns.geometry import layout_of

    try:
        stream = stream_of(office, asdict(shown))
    except Refused as no:
        return no
    for one in office.journal.read(stream):
        event = one.event
        if isinstance(event, FormIssued) and event.serial == shown.serial:
            return IssuedPrint(
                stream=stream,
                sha256=event.sha256,
                layout=layout_of(office.originals.get(event.sha256)),
            )
    if shown.form == TRANSCRIPTION:
        return Refused(
            "Transcription",
            ["Cette transcription est revenue imprimée ou annotée."],
            "Remplissez-la à l’écran, dans « Bureau », et enregistrez-la.",
        )
    return Refused("Formulaire", ["Son tirage n’est plus connu de ce bureau."])


def _one(
    office: Office,
    drop: Drop,
    shown: Imprint,
    print_: IssuedPrint | Refused,
    read: PrintReturned | None,
    notes: Sequence[str],
) -> Answer:
    """One print: what was read of it filed, held, or refused with the reason."""
    try:
        return _decided(office, drop, print_, read, notes)
    except Refused as no:
        # Printed, an act of the office is never taken; nobody here knows what its author wrote.
        no.unkept = no.unkept or shown.form == OfficeAct.NAME
        no.about = "" if isinstance(print_, Refused) else print_.stream
        raise


def _decided(
    office: Office,
    drop: Drop,
    print_: IssuedPrint | Refused,
    read: PrintReturned | None,
    notes: Sequence[str],
) -> Answer:
    if isinstance(print_, Refused):
        raise print_
    imprint = print_.imprint
    what, closed = _called(office, print_)
    if read is None or not read.pages:
        raise Refused(what, said([*(read.reasons if read else ()), *notes]), AGAIN)
    if not read.imprint.made_with(office.imprint_key) and read.how != "ink":
        raise Refused(
            what,
            ["Le repère de cette page n’est pas celui que ce bureau a imprimé."],
            "Repartez du formulaire tiré de « À remplir » ou de « Formulaires vierges ».",
        )
    if imprint.form == OfficeAct.NAME:
        raise Refused(
            what,
            ["Une demande du bureau se remplit à l’écran ; imprimée, elle n’est pas prise."],
            "Remplissez-la à l’écran et déposez-la dans « Bureau ».",
        )
    if closed:
        raise closed
    if read.repeated:
        raise Refused(what, [_repeated(read)], AGAIN)
    also: tuple[str, ...] = ()
    if read.missing:
        read, also = _joined(office, drop, print_, read)
        if read.missing:
            return holding.await_pages(office, drop, print_, read, also, what)
    reasons = said([*read.reasons, *notes])
    paper = Paper(obtained=obtained(read), inked={s.name: s.inked for s in read.signatures})
    if read.how == "flattened" and imprint.form in CASE_FORMS:
        # A picture may hide a signature from us, a printed page does not: nobody need copy it.
        form = FORMS[imprint.form]
        ready = completed(drop, read, read.raw(), imprint, paper)
        proof_of(office, ready, form, _case(office, print_), what, {})
    seen_by_nobody = imprint.form == Emargement.NAME and any(s.inked for s in read.signatures)
    if not read.to_look and not also and not seen_by_nobody:
        return route(office, completed(drop, read, read.raw(), imprint, paper))
    return holding.hold(office, drop, print_, read, also, what, reasons)


def _called(office: Office, print_: IssuedPrint) -> tuple[str, Refused | None]:
    """What to call it; and why nothing may be filed there now, if so."""
    imprint = print_.imprint
    title = FORMS[imprint.form].TITLE if imprint.form in FORMS else "Document"
    try:
        if imprint.form == Emargement.NAME:
            check_awaited(office, _session(office, print_), imprint.serial)
        if imprint.form == Decisions.NAME:
            awaited_sheet(_session(office, print_), imprint.serial)
        if imprint.form not in CASE_FORMS:
            return print_.named or title, None
        _, _, what = awaited(office.journal.read(print_.stream), imprint.serial)
    except Refused as no:
        return no.what, no
    return what, None


def completed(
    drop: Drop,
    read: PrintReturned,
    values: Mapping[str, Any],
    imprint: Imprint,
    paper: Paper,
) -> Drop:
    """The drop as if its answers had come as fields, with how they were obtained."""
    signed = {k: drop.examined.get(k) for k in ("report", "signers", "disagreements")}
    return replace(
        drop,
        examined={
            **signed,
            "imprint": asdict(imprint),
            "values": dict(values),
            "how": read.how,
            "doubtful": (),
            "damaged": False,
            "warnings": said(read.reasons),
            "paper": paper,
        },
    )


def obtained(read: PrintReturned, typed: Sequence[str] = ()) -> dict[str, Obtained]:
    """How each answer was obtained; those of plain fields left out."""
    found = {}
    for name, value in read.values.items():
        if name in typed:
            found[name] = Obtained(how="typed", page=value.page)
        elif value.how != "fields":
            found[name] = Obtained(how=value.how, sure=value.sure, page=value.page)
    return found


def _repeated(read: PrintReturned) -> str:
    pages = ", ".join(str(page) for page in read.repeated)
    which = "La page" if len(read.repeated) == 1 else "Les pages"
    return (
        f"{which} {pages} y figure{'nt' if len(read.repeated) > 1 else ''} plusieurs fois : rien "
        "ne dit laquelle vaut, ni si ce sont deux exemplaires remplis par deux personnes."
    )


# Pages that come in two drops


def _joined(
    office: Office, drop: Drop, print_: IssuedPrint, read: PrintReturned
) -> tuple[PrintReturned, tuple[str, ...]]:
    """The return with the pages of earlier drops of the same print; and those drops."""
    if not print_.one_only:
        return read, ()  # one blank serves several people: nothing tells their pages apart
    earlier: dict[str, None] = {}
    waiting = {h.document for h in _holder(office, print_).held}
    for stream in office.journal.find("pages", print_.imprint.serial):
        event = office.journal.read(stream)[0].event
        if isinstance(event, DropAnswered) and event.document in waiting:
            held = event.held["return"]
            if held["missing"]:
                earlier |= dict.fromkeys((event.sha256, *held["also"]))
    earlier.pop(drop.sha256, None)
    if not earlier:
        return read, ()
    told = Returned.model_validate(
        office.read_pages(drop.sha256, [print_.sha256], also=tuple(earlier))
    )
    whole = next(p for p in told.prints if p.imprint.serial == print_.imprint.serial)
    return whole, tuple(earlier)


def _holder(office: Office, print_: IssuedPrint) -> CaseFile | Session:
    if print_.stream.startswith("session/"):
        return _session(office, print_)
    return _case(office, print_)


def _session(office: Office, print_: IssuedPrint) -> Session:
    held = session.fold(office.journal.read(print_.stream))
    if held is None:
        raise Refused(print_.title, ["Sa session n’est plus connue de ce bureau."])
    return held


def _case(office: Office, print_: IssuedPrint) -> CaseFile:
    return awaited(office.journal.read(print_.stream), print_.imprint.serial)[0]
