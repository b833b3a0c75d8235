"""The folders people see and the private side beside them: names and places, nothing else.

The space named on the command line is the share. The database, originals and keys live outside it,
by default in « <space>.prive » next to it.
"""

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casefiles.errors import SettingsError
from watch.share.naming import free_name, is_passing, safe_name

__all__ = ["KEPT_ASIDE", "TO_FILL", "Workspace", "free_name", "is_passing", "locate", "safe_name"]

PRIVATE_VARIABLE = "PARCHEMIN_PRIVATE"
TO_FILL = "À remplir"
# What anyone checks a parchemin with: the page, the keys, the withdrawals.
CHECKING = (
    "Vérifier un parchemin.html",
    "Clés publiques des parchemins.json",
    "Parchemins retirés.jws",
)
# The journal a space had before it moved to another database begins so, on the private side.
KEPT_ASIDE = "journal-avant-le-"


class ShareAway(OSError):
    """The share is not mounted, or another stands in its place."""


@dataclass(frozen=True)
class Workspace:
    """A share and its private side, both absolute."""

    share: Path
    private: Path

    @property
    def drop_here(self) -> Path:
        """Where people drop anything."""
        return self.share / "1 À déposer ici"

    @property
    def cases(self) -> Path:
        """One folder per case in progress."""
        return self.share / "2 Dossiers en cours"

    @property
    def expected(self) -> Path:
        """The inscriptions of the candidates a list announced; one folder for them all."""
        return self.cases / "Préinscriptions"

    @property
    def to_correct(self) -> Path:
        """What could not be taken, each beside its reason."""
        return self.share / "3 À corriger"

    @property
    def juries(self) -> Path:
        """One folder per session of a jury; restricted."""
        return self.share / "4 Jurys"

    @property
    def done(self) -> Path:
        """The cases that came to their end."""
        return self.share / "5 Terminés"

    @property
    def blanks(self) -> Path:
        """Forms to start from."""
        return self.share / "Formulaires vierges"

    @property
    def office(self) -> Path:
        """Where the office alone drops its acts; restricted."""
        return self.share / "Bureau"

    @property
    def receipts(self) -> Path:
        """One receipt per dropped file."""
        return self.share / "Accusés de réception"

    @property
    def read_me(self) -> Path:
        """What the staff reads first."""
        return self.share / "LISEZ-MOI.txt"

    @property
    def board(self) -> Path:
        """All the cases at a glance."""
        return self.share / "TABLEAU.html"

    @property
    def at_the_top(self) -> frozenset[str]:
        """The names of the files that stand at the top of the share, all ours."""
        return frozenset((self.read_me.name, self.board.name, *CHECKING))

    @property
    def visible(self) -> tuple[Path, ...]:
        """Every folder people see."""
        return (
            self.drop_here,
            self.cases,
            self.to_correct,
            self.juries,
            self.done,
            self.blanks,
            self.office,
            self.receipts,
        )

    @property
    def hidden(self) -> Path:
        """What the daemon keeps on the share: claims in progress, the space’s identity."""
        return self.share / ".parchemin"

    @property
    def claims(self) -> Path:
        """Dropped files being taken in."""
        return self.hidden / "en-cours"

    @property
    def ended(self) -> Path:
        """Files already answered that another machine may still be writing."""
        return self.hidden / "finis"

    @property
    def staging(self) -> Path:
        """Files being written before they appear."""
        return self.hidden / "atelier"

    @property
    def identity_file(self) -> Path:
        """Which private side this share belongs to."""
        return self.hidden / "espace.json"

    @property
    def holder_file(self) -> Path:
        """Who watches the share now."""
        return self.hidden / "veille.json"

    @property
    def astray_file(self) -> Path:
        """What lies where nobody takes it, as it was last looked at; may be lost at any time."""
        return self.hidden / "egares.json"

    @property
    def settings_file(self) -> Path:
        """The settings."""
        return self.private / "parchemin.toml"

    @property
    def journal_file(self) -> Path:
        """The journal, unless the settings name another database."""
        return self.private / "journal.sqlite"

    @property
    def originals(self) -> Path:
        """Every byte received or made."""
        return self.private / "originals"

    @property
    def keys(self) -> Path:
        """Seal and certifier keys, trusted authorities."""
        return self.private / "keys"

    @property
    def imprint_key(self) -> Path:
        """The secret of the prints’ keyed check: 32 bytes."""
        return self.private / "imprint.key"

    @property
    def anchors(self) -> tuple[Path, Path]:
        """Where the journal’s end is anchored each day: on the private side, and on the share."""
        return self.private / "ancres", self.hidden / "ancres"

    @property
    def copies(self) -> Path:
        """A copy of each stream, as lines, unless the settings name another folder."""
        return self.private / "journaux-des-dossiers"

    @property
    def logs(self) -> Path:
        """Logs, without personal data."""
        return self.private / "journaux"

    @property
    def scratch(self) -> Path:
        """Where our own documents are made before they are kept."""
        return self.private / "travail"

    @property
    def familiar_file(self) -> Path:
        """Which « À remplir » hold nothing new; may be lost at any time."""
        return self.private / "regards.sqlite"

    @property
    def lock_file(self) -> Path:
        """Held by the one daemon of the space."""
        return self.private / "verrou"

    @property
    def private_identity_file(self) -> Path:
        """The same identity as on the share, kept here."""
        return self.private / "espace.json"

    @property
    def id(self) -> str:
        """The space’s own id, the same on its share and on its private side."""
        found = identity(self.private_identity_file)
        if found is None:
            raise SettingsError(
                f"« {self.share} » n’a pas été préparé, ou son côté privé n’est pas là.",
                "Lancez « parchemin init », ou vérifiez que les deux sont là sur cette machine.",
            )
        return found

    def within(self, path: Path) -> str:
        """The path as people read it: from the share, with « / »."""
        return path.relative_to(self.share).as_posix()

    def is_present(self) -> bool:
        """Whether the share is there and is this space’s.

        A share that was unmounted, or came back empty, must never read as « everything was
        deleted »: its identity file is missing then.
        """
        mine = identity(self.private_identity_file)
        return mine is not None and identity(self.identity_file) == mine

    def must_be_present(self) -> None:
        """ShareAway when it is not: nothing may be concluded from what is not seen, nor written."""
        if not self.is_present():
            raise ShareAway(errno.ENOTCONN, "le partage n’est pas là")


def locate(
    space: Path, private: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Workspace:
    """The workspace of that share; the private side as told, by PARCHEMIN_PRIVATE, or beside it.

    SettingsError when the private side would stand inside the share, or the share inside it.
    """
    share = Path(os.path.abspath(space))
    told = private or (Path(named) if (named := environment.get(PRIVATE_VARIABLE)) else None)
    side = Path(os.path.abspath(told)) if told else share.with_name(f"{share.name}.prive")
    if side.resolve().is_relative_to(share.resolve()) or share.resolve().is_relative_to(
        side.resolve()
    ):
        raise SettingsError(
            f"Le côté privé « {side} » et le partage « {share} » sont l’un dans l’autre : "
            "les clés seraient à la portée de tous.",
            "Choisissez un dossier hors du partage (option --private).",
        )
    return Workspace(share, side)


def identity(file: Path) -> str | None:
    """The space’s id that file tells; None when it tells none."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told.get("espace") if isinstance(told, dict) else None
