"""Invented awards, keys made on the spot, and pictures of codes as a telephone would take them."""

import io
import random
from datetime import UTC, date, datetime
from pathlib import Path

import segno
from PIL import Image, ImageChops, ImageFilter

from signing.credential.keys import CodeKey, load_or_make
from signing.credential.payload import Award

AT = datetime(2026, 6, 20, 9, 30, tzinfo=UTC)
ORGANISATION = "École des Essais"
AWARD = Award(
    number="P-2026-00001",
    holder="Madame Zoé EXEMPLE-GONÇALVES",
    title="CQPM Technicien(ne) de maintenance productive",
    certifier="Commission paritaire d’essai",
    decided_on=date(2026, 6, 12),
    delivered_on=date(2026, 6, 20),
)


def a_key(folder: Path) -> CodeKey:
    """A key made in that folder, which may not exist yet."""
    folder.mkdir(parents=True, exist_ok=True)
    return load_or_make(folder, at=AT)


def printed(text: str, *, pixels: int = 6) -> Image.Image:
    """The code as our pages print it, on white."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=3)
    code.save(out, kind="png", scale=pixels, border=4)
    return Image.open(out).convert("L")


def photographed(text: str, *, blur: float = 1.2, seed: int = 1) -> Image.Image:
    """The code on a sheet held askew, badly lit, a little blurred, with a sensor's noise."""
    sheet = Image.new("L", (1600, 1200), 250)
    sheet.paste(printed(text, pixels=7), (520, 380))
    askew = (1.05, 0.09, -70.0, -0.05, 1.1, 10.0, 0.00005, 0.00006)
    taken = sheet.transform((1600, 1200), Image.Transform.PERSPECTIVE, askew, fillcolor=120)
    light = Image.linear_gradient("L").resize((1600, 1200)).point(lambda v: 150 + v * 0.4)
    noise = Image.frombytes("L", (1600, 1200), random.Random(seed).randbytes(1600 * 1200))
    lit = ImageChops.multiply(taken.filter(ImageFilter.GaussianBlur(blur)), light)
    return Image.blend(lit, noise, 0.06)


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def altered(text: str, index: int) -> str:
    """The code with one of its letters changed for another of its alphabet."""
    other = "B" if text[index] != "B" else "C"
    return text[:index] + other + text[index + 1 :]
