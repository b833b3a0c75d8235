"""What was understood of a return: values with how they were obtained and how sure, crops, doubts.

Plain data that travels as JSON out of the sandbox. It knows neither pictures nor PDF.
"""

import base64
from typing import Literal

from pydantic import BaseModel, ConfigDict

from casefiles.answers.imprint import Imprint

How = Literal["fields", "flattened", "scan", "ink", "print"]
"""fields: a field’s own value; flattened: text and ticks of a page printed to PDF; scan: a picture;
ink: what was written over a field; print: what we had printed there, found untouched."""

Sure = Literal["certain", "likely", "doubtful", "unread"]
"""certain: may be taken. likely: what the page shows, though what made the page may have lost a
letter; to be looked at by the office. doubtful: must be asked back, `value` is at most a
suggestion. unread: something is written and nobody has read it yet."""


class Part(BaseModel):
    """Base of every part: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueRead(Part):
    """One answer. value: text as str, a tick as bool, a choice by its option, None when unread."""

    value: str | bool | None
    how: How
    sure: Sure
    page: int = 0


class Crop(Part):
    """The part of a page where a field stands: a PNG in base64, its size in points."""

    page: int
    width: float
    height: float
    png: str

    @property
    def data(self) -> bytes:
        """The PNG file."""
        return base64.b64decode(self.png)


class Doubt(Part):
    """A field that must be asked back: the words of its question, and why."""

    field: str
    words: str
    page: int
    message: str


class SignaturePlace(Part):
    """A place to sign: whether there is ink in it. Ink proves nothing; a person looks."""

    name: str
    words: str
    page: int
    inked: bool


class PrintReturned(Part):
    """One print of ours that came back, whole or not.

    imprint: as the codes say it, keyed check included (that of the first page seen); how: « scan »
    as soon as one page is a picture. pages: seen, in order; missing: expected and not seen;
    repeated: seen more than once.
    crops: by field name, for whatever a person must look at. reasons: in French, about the whole.
    """

    imprint: Imprint
    how: How
    pages: tuple[int, ...]
    missing: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    values: dict[str, ValueRead] = {}
    crops: dict[str, Crop] = {}
    doubts: tuple[Doubt, ...] = ()
    signatures: tuple[SignaturePlace, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def to_type(self) -> tuple[str, ...]:
        """The fields somebody must read with their own eyes, in the order of the form."""
        return tuple(n for n, v in self.values.items() if v.sure in ("doubtful", "unread"))

    @property
    def to_look(self) -> tuple[str, ...]:
        """The same, and what was read with less than certainty: the office compares it."""
        return tuple(
            name
            for name, read in self.values.items()
            if read.sure in ("doubtful", "unread")
            or (read.sure == "likely" and read.how != "print")
        )

    def raw(self) -> dict[str, str | bool]:
        """The values that may be taken, as `casefiles.answers.reading.accept` wants them."""
        return {
            name: read.value
            for name, read in self.values.items()
            if read.value is not None and read.sure in ("certain", "likely")
        }


class Returned(Part):
    """Everything a file held. strangers: prints named by a code for which no layout was given."""

    sheets: int
    prints: tuple[PrintReturned, ...] = ()
    strangers: tuple[Imprint, ...] = ()
    reasons: tuple[str, ...] = ()
