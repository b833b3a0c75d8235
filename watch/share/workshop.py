"""Where the holder of a stream prepares what the share is to show; gone once another has taken it.

A file reaches the share by being moved out of here, and leaves it by being moved in. Whoever takes
a stream first does away with the workshop of whoever held it: at that instant a late worker can no
longer put anything in place, nor take anything away, however little was left for it to do.
"""

import errno
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from watch.share import publication


class Workshop:
    """The workshop of one hold, under the share’s `staging`; made when it is first needed.

    must_hold: raises when the stream is no longer held.
    """

    def __init__(
        self, staging: Path, stream: str, token: str, must_hold: Callable[[], object]
    ) -> None:
        self._place = staging / f"{_name(stream)}-{token[:16]}"
        self._must_hold = must_hold
        self._made = False

    @property
    def folder(self) -> Path:
        """The folder; FileNotFoundError from whatever uses it once the stream was taken over."""
        if not self._made:
            self._made = True
            # No parents: where the share was mounted, nothing is made while it is away.
            self._place.parent.mkdir(exist_ok=True)
            self._place.mkdir()
            # Whoever takes the stream from now on finds this folder.
            self._must_hold()
        return self._place

    def leave(self) -> None:
        """Put away one’s own workshop, empty but for what an error left half done."""
        if self._made and self._place.is_dir():
            with suppress(OSError):
                self._place.rmdir()


def others(staging: Path, stream: str) -> Iterator[Path]:
    """The workshops that earlier holders of that stream have left, or work in still."""
    yield from staging.glob(f"{_name(stream)}-*")


def left(staging: Path) -> Iterator[Path]:
    """Every workshop there, whosever it is."""
    yield from (one for one in sorted(staging.glob("*-*")) if one.is_dir())


def do_away_with(place: Path, inbox: Path) -> int:
    """End what is half done there and remove the folder; how many people’s files were found."""
    found = 0
    while place.is_dir():
        found += publication.tidy(place, inbox)
        try:
            place.rmdir()
        except FileNotFoundError:
            break
        except OSError as error:
            # Its owner may have put one more file there: then once more.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
    return found


def _name(stream: str) -> str:
    return hashlib.sha256(stream.encode()).hexdigest()[:24]
