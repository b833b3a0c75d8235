"""The composition root: one space opened, with its journal, originals, certifications and keys.

Everything that works on a space receives an `Office`; what is costly (keys, certifications) is
loaded once, when first needed.
"""

import base64
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from casefiles import store
from casefiles.certification import Certification
from casefiles.errors import CertificationError, SettingsError, TakenOver, UnreadableFile
from casefiles.journal import Journal
from casefiles.originals import Originals
from casefiles.projection import Projection
from templates import catalog
from watch import keyring
from watch.common_store import originals_of
from watch.confinement.inquiry import inquire
from watch.lost_base import must_not_be_lost
from watch.settings import Settings
from watch.share.workshop import Workshop, do_away_with, others
from watch.share.workspace import Workspace

if TYPE_CHECKING:
    from signing.credential.keys import CodeKey
    from signing.fetching import Fetcher
    from signing.keys import Key
    from signing.report import Level
    from signing.timestamps import TimestampService
    from signing.trust import Trust
    from watch.confinement.sandbox import Sandbox

Clock = Callable[[], datetime]


class SignatureOptions(TypedDict):
    """What `signing.pades.sign` is told of the level asked for."""

    level: "Level"
    timestamper: "TimestampService | None"
    trust: "Trust"
    fetcher: "Fetcher"
    or_lower: bool


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
    _faces: dict[str, dict[str, Any]] = field(default_factory=dict)
    _keys: dict[str, "tuple[Key, datetime]"] = field(default_factory=dict)
    _workshops: list[Workshop] = field(default_factory=list)

    @contextmanager
    def working_on(self, stream: str) -> Iterator[None]:
        """Work on that stream alone: whoever did until now may neither commit nor publish any more.

        TakenOver when another takes it in its turn; ShareAway when there is no share.
        """
        self.workspace.must_be_present()
        holds, staging = self.journal.holds, self.workspace.staging
        with holds.taking(stream) as token:
            for place in others(staging, stream):
                do_away_with(place, self.workspace.drop_here)
            workshop = Workshop(staging, stream, token, holds.must_hold)
            self._workshops.append(workshop)
            try:
                yield
            except (TakenOver, FileNotFoundError):
                # A workshop that another did away with reads as a file that is not there.
                holds.must_have_held()
                raise
            finally:
                self._workshops.pop()
                workshop.leave()

    @contextmanager
    def working_on_all(self, streams: Iterable[str]) -> Iterator[None]:
        """The same for several streams, taken in their order."""
        with ExitStack() as held:
            for stream in sorted(streams):
                held.enter_context(self.working_on(stream))
            yield

    @property
    def staging(self) -> Path:
        """Where files are prepared before the share shows them."""
        return self._workshops[-1].folder if self._workshops else self.workspace.staging

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

    def examine(self, file: Path, *, sealed: str = "") -> dict[str, Any]:
        """What a foreign file holds, read in the sandbox; UnreadableFile says why it cannot be.

        « evidence »: the revocation answers that were asked for, kept under those SHA-256.

        sealed: the SHA-256 of the volume of ours it begins with: it earns more room, and only what
        was added to it is analysed.
        """
        limits = self.settings.limits
        found, kept = inquire(
            self.sandbox,
            "examine",
            file,
            limits.packs if sealed else limits.unknown,
            fetcher=self.fetcher,
            keep=lambda content: self.originals.path(self.originals.put(content)),
            trust=[str(path) for path in self.settings.trust.authorities],
            lists=[str(path) for path in self._lists],
            sealed=str(self.originals.path(sealed)) if sealed else None,
            at=self.clock().isoformat(),
        )
        found["evidence"] = [path.parent.name + path.name for path in kept]
        return found

    @property
    def fetcher(self) -> "Fetcher":
        """Asks about revocations, where the settings and our authorities allow, read anew."""
        from signing import revocation, trust
        from signing.fetching import Fetcher

        trusted = trust.load(self.settings.trust.authorities)
        return Fetcher(self.settings.trust.hosts, revocation.hosts_of(trusted))

    @property
    def _lists(self) -> list[Path]:
        from signing.trusted_lists import files

        folder = self.settings.trust.lists
        return files(folder) if folder is not None else []

    def read_pages(
        self, sha256: str, prints: Iterable[str], also: Iterable[str] = ()
    ) -> dict[str, Any]:
        """What the pages of a kept file say, read in the sandbox; `Returned` as JSON.

        prints: the prints they may be, as issued; also: earlier files, for pages this one lacks.
        All are named by their SHA-256.
        """
        return self.sandbox.run(
            "returned",
            self.originals.path(sha256),
            self.settings.limits.of_pages(),
            prints=[str(self.originals.path(one)) for one in prints],
            also=[str(self.originals.path(one)) for one in also],
        )

    def face(self, sha256: str) -> dict[str, Any]:
        """What a form of ours shows beside its answers; the same bytes are looked at once."""
        from forms.faces import face

        if sha256 not in self._faces:
            # From memory: qpdf would take what a bad disk does not give for another drawing.
            self._faces[sha256] = face(self.originals.get(sha256))
        return self._faces[sha256]

    def reproduce(self, sha256: str, first: int) -> dict[str, Any]:
        """A kept foreign file’s pages from number `first` on, as pictures and words.

        {"count", "pages", "acts"}, as the task « reproduced » says; UnreadableFile when it cannot
        be drawn.
        """
        return self.sandbox.run(
            "reproduced", self.originals.path(sha256), self.settings.limits.of_pages(), first=first
        )

    def unwrap(self, sha256: str) -> Iterator[tuple[str, tuple[str, ...], bytes]]:
        """The name, folders and bytes of each file inside a kept archive or message.

        UnreadableFile says why not.
        """
        limits = self.settings.limits
        bounds = limits.wrapped
        first, count = 0, 1
        while first < count:
            found = self.sandbox.run(
                "unwrapped",
                self.originals.path(sha256),
                limits.unknown,
                first=first,
                pieces=bounds.pieces,
                size=bounds.size_mb * 1_000_000,
                depth=bounds.depth,
            )
            if not found["pieces"]:
                raise UnreadableFile(
                    "Cet envoi ne s’ouvre pas entièrement.", "Déposez ses documents."
                )
            count, first = found["count"], first + len(found["pieces"])
            for piece in found["pieces"]:
                folders = tuple(piece["folders"])
                yield piece["name"], folders, base64.b64decode(piece["data"])

    def compare(self, sealed: str, returned: str) -> dict[str, Any]:
        """What a returned file adds to what we sealed; both named by their SHA-256."""
        return self.sandbox.run(
            "compare_with_seal",
            self.originals.path(returned),
            self.settings.limits.packs,
            sealed=str(self.originals.path(sealed)),
        )

    @property
    def scratch(self) -> Path:
        """A private folder for files on their way to being signed."""
        return self.workspace.scratch

    def offered(self) -> tuple[str, ...]:
        """The codes of the certifications candidates may be enrolled on here."""
        folder = self.settings.certifications_folder
        return tuple(
            code
            for code in catalog.codes(folder)
            if self.settings.offers(code, example=catalog.load(code, folder).example)
        )

    @cached_property
    def imprint_key(self) -> bytes:
        """The key of the prints’ keyed check."""
        return self.workspace.imprint_key.read_bytes()

    def new_serial(self) -> str:
        """A fresh serial for a print: ten letters and digits."""
        return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(10))

    @property
    def seal_key(self) -> "Key":
        """The organisation’s key, loaded once and asked about each day.

        SettingsError when there is none.
        """
        return self._key("seal", "le cachet de l’organisme")

    @property
    def certifier_key(self) -> "Key | None":
        """The certifier’s key, when the settings hold it by recorded delegation."""
        if self.settings.keys.certifier is None:
            return None
        return keyring.signs_as_a_person(self._key("certifier", "la clé du certificateur"))

    @property
    def certifier_seal_key(self) -> "Key | None":
        """The certifier’s seal, put beside its signatory’s signature and never in its place."""
        if self.settings.keys.certifier_seal is None or self.certifier_key is None:
            return None
        return keyring.seals(self._key("certifier_seal", "le cachet du certificateur"))

    @cached_property
    def code_key(self) -> "CodeKey":
        """The key of the parchemins’ codes; made here for a space older than they are."""
        from signing.credential.keys import load_or_make

        return load_or_make(self.workspace.keys, at=self.clock())

    def signature_options(self, document: str) -> "SignatureOptions":
        """Level, time-stamp and trust for that document, as the settings ask."""
        from signing import timestamps, trust

        level = self.settings.signatures.level_of(document)
        address = self.settings.trust.tsa
        if level != "B-B" and not address:
            raise SettingsError(
                f"Le niveau {level} demande un service d’horodatage, et aucun n’est réglé.",
                "Renseignez « horodatage » sous [confiance], ou revenez au niveau B-B.",
            )
        return {
            "level": level,
            "timestamper": timestamps.TimestampService(address)
            if address and level != "B-B"
            else None,
            "trust": trust.load(self.settings.trust.authorities),
            "fetcher": self.fetcher,
            # The level reached is said, and what lacks stays among the open steps.
            "or_lower": True,
        }

    def _key(self, name: str, words: str) -> "Key":
        from signing.trust import load

        held = getattr(self.settings.keys, name)
        if held is None:
            raise SettingsError(
                f"Les réglages n’indiquent pas {words}.",
                f"Renseignez [{keyring.SECTIONS[name]}] dans {self.workspace.settings_file.name}.",
            )
        at = self.clock()
        key, asked = self._keys.get(name, (None, at))
        if key is None or abs(at - asked) > keyring.ASKED_FOR:
            key = key or keyring.load(held, name, share=self.workspace.share, at=at)
            known = load(self.settings.trust.authorities)
            keyring.not_revoked(key, known, self.fetcher, at=at)
            self._keys[name] = (key, at)
            keyring.note_the_end(name, key, at=at)
        return key


def open_office(workspace: Workspace, *, clock: Clock = now, remade: bool = False) -> Office:
    """Open a space made by `parchemin init`; SettingsError when it is not one.

    JournalDamaged when its database was lost, unless it is about to be `remade`.
    """
    from watch.confinement.sandbox import Sandbox
    from watch.settings import load_settings

    settings = load_settings(workspace.settings_file)
    _known_codes(workspace, settings)
    originals = originals_of(workspace, settings.originals_folder)
    archived: dict[str, Certification] = {}

    def certification_of(fingerprint: str) -> Certification:
        if fingerprint not in archived:
            archived[fingerprint] = catalog.from_canonical(originals.get(fingerprint))
        return archived[fingerprint]

    engine = store.open_engine(settings.database or store.sqlite_url(workspace.journal_file))
    if not remade:
        must_not_be_lost(engine, settings.copies_folder or workspace.copies)
    journal = Journal(engine, Projection(certification_of), clock)
    journal.bring_up_to_date()
    return Office(
        workspace=workspace,
        settings=settings,
        journal=journal,
        originals=originals,
        sandbox=Sandbox(),
        clock=clock,
        _archived=archived,
    )


def _known_codes(workspace: Workspace, settings: "Settings") -> None:
    """SettingsError when a certification of the settings is none: it would be missed in silence."""
    from watch.settings_faults import line_of

    known = catalog.codes(settings.certifications_folder)
    for code in settings.certifications:
        if code in known:
            continue
        file = workspace.settings_file
        line = line_of(file.read_text(encoding="utf-8"), ["certifications"])
        raise SettingsError(
            f"{file.name}, ligne {line} : « {code} » n’est le code d’aucune certification.",
            f"Codes connus : {', '.join(known)}. Le fichier d’une certification à vous va dans "
            "« dossier_certifications », sous le nom de son code.",
        )
