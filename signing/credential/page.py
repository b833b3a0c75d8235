"""« Vérifier un parchemin.html »: one file that reads a code and checks it, without any network.

The decoder, the fonts, the public keys and the list of withdrawals are all inside; the page's own
policy forbids it to fetch anything. The parts are in templates/verification.
"""

import base64
import gzip
import hashlib
import io
import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files

from signing.credential import words
from signing.credential.keys import PublicKeys

FILE_NAME = "Vérifier un parchemin.html"
_PARTS = files("templates") / "verification"
_FONTS = {
    "Parchemin titre": ("SourceSerif4Display-Regular.ttf", "400"),
    "Parchemin texte": ("SourceSerif4-Regular.ttf", "400"),
    "Parchemin repère": ("SourceSans3-Semibold.ttf", "400 600"),
}
_LETTERS = (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B,
            *range(0x1E00, 0x1F00), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026,
            0x202F, 0x20AC)  # fmt: skip
_FAR_DECODER = re.compile(r"https://[^`]*\$\{[^`]*")


def page(keys: PublicKeys, *, withdrawn: str | None = None, made_on: date) -> str:
    """The page that checks parchemins by these keys; the same inputs give the same text.

    withdrawn: the text of the signed list of withdrawals, None when there is none.
    """
    style, script = _style(), _script()
    data = {
        **keys.told(),
        "withdrawn": withdrawn,
        "sentences": words.SENTENCES,
        "titles": words.TITLES,
        "months": words.MONTHS,
    }
    return _filled(
        _part("page.html"),
        {
            "POLICY": _policy(style, script),
            "STYLE": style,
            "SCRIPT": script,
            "DATA": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
            "READER": _reader(),
            "ORGANISATION": escape(keys.organisation),
            "KEYS": ", ".join(key.id.hex() for key in keys.keys),
            "MADE": words.day(made_on),
        },
    )


def edition(keys: PublicKeys, *, withdrawn: str | None = None) -> str:
    """What the page would say, as a short hash: it is made anew when this changes."""
    said = hashlib.sha256(json.dumps([keys.told(), withdrawn, words.SENTENCES]).encode())
    for name in ("page.html", "page.css", "check.js", "page.js", "zxing_reader.js"):
        said.update((_PARTS / name).read_bytes())
    return said.hexdigest()[:16]


def _filled(template: str, parts: Mapping[str, str]) -> str:
    """Each @@NAME@@ by its part; what a part holds is not looked into again."""
    html = _no_break(template)
    return re.sub(r"@@([A-Z]+)@@", lambda found: parts[found[1]], html)


def _no_break(html: str) -> str:
    """No-break spaces where French typography asks for them, outside tags."""
    outside = re.compile(r"(?<=\S) (?=[:;?!»–](?![^<>]*>))|(?<=«) (?![^<>]*>)")
    return outside.sub("\u00a0", html)


def _policy(style: str, script: str) -> str:
    """Only what is inside: its own script and style by their hash, nothing from anywhere."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}' 'wasm-unsafe-eval'",
            f"style-src '{_hash(style)}'",
            "font-src data:",
            "img-src blob:",
            "media-src blob:",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _style() -> str:
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
        f"src: url(data:font/woff;base64,{_font(file)}) format('woff'); }}"
        for family, (file, weight) in _FONTS.items()
    ]
    return "\n".join([*faces, _part("page.css")])


@cache
def _script() -> str:
    # The decoder is handed its program; without the address it would take it from, no page can
    # ever be made to ask for one.
    decoder, found = _FAR_DECODER.subn("", _part("zxing_reader.js"))
    if found != 1:
        raise ValueError("the decoder is not the one this page was written for")
    return "\n".join((decoder, _part("check.js"), _part("page.js")))


@cache
def _reader() -> str:
    program = (_PARTS / "zxing_reader.wasm").read_bytes()
    return base64.b64encode(gzip.compress(program, 9, mtime=0)).decode()


@cache
def _font(file: str) -> str:
    """The Latin letters of a font, in WOFF, base64."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    source = files("templates") / "fonts" / file
    with TTFont(io.BytesIO(source.read_bytes()), recalcTimestamp=False) as font:
        # The name is dropped: the fonts' licence keeps « Source » for whole, unchanged ones.
        subsetter = Subsetter(Options(name_IDs=[0, 13, 14], layout_features=["kern", "liga"]))
        subsetter.populate(unicodes=_LETTERS)
        subsetter.subset(font)
        font.flavor = "woff"
        packed = io.BytesIO()
        font.save(packed)
    return base64.b64encode(packed.getvalue()).decode()


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")
