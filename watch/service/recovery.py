"""What a death has left half done is ended, before anything else begins.

Only the holder of the space calls this, while none of its own workers is at work. Those of other
machines may be: what they prepare is left to them, or to whoever takes their work over.
"""

import logging
import shutil
from contextlib import suppress

from casefiles.originals import Originals
from watch.share import publication, workshop
from watch.share.workspace import Workspace

log = logging.getLogger("parchemin.recovery")


def tidy(workspace: Workspace, originals: Originals, *, alone: bool = True) -> None:
    """Tidy the workshops of the share, of the private side and of the originals.

    alone: whether nobody else works on this space. OSError when the share or the store fails.
    """
    workspace.must_be_present()
    if not alone:
        return
    found = publication.tidy(workspace.staging, workspace.drop_here)
    for place in workshop.left(workspace.staging):
        found += workshop.do_away_with(place, workspace.drop_here)
    left = originals.tidy()
    for one in workspace.scratch.iterdir() if workspace.scratch.is_dir() else ():
        with suppress(OSError):
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
    if found or left:
        log.warning("recovered: people’s files=%d unfinished copies=%d", found, left)
