"""The calendar of an office that lives in other years, kept in a file.

Every process of that office looks at the same page. Only the demonstration opens one so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watch.office import Office, now
from watch.office import open_office as open_in_the_present
from watch.share.workspace import Workspace


@dataclass(frozen=True)
class Calendar:
    """A clock as far from ours as `page` says, in seconds; it goes on at the pace of ours."""

    page: Path

    def __call__(self) -> datetime:
        """The present, in that office."""
        return now() + timedelta(seconds=float(self.page.read_text(encoding="ascii")))

    def pass_to(self, year: int, month: int, day: int) -> None:
        """That day, at nine."""
        away = datetime(year, month, day, 9, tzinfo=UTC) - now()
        draft = self.page.with_suffix(".nouveau")
        draft.write_text(f"{away.total_seconds():.0f}", encoding="ascii")
        draft.replace(self.page)


def calendar_of(space: Workspace) -> Calendar:
    """The calendar of that office, beside its keys."""
    return Calendar(space.private / "calendrier")


def open_office(space: Workspace) -> Office:
    """The office, in its own time."""
    return open_in_the_present(space, clock=calendar_of(space))
