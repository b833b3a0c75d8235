"""`parchemin act`: the office’s act at once, recorded and shown like a dropped request."""

import hashlib
import json
from dataclasses import asdict, replace
from secrets import token_hex

from casefiles.answers.office_act import ActKind
from casefiles.errors import TakenOver
from casefiles.events import DropAnswered
from watch.office import Office
from watch.reception.answer import Drop
from watch.reception.office_desk import Request, perform
from watch.reception.receipts import mark_of, record
from watch.share import mirror
from watch.steps import work


def act_now(office: Office, request: Request) -> DropAnswered:
    """Record the act, do what follows from it, and give its receipt."""
    claim = f"{mirror.TYPED}{token_hex(8)}"
    # Why an arrangement is granted concerns nobody here.
    kept = replace(request, because="") if request.kind is ActKind.ARRANGE else request
    said = json.dumps(asdict(kept), ensure_ascii=False, indent=2, sort_keys=True).encode()
    sha256 = office.originals.put(said)
    drop = Drop(
        claim=claim,
        mark=mark_of(claim),
        name=f"{request.kind.label} (commande)",
        door="bureau",
        origin="",
        in_place=False,
        file=office.originals.path(sha256),
        sha256=hashlib.sha256(said).hexdigest(),
        size=len(said),
        at=office.clock(),
        today=office.today(),
        examined={"imprint": {"serial": ""}, "values": {}, "how": "act"},
    )
    follow(office, record(office, drop, lambda one: perform(office, request, one)))
    answered = office.journal.read(f"depot/{claim}")[0].event
    if not isinstance(answered, DropAnswered):
        raise TypeError("a receipt is a DropAnswered")
    return answered


def follow(office: Office, streams: tuple[str, ...]) -> None:
    """Advance these streams, and what they move, until nothing moves.

    One that the watch’s own workers take meanwhile is left to them.
    """
    waiting = list(dict.fromkeys(streams))
    while waiting:
        try:
            moved = work.advance(office, waiting.pop(0))
        except TakenOver:
            continue
        waiting += [s for s in moved if s not in waiting]
