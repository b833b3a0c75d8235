"""The watcher of an office that lives in other years, started as a process by the demonstration.

The code is the service’s own; only what it takes for the present differs.
"""

import sys
from pathlib import Path

from watch.commands.demo.calendar import calendar_of
from watch.service.daemon import run
from watch.service.worker import Calls
from watch.share.workspace import locate

_OPENER = "watch.commands.demo.calendar:open_office"


def watch(share: str) -> None:
    """As `parchemin watch`, in the office’s own time."""
    space = locate(Path(share))
    run(space, calls=Calls(opener=_OPENER), clock=calendar_of(space))


if __name__ == "__main__":
    watch(sys.argv[1])
