"""One drop, one answer, recorded once with everything that follows from it."""

import base64
import errno
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from casefiles.errors import JournalConflict, UnreadableFile
from casefiles.events import DropAnswered
from casefiles.journal import Append
from watch.keeping import purging
from watch.office import Office
from watch.reception.answer import Answer, Drop, Outcome, Refused
from watch.reception.routing import UNKNOWN

ATTEMPTS = 8

Decider = Callable[[Drop], Answer]


def mark_of(claim_id: str) -> str:
    """The mark people quote for a drop: « D-7K2M9QXA », the same for the same claim."""
    digest = hashlib.sha256(claim_id.encode()).digest()
    return "D-" + base64.b32encode(digest)[:8].decode()


def record(office: Office, drop: Drop, decider: Decider) -> tuple[str, ...]:
    """Record what `decider` answers to the drop; decided anew when another writer came first.

    What it looked up holds until its answer is committed: of two inscriptions of one person, or two
    copies of one file, taken in at the same instant, the second finds the first.
    """
    receipt = f"depot/{drop.claim}"
    for _ in range(ATTEMPTS):
        with office.journal.looking() as looked:
            answer = _answer(decider, drop)
        try:
            office.journal.commit(*answer.appends, _receipt(drop, answer), provided=looked)
        except JournalConflict:
            if office.journal.read(receipt):
                break
            continue
        return (receipt, *(a.stream for a in answer.appends), *answer.moved)
    else:
        raise JournalConflict("Trop de travaux écrivent au même endroit.", "Il sera repris.")
    return (receipt,)


def record_each(
    office: Office, whole: Drop, what: str, pieces: Sequence[tuple[Drop, Decider]]
) -> Answer:
    """Answer each piece on a receipt of its own; the answer to what held them.

    A crash midway loses nothing: what was answered is not answered again. Where a piece is not to
    be kept, neither is what held it, which goes back to who sent it.
    """
    let_go: set[str] = set()
    moved: list[str] = []
    outcomes: list[str] = []
    reasons: list[str] = []
    for number, (piece, decider) in enumerate(pieces, start=1):
        claim = _claim_of(whole, number)
        one = replace(piece, claim=claim, mark=mark_of(claim))
        if not office.journal.read(f"depot/{claim}"):
            moved += record(office, one, decider)
        if not piece.file.exists():
            # A purge has deleted these very bytes meanwhile: unwrapped again, they are kept anew.
            raise FileNotFoundError(errno.ENOENT, "les octets d’une pièce viennent d’être purgés")
        answered = office.journal.read(f"depot/{claim}")[0].event
        if isinstance(answered, DropAnswered):
            if not answered.sha256:
                let_go.add(one.sha256)
            outcomes.append(answered.outcome)
            became = f"{answered.what} — {_SAID[answered.outcome]}"
            reasons.append(f"« {one.name} », repère {one.mark} : {became}.")
        moved.append(f"depot/{claim}")
    if let_go:
        purging.let_go(office, let_go - {whole.sha256})
    return Answer(
        outcome="refused" if let_go or set(outcomes) == {"refused"} else "accepted",
        what=what,
        reasons=tuple(reasons),
        remedy=f"{_EACH}{_BACK if let_go else ''}",
        moved=tuple(dict.fromkeys(moved)),
        unkept=bool(let_go),
        opened=True,
    )


def begun(office: Office, whole: Drop) -> bool:
    """Whether some of what it holds was answered, before a death, and not the whole."""
    return bool(office.journal.read(f"depot/{_claim_of(whole, 1)}"))


def _claim_of(whole: Drop, number: int) -> str:
    return f"{whole.claim}-{number}"


_EACH = "Chacun a son propre accusé, qui dit ce qu’il en est."
_BACK = (
    " L’envoi lui-même n’est pas gardé, et vous revient : il contient une demande d’aménagement, "
    "dont la raison ne regarde personne ici. Ce qui en est accepté l’est ; ne le redéposez pas."
)
_SAID = {
    "accepted": "accepté",
    "waiting": "en attente du bureau",
    "duplicate": "déjà reçu",
    "refused": "à corriger",
    "draft": "à compléter",
}


def _answer(decider: Decider, drop: Drop) -> Answer:
    try:
        return decider(drop)
    except Refused as no:
        unfinished = no.draft and drop.in_place and drop.door == "a_remplir"
        outcome: Outcome = "draft" if unfinished else "refused"
        return Answer(
            outcome=outcome,
            what=no.what,
            reasons=no.reasons,
            remedy=no.remedy,
            appends=no.appends,
            about=no.about or next((a.stream for a in no.appends), ""),
            unkept=no.unkept,
            back=no.back,
        )
    except UnreadableFile as no:
        return Answer(outcome="refused", what=UNKNOWN, reasons=(no.message,), remedy=no.remedy)


def _receipt(drop: Drop, answer: Answer) -> Append:
    stands = drop.in_place or answer.outcome == "refused"
    event = DropAnswered(
        name=drop.name,
        sha256="" if answer.unkept else drop.sha256,
        seen=f"sha256:{drop.sha256}" if answer.unkept and stands else "",
        size=drop.size,
        outcome=answer.outcome,
        what=answer.what,
        reasons=answer.reasons,
        remedy=answer.remedy,
        document=drop.mark,
        stream=answer.stream,
        path=drop.origin if drop.in_place else "",
        held=answer.held,
        report=answer.report,
        opened=answer.opened,
        about=answer.about,
    )
    return Append(stream=f"depot/{drop.claim}", after=0, events=(event, *answer.back))
