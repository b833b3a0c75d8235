"""What anyone checks a parchemin with, on top of the share: the page, the keys, the withdrawals."""

from datetime import date

from casefiles.events import ParcheminWithdrawn
from casefiles.projection import WITHDRAWN
from signing.credential.page import FILE_NAME, edition, page
from signing.credential.withdrawn import Withdrawn, sign_list
from signing.credential.words import KEYS_FILE_NAME
from watch.office import Office
from watch.share.publication import digest, digest_of, make_way, publish

STREAM = "verification"
LIST_FILE_NAME = "Parchemins retirés.jws"


def withdrawals(office: Office) -> dict[str, date]:
    """The numbers withdrawn and since when, as the register says."""
    return {
        one.event.number: one.event.on
        for _, stream in office.journal.bearing(WITHDRAWN)
        for one in office.journal.read(stream)
        if isinstance(one.event, ParcheminWithdrawn)
    }


def show(office: Office) -> None:
    """Put them on the share, when they lack or when what they say has changed.

    The list is signed as soon as a number enters it, and on the first look of each month: an empty
    one says that nothing was withdrawn until its day, which no page without a list can say.
    """
    organisation = office.settings.organisation.name
    keys = office.code_key.published(organisation)
    numbers = withdrawals(office)
    version = f"{FILE_NAME}#{edition(keys)}#{len(numbers)}#{office.today():%Y-%m}"
    names = (FILE_NAME, KEYS_FILE_NAME, LIST_FILE_NAME)
    _, shown = office.journal.published(STREAM)
    share = office.workspace.share
    standing = {name: digest_of(share / name) for name in names}
    expected = {n: shown.get(version if n == FILE_NAME else n) for n in names}
    if standing == expected and None not in expected.values():
        return
    listed = Withdrawn(organisation=organisation, at=office.clock(), numbers=numbers)
    withdrawn = sign_list(listed, office.code_key)
    contents = {
        FILE_NAME: page(keys, withdrawn=withdrawn, made_on=office.today()),
        KEYS_FILE_NAME: keys.text(),
        LIST_FILE_NAME: withdrawn,
    }
    now = {}
    for name in names:
        data = contents[name].encode()
        make_way(share / name)
        publish(
            share / name,
            data,
            staging=office.staging,
            # Whatever stands there is an older state, or was tampered with: nobody works in it.
            replacing=[d for d in (*shown.values(), standing[name]) if d],
        )
        now[version if name == FILE_NAME else name] = digest(data)
    office.journal.note_published(STREAM, 0, now)
