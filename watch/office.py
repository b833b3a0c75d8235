"""The composition root: one space opened, with its journal, originals, certifications and keys.

Everything that works on a space receives an `Office`; what is costly (keys, certifications) is
loaded once, when first needed.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casefiles import store
from casefiles.certification import Certification
from casefiles.errors import CertificationError, SettingsError
from casefiles.journal import Journal
from casefiles.originals import Originals
from casefiles.projection import Projection
from templates import catalog
from watch.settings import Settings
from watch.workspace import Workspace

if TYPE_CHECKING:
    from signing.keys import Key
    from watch.sandbox import Sandbox

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Office:
    """One open space. `sandbox` opens foreign files; `clock` gives aware times."""

    workspace: Workspace
    settings: Settings
    journal: Journal
    originals: Originals
    sandbox: "Sandbox"
    clock: Clock = now
    _archived: dict[str, Certification] = field(default_factory=dict)

    def today(self) -> date:
        """The calendar day where the office is."""
        return self.clock().astimezone().date()

    def certification(self, code: str) -> Certification:
        """The certification as it stands today; CertificationError when there is none."""
        return catalog.load(code, self.settings.certifications_folder)

    def certification_of(self, fingerprint: str) -> Certification:
        """The certification a case began under, from the archive."""
        if fingerprint not in self._archived:
            self._archived[fingerprint] = catalog.from_canonical(self.originals.get(fingerprint))
        return self._archived[fingerprint]

    def printed_certification(self, code: str, fingerprint: str) -> Certification:
        """The version a form was printed from, or today’s when that print was never archived."""
        try:
            return self.certification_of(fingerprint)
        except (CertificationError, OSError, KeyError):
            return self.certification(code)

    def archive_certification(self, certification: Certification) -> str:
        """Keep the version; its fingerprint is the address it is kept under."""
        self._archived[certification.fingerprint] = certification
        return self.originals.put(certification.canonical())

    def examine(self, file: Path) -> dict[str, Any]:
        """What a foreign file holds, read in the sandbox; UnreadableFile says why it cannot be."""
        return self.sandbox.run(
            "examine",
            file,
            self.settings.limits.unknown,
            trust=[str(path) for path in self.settings.trust.authorities],
        )

    def compare(self, sealed: str, returned: str) -> dict[str, Any]:
        """What a returned file adds to what we sealed; both named by their SHA-256."""
        return self.sandbox.run(
            "compare_with_seal",
            self.originals.path(returned),
            self.settings.limits.packs,
            sealed=str(self.originals.path(sealed)),
        )

    @cached_property
    def imprint_key(self) -> bytes:
        """The key of the prints’ keyed check."""
        return self.workspace.imprint_key.read_bytes()

    def new_serial(self) -> str:
        """A fresh serial for a print: ten letters and digits."""
        return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(10))

    @cached_property
    def seal_key(self) -> "Key":
        """The organisation’s key, loaded and checked once; SettingsError when there is none."""
        return self._key("seal", "le cachet de l’organisme")

    @cached_property
    def certifier_key(self) -> "Key | None":
        """The certifier’s key, when the settings hold it by recorded delegation."""
        if self.settings.keys.certifier is None:
            return None
        return self._key("certifier", "la clé du certificateur")

    def _key(self, name: str, words: str) -> "Key":
        from signing.keys import load, passphrase_from_file

        held = getattr(self.settings.keys, name)
        if held is None:
            raise SettingsError(
                f"Les réglages n’indiquent pas {words}.",
                f"Renseignez [keys.{name}] dans {self.workspace.settings_file.name}.",
            )
        return load(held.file, passphrase_from_file(held.passphrase_file), at=self.clock())


def open_office(workspace: Workspace, *, clock: Clock = now) -> Office:
    """Open a space made by `parchemin init`; SettingsError when it is not one."""
    from watch.sandbox import Sandbox
    from watch.settings import load_settings

    settings = load_settings(workspace.settings_file)
    originals = Originals(workspace.originals)
    archived: dict[str, Certification] = {}

    def certification_of(fingerprint: str) -> Certification:
        if fingerprint not in archived:
            archived[fingerprint] = catalog.from_canonical(originals.get(fingerprint))
        return archived[fingerprint]

    engine = store.open_engine(settings.database or store.sqlite_url(workspace.journal_file))
    return Office(
        workspace=workspace,
        settings=settings,
        journal=Journal(engine, Projection(certification_of), clock),
        originals=originals,
        sandbox=Sandbox(),
        clock=clock,
        _archived=archived,
    )
