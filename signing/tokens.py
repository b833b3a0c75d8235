"""A signing key that never leaves its PKCS#11 token (card, USB key, HSM); one library, one session.

The token signs; we keep its session open and its certificate checked once, as for a PKCS#12 file.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asn1crypto import x509

from casefiles.errors import SigningError
from signing import keys
from signing.keys import Key

if TYPE_CHECKING:
    import pkcs11


def load(library: Path, *, token: str, label: str, pin: str, at: datetime) -> Key:
    """The key `label` of the token named `token`, through its maker’s PKCS#11 library.

    The certificate bears the key’s label or its identifier; the token’s other certificates make the
    chain. SigningError when the library, the token, the PIN or the certificate cannot serve; it
    never repeats the PIN.
    """
    import pkcs11
    from pkcs11 import Attribute, KeyType, ObjectClass
    from pyhanko.sign.pkcs11 import PKCS11Signer

    session = _session(library, token, pin)
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}
    found: list[Any] = list(session.get_objects(wanted))
    if len(found) != 1:
        raise SigningError(
            f"Le jeton « {token} » ne contient pas une clé et une seule nommée « {label} ».",
            "Vérifiez « cle » dans les réglages, avec l’outil fourni par le fabricant du jeton.",
        )
    (private,) = found
    if private.key_type not in (KeyType.RSA, KeyType.EC):
        raise SigningError(
            f"La clé « {label} » du jeton est d’un type que peu de lecteurs de PDF vérifient.",
            "Utilisez une clé RSA (3072 bits ou plus) ou P-256.",
        )
    own, others = _certificates(session, label, _identifier(private, pkcs11))
    if own is None:
        raise SigningError(
            f"Le jeton « {token} » ne contient pas le certificat de la clé « {label} ».",
            "Placez-y le certificat remis par l’autorité, sous le même nom que la clé.",
        )
    signer = PKCS11Signer(
        session,
        signing_cert=own,
        ca_chain=set(others),
        key_label=label,
        embed_roots=False,
        # Many tokens, SoftHSM among them, only know ECDSA over a digest already made.
        use_raw_mechanism=private.key_type == KeyType.EC,
    )
    return keys.held(own, tuple(others), signer, at=at, called=label)


def _session(library: Path, token: str, pin: str) -> "pkcs11.Session":
    import pkcs11
    from pkcs11 import exceptions

    try:
        known = pkcs11.lib(str(library))
    except Exception as error:  # a library of any make raises anything
        raise SigningError(
            f"La bibliothèque PKCS#11 « {library.name} » n’a pas pu être chargée.",
            "Vérifiez « bibliotheque » dans les réglages et l’installation du pilote du jeton.",
        ) from error
    try:
        return known.get_token(token_label=token).open(user_pin=pin)
    except exceptions.UserAlreadyLoggedIn:
        # A process logs in to a token once, for all its keys.
        return known.get_token(token_label=token).open()
    except exceptions.NoSuchToken as error:
        raise SigningError(
            f"Le jeton « {token} » n’est pas branché, ou porte un autre nom.",
            "Branchez-le, puis réessayez.",
        ) from error
    except exceptions.PinLocked as error:
        raise SigningError(
            f"Le jeton « {token} » est bloqué : trop de codes faux.",
            "Débloquez-le avec l’outil de son fabricant.",
        ) from error
    except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange):
        # Not chained: nothing of what was typed may travel with the error.
        raise SigningError(
            f"Le code du jeton « {token} » est inexact.",
            "Vérifiez-le : un jeton se bloque après quelques codes faux.",
        ) from None
    except exceptions.PKCS11Error as error:
        raise SigningError(
            f"Le jeton « {token} » ne répond pas ({type(error).__name__}).",
            "Débranchez-le et rebranchez-le, puis réessayez.",
        ) from error


def _identifier(private: Any, pkcs11: Any) -> bytes:
    with suppress(pkcs11.exceptions.PKCS11Error, KeyError):
        return bytes(private[pkcs11.Attribute.ID])
    return b""


def _certificates(
    session: "pkcs11.Session", label: str, identifier: bytes
) -> tuple[x509.Certificate | None, list[x509.Certificate]]:
    """The key’s own certificate, and the others of the token."""
    from pkcs11 import Attribute, ObjectClass

    own, others = None, []
    for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        certificate = x509.Certificate.load(bytes(entry[Attribute.VALUE]))
        named = entry[Attribute.LABEL] == label
        if own is None and (named or (identifier and bytes(entry[Attribute.ID]) == identifier)):
            own = certificate
        else:
            others.append(certificate)
    return own, others
