"""How anybody checks what we seal with other people’s tools: the commands, and what they must say.

Printed in *Pièces* and in the PV, so that neither needs us to be believed. The commands are those
of poppler, OpenSSL and the GNU system, as they stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forms.flow import Flow
from forms.layout import Box
from forms.style import BODY, CELL_STRONG, MM, SMALL, TextStyle
from forms.typography import height

COMMAND = TextStyle(size=8.2, leading=11.4)
_PALE = 0.94
_PAD = 1.6 * MM


@dataclass(frozen=True, kw_only=True)
class Check:
    """What is asked, the commands that answer it, what they say when all is well, in French;
    `shows`: the very words looked for in their answer."""

    asks: str
    commands: tuple[str, ...]
    well: str
    shows: tuple[str, ...]


_SEAL = Check(
    asks="Le sceau est-il intact, et couvre-t-il tout le fichier ?",
    commands=("pdfsig -nocert VOLUME.pdf",),
    well="Il l’est si la réponse dit « Signature is Valid » et « Total document signed ».",
    shows=("Signature is Valid", "Total document signed"),
)
_FILES = Check(
    asks="Les pièces jointes sont-elles celles qui ont été reçues ?",
    commands=(
        "mkdir pieces",
        "pdfdetach -saveall -o pieces VOLUME.pdf",
        "(cd pieces && sha256sum -c empreintes.sha256)",
    ),
    well="Elles le sont si chaque nom est suivi de « OK » (ou de « Réussi »). Le dossier "
    "« pieces » contient alors les originaux, octet pour octet.",
    shows=(": OK",),
)
_INSIDE = Check(
    asks="La signature que porte une pièce est-elle intacte ?",
    commands=("pdfsig -nocert pieces/PIECE.pdf",),
    well="PIECE.pdf est le nom d’un fichier de ce dossier. La réponse nomme le signataire et dit "
    "« Signature is Valid ».",
    shows=("Signature is Valid",),
)
_WHO = Check(
    asks="Le certificat du sceau vient-il de l’autorité annoncée ?",
    commands=(
        "pdfsig -dump VOLUME.pdf",
        "(head -c A VOLUME.pdf; tail -c +B VOLUME.pdf) > signe.bin",
        "openssl cms -verify -binary -inform DER -in VOLUME.pdf.sig0 -content signe.bin "
        "-CAfile autorite.pem -purpose any -out /dev/null",
    ),
    well="Demandez à l’organisme le certificat de son autorité (autorite.pem). La première "
    "commande ci-dessus donne, à « Signed Ranges », [0 - A], [C - D] ; B est C plus un. La "
    "réponse est « CMS Verification successful ».",
    shows=("Verification successful",),
)
_SIGNED = Check(
    asks="Les signatures sont-elles intactes ?",
    commands=("pdfsig -nocert PV.pdf",),
    well="Elles le sont si la réponse dit « Signature is Valid » pour chacune, et « Total document "
    "signed » pour la dernière, celle de qui a présidé.",
    shows=("Signature is Valid", "Total document signed"),
)
_SAME = Check(
    asks="Le volume des pièces est-il celui que ce procès-verbal désigne ?",
    commands=("sha256sum VOLUME.pdf",),
    well="Il l’est si la réponse commence par l’empreinte écrite plus haut (sous Windows : "
    "certutil -hashfile VOLUME.pdf SHA256).",
    shows=(),
)
OF_PIECES, OF_PV = (_SEAL, _FILES, _INSIDE, _WHO), (_SIGNED, _SAME)
NEEDED = (
    "Les commandes qui suivent sont celles de logiciels libres, poppler et OpenSSL ; tout lecteur "
    "de PDF qui montre les signatures répond aussi à la première question."
)
NOT_SAID = (
    "Elles disent que rien n’a changé et quel nom porte chaque certificat. Que ce nom soit bien "
    "celui de la personne, c’est l’autorité qui a délivré le certificat qui en répond."
)


def checks(flow: Flow, title: str, asked: Sequence[Check]) -> None:
    """A section: each question, its commands on grey, and the answer to expect."""
    flow.heading(2, title, rule=True, keep=110)
    flow.paragraph(f"{NEEDED} {NOT_SAID}", BODY, after=2.4 * MM)
    for one in asked:
        _check(flow, one)


def _check(flow: Flow, one: Check) -> None:
    room = flow.frame.width
    inner = room - 2 * _PAD
    block = sum(height(line, COMMAND, inner) for line in one.commands) + 2 * _PAD
    flow.need(height(one.asks, CELL_STRONG, room) + block + height(one.well, SMALL, room) + 3 * MM)
    with flow.inside("Div"):
        flow.paragraph(one.asks, CELL_STRONG, after=0.8 * MM)
        flow.sheet.rect(Box(flow.frame.left, flow.y, room, block), fill=_PALE)
        flow.y += _PAD - 0.6
        for line in one.commands:
            flow.paragraph(line, COMMAND, x=flow.frame.left + _PAD, width=inner)
        flow.y += _PAD + 0.6 + 0.8 * MM
        flow.paragraph(one.well, SMALL)
    flow.space(3 * MM)
