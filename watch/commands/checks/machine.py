"""The share, its rights and its events, the clock and the disks: what the machine gives us."""

import errno
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from casefiles.system import comes_from_afar, mounted_as, others_may, readable_by_others
from watch.commands.checks import Check
from watch.doors.hints import NoEvents, sees_events
from watch.office import Office

# Seconds between our clock and the share’s beyond which dates on receipts surprise people.
CLOCKS_APART = 30.0
# Gigabytes under which a disk is about to stop the office.
LEAST_FREE = 1.0
_WHY = {
    errno.EACCES: "le compte de Parchemin n’en a pas le droit",
    errno.EPERM: "le compte de Parchemin n’en a pas le droit",
    errno.EROFS: "il est monté en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le quota est atteint",
    errno.ENOENT: "un de ses dossiers manque",
}


def share(office: Office) -> Iterator[Check]:
    """Each folder we write in takes a file."""
    places = (*office.workspace.visible, office.workspace.claims, office.workspace.staging)
    for place in places:
        probe = place / f".essai-{token_hex(4)}.tmp"
        try:
            probe.write_bytes(b"essai")
            probe.unlink()
        except OSError as error:
            why = _WHY.get(error.errno or 0, "le système refuse")
            yield Check(
                what="Partage",
                good=False,
                said=f"On ne peut pas écrire dans « {place.name} », car {why} : rendez-lui ce "
                "dossier et le droit d’y écrire.",
            )
            return
    yield Check(what="Partage", good=True, said="Présent, et l’on peut y écrire partout.")


def events(office: Office) -> Iterator[Check]:
    """A file is put on the share: either the system says so, or the scan will."""
    every = f"{office.settings.inbox.rescan:g} s"
    kind = mounted_as(office.workspace.share)
    try:
        seen = sees_events(office.workspace.staging)
    except NoEvents:
        yield Check(
            what="Événements",
            good=False,
            said="Le système n’en donne plus : augmentez fs.inotify.max_user_watches et "
            f"max_user_instances ; en attendant, les dépôts sont vus toutes les {every}.",
        )
        return
    except OSError:
        return  # told of as the share that cannot be written
    if seen and comes_from_afar(office.workspace.share):
        said = (
            f"Le partage est monté de loin ({kind}) : ce que déposent d’autres postes est vu au "
            f"balayage, toutes les {every}, sans rien à faire."
        )
    elif seen:
        said = "Vus : un dépôt est remarqué aussitôt."
    else:
        said = (
            f"Aucun n’arrive : les dépôts sont vus au balayage, toutes les {every} ; baissez "
            "« balayage » sous [depot] si c’est trop long."
        )
    yield Check(what="Événements", good=True, said=said)


def rights(office: Office) -> Iterator[Check]:
    """Whoever writes in Bureau acts as the office; whoever reads Jurys reads votes."""
    place = office.workspace
    for folder, open_, danger in (
        (place.office, others_may(place.office, "write"), "y écrire : chacun agirait en son nom"),
        (place.juries, others_may(place.juries, "read"), "le lire, délibérations comprises"),
    ):
        what = f"Droits de « {folder.name} »"
        if open_:
            yield Check(
                what=what,
                good=False,
                said=f"Tout le monde peut {danger} ; réservez-le à son groupe (chmod o-rwx, ou les "
                "droits du partage).",
            )
        else:
            yield Check(what=what, good=True, said="Restreints.")
    seen = [f"« {one.name} »" for one in _secrets(office) if readable_by_others(one)]
    if seen:
        yield Check(
            what="Droits du côté privé",
            good=False,
            said=f"D’autres comptes peuvent lire {', '.join(seen)} : "
            "retirez-leur ce droit (chmod go-rwx).",
        )
    else:
        yield Check(what="Droits du côté privé", good=True, said="Lu par ce seul compte.")


def _secrets(office: Office) -> Iterator[Path]:
    """The private side, and the keys that stand elsewhere."""
    private, held = office.workspace.private, office.settings.keys
    yield private
    for key in (held.seal, held.certifier):
        for file in (key.file, key.passphrase_file) if key is not None else ():
            if file is not None and file.exists() and not file.is_relative_to(private):
                yield file


def clock(office: Office) -> Iterator[Check]:
    """Our clock beside the share’s, by the time it gives a file written now."""
    probe = office.workspace.staging / f"essai-{token_hex(4)}"
    try:
        probe.write_bytes(b"essai")
        apart = abs(probe.stat().st_mtime - time.time())
        probe.unlink()
    except OSError:
        return  # told of as the share that cannot be written
    good = apart < CLOCKS_APART
    yield Check(
        what="Horloge",
        good=good,
        said="La même que celle du partage."
        if good
        else f"À {apart:.0f} s de celle du partage : mettez les deux machines à l’heure (NTP).",
    )


def disks(office: Office) -> Iterator[Check]:
    """Room left where we write."""
    places = {
        "Disque du partage": office.workspace.share,
        "Disque privé": office.workspace.private,
        "Disque des originaux": office.originals.root,
    }
    for words, place in places.items():
        if not place.exists():
            continue
        free = shutil.disk_usage(place).free / 1e9
        good = free > LEAST_FREE
        left = f"{free:.0f} Go libres" if good else f"Il ne reste que {free * 1000:.0f} Mo"
        yield Check(
            what=words,
            good=good,
            said=f"{left}." if good else f"{left} : faites de la place avant que tout n’attende.",
        )
