"""What is done once a day: what was written after its answer, copies that lack, what is past its
term, the journal’s anchor."""

from watch.doors import claims
from watch.keeping import copies, purging, retention
from watch.office import Office
from watch.share import anchoring


def show(office: Office) -> None:
    """Do it all; the anchor last, since its time-stamp may have to be asked for again."""
    claims.late(office.workspace)
    copies.complete(office)
    if office.settings.retention.automatic:
        purging.purge(office, retention.due(office))
    anchoring.show(office)
