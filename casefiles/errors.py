"""The one root of the errors Parchemin raises on purpose; it knows nothing else of the house.

ParcheminError
├── CertificationError   a certification file that cannot be used
├── UnreadableFile       foreign bytes that could not be opened (a refusal, never a crash)
├── SigningError         a key, certificate or signature that cannot serve
│   └── LevelNotReached  a service did not answer: the proof can be asked for again
├── PackError            a pack that cannot be assembled without losing something
├── JournalConflict      another writer moved the stream first; try again from the new head
├── TakenOver            another worker was given this work meanwhile: leave it to that one
├── StoreAway            the database does not answer now, or takes nothing: it is asked again later
├── JournalDamaged       the chain of hashes does not verify
├── BackupDamaged        a backup, or the copies of the journal, that cannot be used
├── SpaceHeld            another daemon, or another store, holds this space
└── SettingsError        parchemin.toml says something that cannot be
"""


class ParcheminError(Exception):
    """What happened (`message`) and what to do about it (`remedy`), both in French."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class CertificationError(ParcheminError):
    """A certification file that cannot be used; the message names file and line."""


class UnreadableFile(ParcheminError):
    """Foreign bytes that could not be opened or recognised."""


class SigningError(ParcheminError):
    """A key, a certificate or a signature that cannot serve."""


class LevelNotReached(SigningError):
    """A time-stamp or a revocation answer could not be had now; it can be asked for again."""


class PackError(ParcheminError):
    """A pack that cannot be assembled without losing something; names the piece."""


class JournalConflict(ParcheminError):
    """Another writer moved the stream first."""


class TakenOver(ParcheminError):
    """Another worker was given this work: whoever had it before may add nothing more."""


class StoreAway(ParcheminError):
    """The database does not answer now, or takes nothing: no work is at fault, all of it waits."""


class JournalDamaged(ParcheminError):
    """The chain of hashes does not verify; the message names stream and position."""


class BackupDamaged(ParcheminError):
    """A backup that does not hold, or a folder that is none; what stood before it stands."""


class SpaceHeld(ParcheminError):
    """Another daemon, or another store, holds this space; the message names the holder."""


class SettingsError(ParcheminError):
    """parchemin.toml says something that cannot be."""
