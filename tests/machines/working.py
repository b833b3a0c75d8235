"""A worker process for these tests: `parchemin work` with other calls and a shorter patience."""

import json
import logging
import sys
from pathlib import Path

from watch.service.machine import work
from watch.service.worker import Calls
from watch.share.workspace import Workspace

if __name__ == "__main__":
    spaces, calls, silence = sys.argv[1:]
    logging.basicConfig(level="WARNING")
    work(
        [Workspace(Path(share), Path(private)) for share, private in json.loads(spaces)],
        calls=Calls(**json.loads(calls)),
        silence=float(silence),
    )
