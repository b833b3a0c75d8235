"""Reads files as an ordinary account, limited like the sandbox’s children, in its own process.

    python -m tests.returns.ordinary [--threads] FOLDER

The folder holds `print.pdf`, the form the files are prints of, `photo.heic`, and the files. Exits
0 when all was read but HEIC without threads, refused in words, and no process could be started.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from casefiles.errors import UnreadableFile
from forms.returns.geometry import layout_of
from forms.returns.understanding import preload, understand
from watch.confinement import calls, confine

NOBODY = 65534


def main(folder: Path, *, threads: bool) -> int:
    print_ = layout_of((folder / "print.pdf").read_bytes())
    known = {print_.imprint.serial: print_}
    heic = (folder / "photo.heic").read_bytes()
    files = [one.read_bytes() for one in sorted((folder / "files").iterdir())]
    preload()
    if os.getuid() == 0:  # root may always start a thread
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    confine.give_up_rights()
    confine.limit(seconds=60, memory=1_024_000_000, threads=threads)
    calls.refuse(threads=threads)
    for data in files:
        assert understand(data, known).prints[0].values
    try:
        strangers = understand(heic, known).strangers
    except UnreadableFile as no:
        return 4 if threads or "HEIC" not in no.message else 0
    assert [one.serial for one in strangers] == ["PHOTOHEIC001"]
    with suppress(OSError):
        os.fork()
        os._exit(3)
    return 0 if threads else 3


if __name__ == "__main__":
    *options, place = sys.argv[1:]
    sys.exit(main(Path(place), threads="--threads" in options))
