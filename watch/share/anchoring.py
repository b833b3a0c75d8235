"""Each day’s anchor of the journal, time-stamped when a service is set."""

import asyncio
import hashlib

from casefiles import anchors
from watch.office import Office

STREAM = "ancre"


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
