"""Keys, the certificates believed, the time-stamping service: what our signatures stand on."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from casefiles.errors import ParcheminError
from watch.commands.checks import Check
from watch.office import Office
from watch.share.telling import counted

# Between our clock and the service’s: beyond, a signature would be dated after its time-stamp.
TSA_APART = timedelta(seconds=60)
SOON = timedelta(days=30)
KEYS = {
    "seal": "Cachet de l’organisme",
    "certifier": "Clé du certificateur",
    "certifier_seal": "Cachet du certificateur",
}


def keys(office: Office) -> Iterator[Check]:
    """Our own keys: they open, they are in force, and for a while yet."""
    for name, words in KEYS.items():
        if getattr(office.settings.keys, name) is None:
            if name == "certifier_seal":
                continue
            yield Check(
                what=words,
                good=name == "certifier",
                said="Aucune clé n’est réglée."
                if name == "seal"
                else "Pas de délégation : les parchemins attendent le certificateur.",
            )
            continue
        try:
            key = getattr(office, f"{name}_key")
        except ParcheminError as error:
            yield Check(what=words, good=False, said=str(error))
            continue
        if key is not None:
            soon = key.not_after - office.clock() < SOON
            said = " ".join(key.warnings) or f"Valable jusqu’au {key.not_after:%d/%m/%Y}."
            yield Check(what=words, good=not soon, said=said)


def authorities(office: Office) -> Iterator[Check]:
    """The certificates we believe: readable, and in force for a while yet."""
    from asn1crypto import x509

    from signing import trust

    what, wrong = "Autorités reconnues", 0
    files = office.settings.trust.authorities
    try:
        roots = [x509.Certificate.load(der) for der in trust.load(files).roots]
    except ParcheminError as error:
        yield Check(what=what, good=False, said=str(error))
        return
    for one in roots:
        named = one.subject.native.get("common_name") or "sans nom"
        left = one.not_valid_after - office.clock()
        if left < SOON:
            wrong += 1
            ends = "a expiré" if left < timedelta() else "expire"
            yield Check(
                what=what,
                good=False,
                said=f"« {named} » {ends} le {one.not_valid_after:%d/%m/%Y} : ajoutez à "
                "« autorites » celle qui la remplace, et gardez-la pour les signatures passées.",
            )
    if not roots:
        said = "Aucune : tout signataire sera à confirmer par le bureau."
        yield Check(what=what, good=True, said=said)
    elif not wrong:
        yield Check(what=what, good=True, said=f"{len(roots)}, en cours de validité.")


def signers(office: Office) -> Iterator[Check]:
    """Whether the people who sign are known by their certificates, or by their names alone."""
    named = len(office.settings.trust.signers)
    said = (
        f"{counted(named, 'certificat désigné', 'certificats désignés')} ; les autres signataires "
        "sont reconnus à leur seul nom."
        if named
        else "Aucun certificat n’est désigné : un signataire est reconnu à son seul nom, et un "
        "homonyme de la même autorité passerait pour lui. Désignez sous [[confiance.signataires]] "
        "ceux qui signent souvent, le président du jury d’abord."
    )
    yield Check(what="Signataires désignés", good=True, said=said)


def lists(office: Office) -> Iterator[Check]:
    """Our copy of the European lists; nothing is said where none is wanted."""
    folder = office.settings.trust.lists
    if folder is None:
        return
    from signing import trusted_lists

    what = "Listes de confiance"
    try:
        found = trusted_lists.load(trusted_lists.files(folder), at=office.clock())
    except (ParcheminError, OSError) as error:
        yield Check(what=what, good=False, said=str(error))
        return
    for said in found.problems:
        yield Check(what=what, good=False, said=f"{said} Téléchargez-la de nouveau.")
    if found:
        yield Check(what=what, good=True, said=found.age(office.clock()))


def time_stamps(office: Office) -> Iterator[Check]:
    """The service is asked for one time-stamp, and its clock compared with ours."""
    what, address = "Horodatage", office.settings.trust.tsa
    wanted = {office.settings.signatures.level, *office.settings.signatures.levels.values()}
    if not address:
        missing = wanted - {"B-B"}
        yield Check(
            what=what,
            good=not missing,
            said=f"Le niveau {min(missing)} en demande un, et aucun n’est réglé : renseignez "
            "« horodatage » sous [confiance]."
            if missing
            else "Aucun service n’est réglé, et aucun n’est demandé.",
        )
        return
    from pyhanko.sign.timestamps import TimestampRequestError

    from signing.timestamps import TimestampService

    asked = office.clock()
    try:
        told = asyncio.run(TimestampService(address).what_time())
    except (TimestampRequestError, ParcheminError, TimeoutError, ValueError):
        yield Check(
            what=what,
            good=False,
            said=f"« {address} » ne donne pas d’horodatage : vérifiez l’adresse, le réseau et le "
            "contrat ; en attendant, les signatures restent au niveau B-B.",
        )
        return
    answered = office.clock()
    apart = max(asked - told, told - answered, timedelta())
    good = apart < TSA_APART
    yield Check(
        what=what,
        good=good,
        said="Le service répond, et son heure est la nôtre."
        if good
        else f"Son heure est à {apart.total_seconds():.0f} s de la nôtre : mettez cette machine à "
        "l’heure (NTP), ou prévenez le service.",
    )
