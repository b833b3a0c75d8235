"""Who stands behind a certificate: whom the settings name, else the name it bears and no more.

An authority certifies homonyms under one name. Where the settings name nobody, the name alone is
what is known: it is said, and a second certificate under a name already seen waits for the office.
"""

from collections.abc import Iterator

from casefiles import casefile, session
from casefiles.naming import name_key
from casefiles.projection import same_name
from watch.office import Office

BY_NAME = (
    "Identité établie par le seul nom : les réglages ne désignent aucun certificat pour cette "
    "personne."
)
_LOOKED_AT = 8  # streams, for one signature: somebody may have signed hundreds


def another_than_named(office: Office, name: str, fingerprint: str) -> bool:
    """Whether the settings name a certificate for that person, and this one is another.

    A homonym certified by the same authority bears the same name and answers for somebody else.
    """
    named = {
        one.fingerprint
        for one in office.settings.trust.signers
        if same_name(one.name, name) or same_name(name, one.name)
    }
    return bool(named) and fingerprint not in named


def known_signer(office: Office, fingerprint: str) -> str:
    """The name the settings give to this very certificate, checked once and for all; or ""."""
    known = {one.fingerprint: one.name for one in office.settings.trust.signers}
    return known.get(fingerprint, "")


def is_named(office: Office, fingerprint: str) -> bool:
    """Whether the settings name this very certificate."""
    return bool(known_signer(office, fingerprint))


def doubts(office: Office, name: str, fingerprint: str) -> Iterator[str]:
    """Why a certificate may be a homonym’s, whatever was signed with it; nothing when it is named.

    What only its authority being unknown says is not repeated here.
    """
    if another_than_named(office, name, fingerprint):
        yield (
            f"Le certificat de « {name} » n’est pas celui que les réglages donnent à cette "
            "personne : un homonyme, ou un certificat nouveau."
        )
    elif not is_named(office, fingerprint) and seen_with_another(office, name, fingerprint):
        yield (
            f"Un autre certificat a déjà signé ici au nom de « {name} » : un homonyme, ou un "
            "certificat nouveau. Une fois vérifié, désignez ses certificats sous "
            "[[confiance.signataires]]."
        )


def seen_with_another(office: Office, name: str, fingerprint: str) -> bool:
    """Whether another certificate, trusted or confirmed, has signed here under the same name."""
    for stream in office.journal.find("signer", name_key(name))[:_LOOKED_AT]:
        recorded = office.journal.read(stream)
        if (case := casefile.fold(recorded)) is not None:
            signed = [who for d in case.documents for who in d.vouched_signers]
        elif (held := session.fold(recorded)) is not None and held.signed is not None:
            prints = held.signed.fingerprints
            signed = [(who, prints.get(key, "")) for key, who in held.signed.signers.items()]
        else:
            continue
        for who, other in signed:
            if other and other != fingerprint and name_key(who) == name_key(name):
                return True
    return False
