"""Each day’s anchor of the journal, time-stamped when a service is set."""

import asyncio
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from casefiles import anchors
from casefiles.errors import UnreadableFile
from casefiles.system import open_regular
from watch.office import Office
from watch.share.publication import digest_of

STREAM = "ancre"
_MOST = 1 << 20


def show(office: Office) -> None:
    """Write the day’s anchor where it lacks, then have it time-stamped, once.

    The anchor stands even when the service does not answer; the token is then asked for again.
    """
    at = office.clock()
    file = anchors.drop(office.journal.engine, office.workspace.anchors, at)
    token, address = file.with_suffix(".tst"), office.settings.trust.tsa
    if not address or token.exists():
        return
    from signing.timestamps import TimestampService

    digest = hashlib.sha256(file.read_bytes()).digest()
    stamped = asyncio.run(TimestampService(address).async_timestamp(digest, "sha256"))
    # On the private side last: while it lacks there, it is asked for again.
    for folder in reversed(office.workspace.anchors):
        anchors.write(folder / token.name, stamped.dump())


def faults(office: Office) -> Iterator[str]:
    """What the anchors hold against the journal, and their time-stamps against them, in French.

    Whose time-stamp it is, is for who has the service’s authority: docs/exploitation.md.
    """
    places = office.workspace.anchors
    yield from anchors.faults(office.journal.engine, places)
    for token in sorted(one for folder in places for one in folder.glob("*.tst")):
        anchor = token.with_suffix(".json")
        if (stamped := _stamped(token)) is None or stamped != digest_of(anchor):
            yield (
                f"L’horodatage « {token.name} » de « {token.parent.parent.name} » n’est pas celui "
                "de l’ancre qui est à côté : l’un des deux a été refait."
            )


def _stamped(token: Path) -> str | None:
    """The SHA-256 that a time-stamp attests, hexadecimal; None when it attests none."""
    from asn1crypto import cms

    try:
        with os.fdopen(open_regular(token), "rb") as held:
            said = cms.ContentInfo.load(held.read(_MOST))["content"]
        told = said["encap_content_info"]["content"].parsed
        return bytes(told["message_imprint"]["hashed_message"].native).hex()
    except (UnreadableFile, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # anybody may write on the share
