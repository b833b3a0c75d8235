"""The commands that work on one file: form, read, sign, verify. Foreign files go to the sandbox."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casefiles.answers import FORMS, Form, Grid
from casefiles.answers.vocabulary import Scope
from casefiles.errors import CertificationError, ParcheminError, SettingsError
from casefiles.proving import FOR_MACHINES, called
from templates import catalog
from watch import keyring
from watch.settings import Settings

if TYPE_CHECKING:
    from signing.report import Level


def copy_letters(folder: Path) -> Iterator[str]:
    """Put our letters and their guide in a folder, over nothing that is already there."""
    from templates import letters

    folder.mkdir(parents=True, exist_ok=True)
    copies = {f"{name}.docx": letters.packaged(name) for name in letters.names()}
    copies["Variables des lettres.txt"] = letters.guide().encode("utf-8-sig")
    for name, data in copies.items():
        target = folder / name
        if target.exists():
            yield f"{name} : déjà là, laissé tel quel."
        else:
            target.write_bytes(data)
            yield f"{name} : copié."
    yield "Indiquez ce dossier dans les réglages : [lettres], dossier = …"


def make_form(name: str, code: str, part: str, output: Path) -> None:
    """Write an unfilled form; ParcheminError when there is none of that name or part."""
    from casefiles.answers.imprint import Imprint
    from casefiles.answers.outline import outline
    from forms.render import make

    form = named_form(name)
    certification = catalog.load(code)
    if form is Grid and not part:
        part = certification.competences[0].id
    known = [one.id for one in certification.competences]
    if form is Grid and part not in known:
        raise ParcheminError(
            f"« {part} » n’est pas une compétence de {certification.code}.",
            f"Choisissez parmi : {', '.join(known)}.",
        )
    scope = Scope(certification=certification, competence=part)
    imprint = Imprint(
        serial="VIERGE",
        form=form.NAME,
        version=form.VERSION,
        part=part,
        certification=certification.code,
        certification_hash=certification.fingerprint,
        form_hash=outline(form, scope).fingerprint,
    )
    data = make(
        form,
        scope,
        imprint=imprint,
        key=b"vierge",
        provisional=certification.provisional,
    )
    output.write_bytes(data)


def named_form(name: str) -> type[Form]:
    """A form by its name (« avis ») or its code (« F6 »)."""
    for form in FORMS.values():
        if name.casefold() in (form.NAME, form.CODE.casefold()):
            return form
    raise ParcheminError(
        f"« {name} » n’est pas un formulaire.",
        f"Choisissez parmi : {', '.join(f'{f.NAME} ({f.CODE})' for f in FORMS.values())}.",
    )


def show_reading(found: dict[str, Any]) -> None:
    """The reading, for a person."""
    from watch.commands.reading import in_words
    from watch.commands.terminal import say, terminal

    console = terminal()
    recognised = found["recognised"]
    if recognised:
        title = FORMS[recognised["form"]].TITLE
        case = f", dossier {recognised['case']}" if recognised["case"] else ""
        console.print(f"[bold]{title}[/bold]{case}")
    elif found["fields"]:
        console.print("Formulaire d’une autre origine : valeurs telles quelles.")
    else:
        console.print(
            "Ce document n’a aucun champ à lire : ce n’est pas un formulaire à remplir. Pour "
            "savoir qui a signé un parchemin ou un procès-verbal : « parchemin verify »."
        )
    for words, answer in in_words(found):
        lines = answer.replace("\n", "\n    ")
        console.print(f"  {words} : {lines}", markup=False, soft_wrap=True)
    for problem in found["problems"]:
        say(console, f"✗ {problem['message']}")


@dataclass(frozen=True, kw_only=True)
class KeyPlace:
    """Where `parchemin sign` finds its key: a PKCS#12 file, or `key` by name on a token."""

    key: str
    library: Path | None = None
    token: str = ""
    passphrase_file: Path | None = None


def sign_file(
    file: Path,
    target: Path,
    field: str,
    place: KeyPlace,
    *,
    reason: str = "",
    level: "Level" = "B-B",
    tsa: str = "",
    trust: tuple[Path, ...] = (),
    machines: tuple[str, ...] = (),
    say: Callable[[str], None],
) -> None:
    """Sign one field, file to file; the passphrase from a file, the environment or a prompt.

    say: is told what the signer should know; of the certificate, before anything is signed.
    """
    from signing import keys, revocation, tokens
    from signing import trust as authorities
    from signing.fetching import Fetcher
    from signing.pades import sign
    from signing.timestamps import TimestampService

    at = datetime.now(UTC)
    if place.library is None and not Path(place.key).is_file():
        raise SettingsError(
            f"La clé « {place.key} » n’est pas là.",
            "Indiquez un fichier PKCS#12 (.p12), ou le pilote du jeton (--library).",
        )
    secret = passphrase(place.passphrase_file)
    if place.library is not None:
        held = tokens.load(place.library, token=place.token, label=place.key, pin=secret, at=at)
    else:
        held = keys.load(Path(place.key), secret, at=at)
    known = authorities.load(trust)
    fetcher = Fetcher(machines, public=revocation.hosts_of(known))
    keyring.not_revoked(held, known, fetcher, at=at)
    for warning in held.warnings:
        say(warning)
    signed = sign(
        file,
        target,
        field=field,
        signer=held,
        reason=reason or None,
        at=at,
        level=level,
        timestamper=TimestampService(tsa) if tsa else None,
        trust=known,
        fetcher=fetcher,
    )
    for warning in signed.warnings[len(held.warnings) :]:
        say(warning)


def passphrase(file: Path | None) -> str:
    """From a file only its owner may read, PARCHEMIN_PASSPHRASE, or a prompt."""
    from getpass import getpass

    from signing.keys import read_passphrase

    if file is not None:
        return read_passphrase(file)
    told = os.environ.get("PARCHEMIN_PASSPHRASE")
    if told is None and not sys.stdin.isatty():
        raise SettingsError(
            "La phrase secrète de la clé n’est dite nulle part, et ne peut pas être demandée ici.",
            "Indiquez le fichier qui la contient (--passphrase-file), ou lancez la commande dans "
            "un terminal.",
        )
    return told if told is not None else getpass("Phrase secrète de la clé : ")


@dataclass(frozen=True, kw_only=True)
class Believed:
    """Whom `parchemin verify` believes: authorities (PEM), a folder of European lists, and the
    machines to ask about revocations besides those the authorities name; of the parchemins’
    organisation, the public keys and the list of withdrawals."""

    trust: tuple[Path, ...] = ()
    lists: Path | None = None
    machines: tuple[str, ...] = ()
    keys: Path | None = None
    withdrawn: Path | None = None


def verify_file(
    file: Path,
    believed: Believed,
    expect: tuple[str, ...],
    *,
    page: Path | None = None,
    xml: Path | None = None,
) -> dict[str, Any]:
    """The report of `verify`, made in the sandbox; written too as a page (PDF) and as ETSI XML."""
    from signing import revocation, trust
    from signing.fetching import Fetcher
    from signing.trusted_lists import files
    from watch.confinement.inquiry import inquire
    from watch.confinement.sandbox import Sandbox

    hosts = revocation.hosts_of(trust.load(believed.trust))
    with tempfile.TemporaryDirectory(prefix="parchemin-reponses-") as kept:

        def keep(content: bytes) -> Path:
            path = Path(kept, hashlib.sha256(content).hexdigest())
            path.write_bytes(content)
            return path

        report, _ = inquire(
            Sandbox(),
            "verify",
            file,
            Settings().limits.packs,
            fetcher=Fetcher(believed.machines, hosts),
            keep=keep,
            trust=[str(path) for path in believed.trust],
            lists=[str(path) for path in files(believed.lists)] if believed.lists else [],
            expect=_expected(expect),
            etsi=xml is not None,
            **_published(believed.keys, believed.withdrawn),
        )
    etsi = report.pop("etsi", "")
    if xml is not None:
        xml.write_text(etsi, encoding="utf-8")
    if page is not None:
        from forms.pages.verification import verification_report

        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        at = datetime.now(UTC)
        page.write_bytes(verification_report(report, name=file.name, sha256=digest, at=at))
    return report


def _expected(told: tuple[str, ...]) -> dict[str, str]:
    expected = {}
    for one in told:
        field, equals, fingerprint = one.rpartition("=")
        if not equals:
            raise SettingsError(
                f"« {one} » ne dit pas qui est attendu.", "Écrivez --expect CHAMP=EMPREINTE."
            )
        expected[field] = fingerprint.lower().replace(":", "")
    return expected


def verify_code(file: Path, keys: Path | None, withdrawn: Path | None) -> dict[str, Any]:
    """The answer about a parchemin’s code, read in the sandbox; UnreadableFile when there is none.

    keys and withdrawn: the files the organisation publishes.
    """
    from watch.confinement.sandbox import Sandbox

    published = _published(keys, withdrawn)
    return Sandbox().run("code", file, Settings().limits.unknown, **published)


def _published(keys: Path | None, withdrawn: Path | None) -> dict[str, str]:
    for given in (keys, withdrawn):
        if given is not None and not given.is_file():
            raise SettingsError(f"« {given} » n’existe pas.", "Vérifiez le chemin donné.")
    return {
        "keys": str(keys.resolve()) if keys else "",
        "withdrawn": str(withdrawn.resolve()) if withdrawn else "",
    }


_VERDICTS = {
    "valid": "VALIDE",
    "invalid": "NON VALIDE",
    "indeterminate": "INDÉTERMINÉ",
    "unsigned": "SANS SIGNATURE",
}


def verdict_code(report: dict[str, Any]) -> int:
    """0 valid, 1 invalid or unsigned, 2 undetermined."""
    return {"valid": 0, "invalid": 1, "unsigned": 1}.get(report["verdict"], 2)


def show_verdict(file: Path, report: dict[str, Any]) -> None:
    """The verdict in plain French."""
    from rich.markup import escape

    from watch.commands.terminal import say, terminal

    console = terminal()
    console.print(f"[bold]{_VERDICTS[report['verdict']]}[/bold] — {escape(file.name)}")
    for signature in report["signatures"]:
        level = f", niveau {signature['level']}" if signature["level"] else ""
        signer = signature["signer"] or "signataire illisible"
        say(console, f"{signature['field']} : {signer}{level}", 2)
        if signature["kind"] != "timestamp" and signature["integrity"] == "intact":
            words = called(
                "signature",
                signature["qualification"] or "",
                signature["timestamp"] or "",
                by_seal=signature["by_seal"],
            )
            say(console, f"{words}.", 4)
        if signature["stated"]:
            say(console, f"Motif écrit par le signataire : « {signature['stated']} »", 4)
        for reason in signature["reasons"]:
            say(console, reason, 4)
    for piece in report["embedded"]:
        state = {True: "empreinte exacte", False: "EMPREINTE FAUSSE"}.get(
            piece["matches"], FOR_MACHINES.get(piece["name"], "jointe sans empreinte annoncée")
        )
        verdict = f", {_VERDICTS[piece['verdict']].lower()}" if piece["verdict"] else ""
        say(console, f"Pièce jointe {piece['name']} : {state}{verdict}", 2)
    for note in report["notes"]:
        say(console, note, 2)


def show_code(file: Path, report: dict[str, Any]) -> None:
    """The answer about a code in plain French."""
    from rich.markup import escape

    from watch.commands.terminal import say, terminal

    console = terminal()
    console.print(f"[bold]{report['answer']}[/bold] — {escape(file.name)}")
    award = report["award"]
    say(console, f"{award['holder']}, {award['title']}, n° {award['number']}", 2)
    say(console, award["certifier"], 2)
    for reason in report["reasons"]:
        say(console, reason, 4)


def import_workbook(file: Path, folder: Path | None) -> tuple[str, ...]:
    """Write the certification a workbook holds into `folder`; the faults that keep it out.

    Says what changes. SettingsError without a folder: what is shipped is never overwritten.
    """
    from templates import workbook, writing
    from watch.confinement.sandbox import Sandbox

    if folder is None:
        raise SettingsError(
            "Rien ne dit où ranger cette certification.",
            "Indiquez le dossier de vos certifications : --dossier DOSSIER.",
        )
    told = Sandbox().run("workbook", file, Settings().limits.unknown)
    if "faults" in told:
        return tuple(told["faults"])
    found = catalog.from_canonical(told["certification"].encode())
    try:
        before = catalog.load(found.code, folder)
    except CertificationError:
        before = None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{found.code}.yaml"
    target.write_bytes(writing.as_yaml(found))
    print(f"{target}")
    for change in workbook.changes(before, found) if before else ():
        print(f"• {change}")
    if before and before.version == found.version and before.fingerprint != found.fingerprint:
        print(f"La version est restée « {found.version} » : changez-la pour distinguer les deux.")
    return ()
