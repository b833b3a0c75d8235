"""What the office may choose, read from parchemin.toml; it opens no key.

The file speaks French, the program English: each setting bears its French name as an alias. Paths
are told from the folder of the file. Durations are seconds, sizes millions of bytes.
"""

import re
import tomllib
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from casefiles.errors import SettingsError
from watch.settings_faults import PROOFS, explain, miscoded, miswritten

ProofWord = Literal["signature", "seal", "paper", "none"]
Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]


def _from_the_file(path: Path, info: ValidationInfo) -> Path:
    base = (info.context or {}).get("base")
    return base / path.expanduser() if base is not None else path


def _english_proof(word: Any) -> Any:
    return PROOFS.get(word, word) if isinstance(word, str) else word


Place = Annotated[Path, AfterValidator(_from_the_file)]
Proof = Annotated[ProofWord, BeforeValidator(_english_proof)]
Fingerprint = Annotated[
    str,
    BeforeValidator(lambda v: re.sub(r"[\s:]", "", v).lower() if isinstance(v, str) else v),
    Field(pattern=r"^[0-9a-f]{64}$"),
]


class Part(BaseModel):
    """Base of every part of the settings: frozen, nothing unknown, French or English names."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True
    )


class Organisation(Part):
    """The organisme de formation, as its letters and seals name it."""

    name: str = Field("Organisme de formation", alias="nom", min_length=1)
    address: str = Field("", alias="adresse")
    town: str = Field("", alias="ville")
    declaration: str = Field("", alias="declaration_activite")
    siret: str = ""
    email: str = Field("", alias="courriel")
    phone: str = Field("", alias="telephone")


class Inbox(Part):
    """When a dropped file is taken."""

    settling: float = Field(5.0, alias="repos", ge=0, le=3600)
    rescan: float = Field(60.0, alias="balayage", gt=0, le=3600)


class Cost(Part):
    """The most a foreign file may cost: megabytes of file, seconds (wall and CPU), megabytes."""

    size_mb: int = Field(25, alias="poids", gt=0)
    seconds: float = Field(10.0, alias="duree", gt=0)
    memory_mb: int = Field(1024, alias="memoire", ge=128)


class Limits(Cost):
    """And what it may unfold into: pages, those looked at in one go, megabytes of one stream,
    millions of points of a picture."""

    pages: int = Field(200, gt=0)
    sheets: int = Field(40, alias="feuilles", gt=0)
    stream_mb: int = Field(64, alias="flux", gt=0)
    picture_millions: int = Field(60, alias="image", gt=0)

    def bounds(self) -> dict[str, int]:
        """As `forms.bounds.Bounds` takes them."""
        return {
            "pages": self.pages,
            "sheets": self.sheets,
            "stream": self.stream_mb * 1_000_000,
            "picture": self.picture_millions * 1_000_000,
        }


class Wrapping(Part):
    """The most an archive or a message may hold: documents, megabytes in all, nested wrappings."""

    pieces: int = Field(100, alias="documents", gt=0)
    size_mb: int = Field(60, alias="poids", gt=0)
    depth: int = Field(3, alias="niveaux", gt=0)


class LimitsByKind(Part):
    """Limits, by what the file is recognised as: unknown, pages of ours, sealed, or a wrapping."""

    unknown: Limits = Field(Limits(), alias="inconnu")
    pages: Cost = Cost(seconds=60.0)
    wrapped: Wrapping = Field(Wrapping(), alias="envois")
    packs: Limits = Field(
        Limits(size_mb=400, seconds=60.0, memory_mb=2048, pages=5000, stream_mb=256),
        alias="dossiers_de_jury",
    )

    def of_pages(self) -> Limits:
        """Those of pages of ours: they may cost more than an unknown file, and unfold as much."""
        return self.unknown.model_copy(update=self.pages.model_dump())


class Work(Part):
    """How the work is done: processes, and seconds before each new try of a failed step.

    queue: the PostgreSQL address of the queue shared with other machines; "" for our own workers.
    """

    workers: int = Field(2, alias="processus", ge=1, le=64)
    retries: tuple[float, ...] = Field(
        (30.0, 120.0, 600.0, 3600.0, 21600.0), alias="reprises", min_length=1
    )
    worker_memory_mb: int = Field(800, alias="memoire_processus", ge=200)
    queue: str = Field("", alias="file_commune")


class HeldKey(Part):
    """A PKCS#12 file, or a key on a PKCS#11 token; and where its passphrase (or PIN) is found.

    Without a file for it, the passphrase is in the environment, under `passphrase_variable`: a
    service manager puts it there, or « parchemin watch » asks for it as it starts.
    """

    file: Place | None = Field(None, alias="fichier")
    library: Place | None = Field(None, alias="bibliotheque")
    token: str = Field("", alias="jeton")
    label: str = Field("", alias="cle")
    passphrase_file: Place | None = Field(None, alias="phrase")
    passphrase_variable: str = Field("", alias="phrase_variable", pattern=r"^[A-Z_][A-Z0-9_]*$|^$")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        on_token = bool(self.library and self.token and self.label)
        if (self.file is not None) == on_token or (self.library is not None) != on_token:
            raise ValueError(
                "doit indiquer soit « fichier » (PKCS#12), soit « bibliotheque », « jeton » "
                "et « cle » (PKCS#11)"
            )
        return self


class DelegatedKey(HeldKey):
    """The certifier’s key, held here by a delegation that is written down."""

    delegated_by: str = Field(alias="delegation_de", min_length=1)
    delegated_on: date = Field(alias="delegation_du")


class Keys(Part):
    """The keys this office signs with; the certifier’s seal only beside its signatory’s name."""

    seal: HeldKey | None = Field(None, alias="cachet")
    certifier: DelegatedKey | None = Field(None, alias="certificateur")
    certifier_seal: HeldKey | None = Field(None, alias="cachet_certificateur")


class KnownSigner(Part):
    """A person whose certificate the office has checked once and for all."""

    name: str = Field(alias="nom")
    fingerprint: Fingerprint = Field(alias="empreinte")


class Trust(Part):
    """Whom signatures are believed from, and who gives the time."""

    authorities: tuple[Place, ...] = Field((), alias="autorites")
    signers: tuple[KnownSigner, ...] = Field((), alias="signataires")
    certifiers: tuple[KnownSigner, ...] = Field((), alias="certificateurs")
    tsa: str = Field("", alias="horodatage", pattern=r"^(https?://\S+)?$")
    hosts: tuple[str, ...] = Field((), alias="machines")
    lists: Place | None = Field(None, alias="listes")


class Signatures(Part):
    """The level of the signatures we make, by document: « pv », « parchemin », « pieces »…"""

    level: Level = Field("B-B", alias="niveau")
    levels: dict[str, Level] = Field({}, alias="niveaux")

    def level_of(self, document: str) -> Level:
        """The level asked for that document; attestations and duplicates follow the parchemin."""
        like = "parchemin" if document in {"attestation", "duplicata"} else document
        return self.levels.get(document, self.levels.get(like, self.level))


class Proofs(Part):
    """The proofs accepted per form, and what an unknown certificate leads to."""

    inscription: tuple[Proof, ...] = ("none", "signature", "paper")
    modalites: tuple[Proof, ...] = ("none", "signature", "paper")
    grille: tuple[Proof, ...] = ("none", "signature", "paper")
    avis: tuple[Proof, ...] = ("signature", "paper")
    emargement: tuple[Proof, ...] = ("signature", "paper")
    unknown_signer: Literal["a_confirmer", "refuser"] = Field(
        "a_confirmer", alias="signataire_inconnu"
    )

    @model_validator(mode="after")
    def _signed_or_by_hand(self) -> Self:
        # Who does not sign the sheet signs the PV: nobody sits without one or the other.
        if not {"signature"} <= set(self.emargement) <= {"signature", "paper"}:
            raise ValueError(
                "doit accepter « signature » pour « emargement », et « papier » s’il le faut ; "
                "rien d’autre ne tient lieu de la signature d’un membre du jury"
            )
        return self

    def accepted(self, form: str) -> tuple[ProofWord, ...]:
        """The proofs accepted for a form, named as on the command line."""
        found: tuple[ProofWord, ...] = getattr(self, form, ("none", "signature", "paper"))
        return found


class Letters(Part):
    """The letters an organisation restyles in Word, and when they are prepared.

    remind_after: days without any movement before a relance prepares itself, 0 for never; minutes:
    how long a session keeps its members; addresses: e-mail addresses of people no form gives.
    """

    folder: Place | None = Field(None, alias="dossier")
    format: Literal["pdf", "docx"] = "pdf"
    remind_after: int = Field(21, alias="relance_apres", ge=0, le=365)
    minutes: int = Field(180, alias="duree_jury", gt=0, le=1440)
    addresses: dict[str, str] = Field({}, alias="adresses")


class Retention(Part):
    """Years each kind of file is kept after its last event, 0 for ever; the defaults are ours.

    documents: years of a form’s documents, by its name, where they leave before the case they are
    in. automatic: whether the watcher purges each day what is past its term, or only says so.
    """

    expected: int = Field(2, alias="preinscriptions", ge=0, le=99)
    drops: int = Field(1, alias="depots", ge=0, le=99)
    abandoned: int = Field(2, alias="abandonnes", ge=0, le=99)
    refused: int = Field(5, alias="sans_certification", ge=0, le=99)
    certified: int = Field(10, alias="certifies", ge=0, le=99)
    sessions: int = Field(10, ge=0, le=99)
    automatic: bool = Field(False, alias="automatique")
    documents: dict[str, Annotated[int, Field(ge=1, le=99)]] = {}

    @field_validator("documents")
    @classmethod
    def _of_our_forms(cls, told: dict[str, int]) -> dict[str, int]:
        if told:
            from casefiles.answers import FORMS

            for name in told.keys() - FORMS.keys():
                raise ValueError(f"nomme « {name} », qui n’est pas un formulaire")
        return told

    def years(self, kind: str) -> int:
        """The years of a kind, by its name in the file."""
        for name, field in Retention.model_fields.items():
            if kind == (field.alias or name):
                return int(getattr(self, name))
        raise KeyError(kind)


class Monitoring(Part):
    """Where the watcher tells this machine, and no other, how it is; port 0 for nowhere."""

    port: int = Field(0, ge=0, le=65535)
    address: str = Field("127.0.0.1", alias="adresse")

    @field_validator("address")
    @classmethod
    def _of_this_machine(cls, told: str) -> str:
        try:
            mine = ip_address(told).is_loopback
        except ValueError:
            mine = False
        if not mine:
            raise ValueError(
                "doit être une adresse de cette machine elle-même, 127.0.0.1 ou ::1 : l’état du "
                "service ne se montre pas au réseau"
            )
        return told


class Register(Part):
    """The register of parchemins: « SERIE-2026-00001 »."""

    series: str = Field("P", alias="serie", pattern=r"^[A-Z0-9]{1,12}$")


class Settings(Part):
    """The whole of parchemin.toml."""

    organisation: Organisation = Field(Organisation(), alias="organisme")
    certifications: tuple[str, ...] = ()
    certifications_folder: Place | None = Field(None, alias="dossier_certifications")
    forms_folder: Place | None = Field(None, alias="dossier_formulaires")
    database: str = Field("", alias="base_de_donnees")
    originals_folder: Place | None = Field(None, alias="dossier_originaux")
    copies_folder: Place | None = Field(None, alias="dossier_copies")
    inbox: Inbox = Field(Inbox(), alias="depot")
    work: Work = Field(Work(), alias="travail")
    limits: LimitsByKind = Field(LimitsByKind(), alias="limites")
    keys: Keys = Field(Keys(), alias="cles")
    trust: Trust = Field(Trust(), alias="confiance")
    signatures: Signatures = Signatures()
    proofs: Proofs = Field(Proofs(), alias="preuves")
    letters: Letters = Field(Letters(), alias="lettres")
    logs: Literal["texte", "json"] = Field("texte", alias="journaux")
    retention: Retention = Field(Retention(), alias="conservation")
    monitoring: Monitoring = Field(Monitoring(), alias="surveillance")
    numbering: Register = Field(Register(), alias="registre")

    @property
    def register(self) -> Register:
        """The register of parchemins (a field of that name would hide one of pydantic’s own)."""
        return self.numbering

    def retry_delay(self, attempt: int) -> float:
        """Seconds to wait after failed attempt 1, 2, 3…"""
        return self.work.retries[min(attempt, len(self.work.retries)) - 1]

    def offers(self, code: str, *, example: bool) -> bool:
        """Whether candidates may be enrolled on that certification here."""
        return code in self.certifications if self.certifications else not example


def load_settings(file: Path) -> Settings:
    """The settings of a file; SettingsError names the setting and its line."""
    try:
        # The oldest Windows notepads begin UTF-8 with a byte-order mark.
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(
            f"Les réglages « {file} » ne sont pas là.",
            "Cet espace n’a peut-être pas été préparé : lancez « parchemin init ».",
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(*miscoded(file.name, error)) from error
    except OSError as error:
        raise SettingsError(
            f"Les réglages « {file} » ne peuvent pas être lus.",
            "Ce doit être un fichier, que le compte de Parchemin a le droit de lire.",
        ) from error
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(*miswritten(file.name, error)) from error
    try:
        return Settings.model_validate(told, context={"base": file.absolute().parent})
    except ValidationError as refused:
        raise SettingsError(*explain(file.name, text, refused)) from refused
