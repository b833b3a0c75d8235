"""`parchemin doctor --deep`: proves from disk and database alone that nothing was lost or doubled.

Every event’s bytes are there and intact; every receipt says what the journal says; each number and
each seal was given once; the share holds what the journal wants shown. It changes nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from casefiles import events as e
from casefiles.errors import JournalDamaged
from casefiles.events import Recorded
from casefiles.projection import BLANKS
from watch.doors import claims
from watch.keeping import copies
from watch.office import Office
from watch.share import anchoring, mirror
from watch.share.publication import digest, digest_of
from watch.share.wanted import wanted_of

Kind = Literal[
    "journal", "déduction", "ancre", "original", "dépôt", "accusé", "numéro", "partage", "reprise",
    "copie",
]  # fmt: skip

# A claim or a file moved aside that is older than this was forgotten by whoever made it.
FORGOTTEN = timedelta(minutes=15)
# The fields of an event that name bytes which must be kept.
_BYTES = ("sha256", "pv_sha256", "certification_hash", "supersedes")

_HASH = re.compile(r"[0-9a-f]{64}")

Streams = dict[str, Sequence[Recorded]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is not as it must be, in French; `where` names a stream or a file."""

    kind: Kind
    where: str
    said: str


def prove(office: Office) -> Iterator[Fault]:
    """Every fault there is; none when all holds. The whole journal is read into memory."""
    damages = office.journal.damages()
    for damage in damages:
        yield Fault(kind="journal", where=damage.stream, said=damage.said)
    for said in anchoring.faults(office):
        yield Fault(kind="ancre", where=office.workspace.anchors[0].name, said=said)
    for stream in office.journal.misderived():
        said = "Ce que le dossier affiche n’est pas ce que dit son journal."
        yield Fault(kind="déduction", where=stream, said=said)
    for stream, said in copies.faults(office):
        yield Fault(kind="copie", where=stream, said=said)
    streams: Streams = {}
    for stream in office.journal.positions():
        try:
            streams[stream] = office.journal.read(stream)
        except JournalDamaged as error:
            if stream not in {damage.stream for damage in damages}:
                yield Fault(kind="journal", where=stream, said=error.message)
    yield from _originals(office, streams)
    yield from _drops(office, streams)
    yield from _numbers(streams)
    yield from _shown(office, streams)
    yield from _left_behind(office, streams)


def unrecorded(office: Office) -> int:
    """How many kept files no event names, nor the blank forms on the share: made by a work that
    was then done again, and never shown."""
    named = {
        sha256
        for stream in office.journal.positions()
        for one in office.journal.read(stream)
        for sha256 in _HASH.findall(one.event.model_dump_json())
    }
    _, blanks = office.journal.published(BLANKS)
    named.update(blanks.values())
    return sum(1 for kept in office.originals.every() if kept not in named)


def _bytes_of(one: Recorded) -> Iterator[str]:
    for name in _BYTES:
        sha256 = getattr(one.event, name, "")
        if sha256:
            yield sha256


def _originals(office: Office, streams: Streams) -> Iterator[Fault]:
    for path in office.originals.damaged():
        said = "Ce fichier gardé n’est plus celui qui a été reçu ou produit."
        yield Fault(kind="original", where=path.parent.name + path.name, said=said)
    for stream, recorded in streams.items():
        for one in recorded:
            for sha256 in _bytes_of(one):
                if sha256 not in office.originals:
                    said = f"Le fichier de la ligne n° {one.position} du journal n’est plus gardé."
                    yield Fault(kind="original", where=stream, said=said)


def _drops(office: Office, streams: Streams) -> Iterator[Fault]:
    """Each answer holds: its bytes are where it says; its receipt says nothing else."""
    for stream, recorded in streams.items():
        if not stream.startswith("depot/") or not recorded:
            continue
        event = recorded[0].event
        sent_back = all(isinstance(r.event, e.FormIssued | e.ProductIssued) for r in recorded[1:])
        if not sent_back or not isinstance(event, e.DropAnswered):
            if not isinstance(event, e.Purged):
                said = "Un dépôt a reçu plus d’une réponse."
                yield Fault(kind="dépôt", where=stream, said=said)
            continue
        led = event.stream and event.outcome in ("accepted", "duplicate")
        if led and not _is_in(recorded[0], event, streams.get(event.stream, ())):
            said = f"L’accusé dit « {event.stream} », où ce dépôt n’a rien inscrit."
            yield Fault(kind="dépôt", where=stream, said=said)
        if not stream.startswith(f"depot/{mirror.TYPED}"):
            yield from _receipt(office, stream, recorded[0], event)


def _is_in(receipt: Recorded, event: e.DropAnswered, recorded: Sequence[Recorded]) -> bool:
    """Whether that stream tells of the drop: by its bytes, its mark, or the commit they share."""
    wanted = [w for w in (event.sha256, event.document) if w]
    latest = None
    for one in recorded:
        # A clock set back gives an event the time of the one before it.
        together = one.at == receipt.at or (one.at == latest and one.at > receipt.at)
        told = one.event.model_dump_json()
        if together or isinstance(one.event, e.Purged) or any(w in told for w in wanted):
            return True
        latest = one.at
    return False


def _receipt(office: Office, stream: str, one: Recorded, event: e.DropAnswered) -> Iterator[Fault]:
    position, files = office.journal.published(stream)
    space = office.workspace
    told = {p: h for p, h in files.items() if (space.share / p).is_relative_to(space.receipts)}
    if event.outcome != "draft" and not told and position:
        yield Fault(kind="accusé", where=stream, said="Ce dépôt n’a jamais eu d’accusé.")
    true = digest(mirror.receipt_of(event, one.at))
    for path, sha256 in files.items():
        found = digest_of(space.share / path)
        # People may tidy receipts and corrected files away; what stands there must be true.
        if found is not None and found != sha256 and not (path in told and found == true):
            said = f"« {path} » ne dit pas ce que dit le journal."
            yield Fault(kind="accusé", where=stream, said=said)


def _numbers(streams: Streams) -> Iterator[Fault]:
    given: Counter[str] = Counter()
    served: Counter[tuple[str, int]] = Counter()
    signed: Counter[str] = Counter()
    signatures: dict[str, str] = {}
    sealed: Counter[tuple[str, str, int]] = Counter()
    opened: Counter[str] = Counter()
    for stream, recorded in streams.items():
        for event in (one.event for one in recorded):
            match event:
                case e.ParcheminNumbered():
                    given[event.number] += 1
                    served[(event.case, event.attempt)] += 1
                case e.ParcheminSigned():
                    signed[event.number] += 1
                    signatures[event.number] = event.sha256
                case e.PiecesSealed() | e.PvIssued():
                    sealed[(stream, event.type, event.version)] += 1
                case e.CaseOpened():
                    opened[event.number] += 1
    doubled: list[tuple[str, str]] = [
        *((n, "Ce numéro de parchemin a été donné") for n in _twice(given)),
        *((c, "Ce dossier a reçu un numéro de parchemin") for c, _ in _twice(served)),
        *((n, "Ce parchemin a été signé") for n in _twice(signed)),
        *((s, f"La version {v} a été scellée") for s, _, v in _twice(sealed)),
        *((n, "Ce numéro de dossier a été donné") for n in _twice(opened)),
    ]
    for where, said in doubled:
        yield Fault(kind="numéro", where=where, said=f"{said} plus d’une fois.")
    for stream, recorded in streams.items():
        for event in (one.event for one in recorded):
            if isinstance(event, e.DeliveryNumbered) and event.number not in given:
                said = f"Le registre ne porte pas le numéro {event.number}."
                yield Fault(kind="numéro", where=stream, said=said)
            if (
                isinstance(event, e.ProductIssued)
                and event.product == "parchemin"
                and signatures.get(event.facts.get("number", ""), event.sha256) != event.sha256
            ):
                said = "Le parchemin du dossier n’est pas celui que le registre dit signé."
                yield Fault(kind="numéro", where=stream, said=said)


def _twice(counted: "Counter[Any]") -> list[Any]:
    return sorted(one for one, times in counted.items() if times > 1)


def _shown(office: Office, streams: Streams) -> Iterator[Fault]:
    """What each stream should show stands in its folder."""
    behind = set(office.journal.unpublished())
    for stream, recorded in streams.items():
        if stream in behind:
            said = "Le partage ne montre pas encore la dernière ligne du journal."
            yield Fault(kind="partage", where=stream, said=said)
            continue
        try:
            wanted = wanted_of(office, stream, recorded)
        except FileNotFoundError:
            continue  # told of already, as an original that is lost
        if wanted is None:
            continue
        folder = office.workspace.share / office.journal.folder(stream)
        _, files = office.journal.published(stream)
        for path in files:
            if digest_of(folder / path) is None:
                said = f"« {path} » manque au partage ; la veille le remettra."
                yield Fault(kind="partage", where=stream, said=said)
        held = set(files.values())
        for one in wanted:
            if one.sha256 and one.sha256 not in held:
                said = f"« {one.path} » n’a jamais été montré."
                yield Fault(kind="partage", where=stream, said=said)


def _left_behind(office: Office, streams: Streams) -> Iterator[Fault]:
    """Claims and files moved aside that nobody came back to."""
    space = office.workspace
    for one in _entries(space.claims):
        id_ = one.name.removesuffix(".json")
        if one.is_dir() and not one.with_name(f"{id_}.json").exists():
            said = "Un fichier réclamé a perdu sa note : sa porte n’est plus connue."
            yield Fault(kind="reprise", where=one.name, said=said)
        elif one.is_dir():
            found = claims.load(space, id_)
            if found is not None and office.clock() - found.at > FORGOTTEN:
                answered = f"depot/{id_}" in streams
                said = "répondu mais pas rangé" if answered else "réclamé et pas encore répondu"
                yield Fault(kind="reprise", where=id_, said=f"Un dépôt est {said}.")
    for one in claims.set_aside(space):
        if claims.written_since(one):
            said = "Un document a été écrit après son accusé : la veille le remettra au dépôt."
            yield Fault(kind="reprise", where=one.name.partition(".")[0], said=said)
    for one in _entries(space.staging):
        if one.suffix == ".avant" and digest_of(one) != one.name.split(".")[1]:
            said = "Un document enregistré au moment d’un arrêt attend d’être remis au dépôt."
            yield Fault(kind="reprise", where=one.name, said=said)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
