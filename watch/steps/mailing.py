"""A letter in a ready-to-send message: rendered, turned into PDF where that can be, attached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casefiles.naming import name_key
from watch.office import Office
from watch.share.drafts import draft
from watch.share.naming import safe_name

if TYPE_CHECKING:
    from templates.letters import Facts, Sendable, Sender


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """One file sent along: its name, its bytes, its MIME type and that type’s parameters."""

    name: str
    data: bytes
    kind: str = "application/pdf"
    parameters: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A message to prepare. letter: the template’s name and its facts, "" for none."""

    to: str
    subject: str
    body: str
    letter: str = ""
    facts: "Facts | None" = None
    file: str = ""
    enclosed: tuple[Enclosed, ...] = ()


def sender(office: Office) -> "Sender":
    """The organisation as its letters name it."""
    from templates.letters import Sender

    organisation = office.settings.organisation
    return Sender(
        name=organisation.name,
        address=organisation.address,
        town=organisation.town,
        declaration=organisation.declaration,
        email=organisation.email,
        phone=organisation.phone,
    )


def address_of(office: Office, name: str) -> str:
    """The address the settings give for that person; "" when they give none."""
    wanted = set(name_key(name).split())
    for known, address in office.settings.letters.addresses.items():
        if set(name_key(known).split()) == wanted:
            return address
    return ""


def check(office: Office, letter: str) -> None:
    """LetterError when the organisation’s template of that letter would not do."""
    from templates import letters

    letters.check(letter, office.settings.letters.folder)


def prepare(office: Office, mails: Sequence[Mail]) -> list[bytes]:
    """The messages, each a draft that opens ready to send; one start of LibreOffice for them all.

    LetterError when a template holds what nobody knows: then nothing is prepared.
    """
    from templates import letters

    chosen = office.settings.letters
    rendered = [
        letters.render(mail.letter, mail.facts or {}, chosen.folder)
        for mail in mails
        if mail.letter
    ]
    if chosen.format == "docx":
        made = [letters.Sendable(data=r.docx, suffix=".docx", docx=r.docx) for r in rendered]
    else:
        made = list(letters.sendable(rendered))
    ready = iter(made)
    return [_message(office, mail, next(ready) if mail.letter else None) for mail in mails]


_WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def _message(office: Office, mail: Mail, letter: "Sendable | None") -> bytes:
    message = draft(mail.subject, to=mail.to, sender=office.settings.organisation.email)
    signed = f"{mail.body}\n\n{office.settings.organisation.name}\n"
    remark = f"\n[À effacer avant l’envoi : {letter.remark}]\n" if letter and letter.remark else ""
    message.set_content(signed + remark)
    if letter is not None:
        message.add_attachment(
            letter.data,
            maintype="application",
            subtype="pdf" if letter.suffix == ".pdf" else _WORD,
            filename=safe_name(f"{mail.file}{letter.suffix}"),
        )
    for one in mail.enclosed:
        main, _, sub = one.kind.partition("/")
        message.add_attachment(
            one.data,
            maintype=main,
            subtype=sub,
            filename=safe_name(one.name),
            params=dict(one.parameters or {}),
        )
    return message.as_bytes()
