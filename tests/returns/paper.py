"""Paper, pens, printers, scanners and phones, played with numbers: what the tests read back.

Every effect takes and gives grey pictures (uint8, 0 black) and a seeded generator, so that a
failing page can be made again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from forms.layout import Box

Gray = npt.NDArray[np.uint8]
PAPER_DPI = 300
PEN = 45
PENCIL = 165


def printed(pdf: bytes, dpi: int = PAPER_DPI) -> list[Gray]:
    """The pages as a printer lays them down."""
    document = pdfium.PdfDocument(pdf)
    pages = []
    for index in range(len(document)):
        page = document[index]
        pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_PRINT)
        page.close()
        page = document[index]
        drawn = page.render(scale=dpi / 72, grayscale=True).to_numpy()
        pages.append(np.array(drawn.reshape(drawn.shape[:2]), np.uint8))
    document.close()
    return pages


# Pens


class Pen:
    """A hand that writes on a page laid down at PAPER_DPI; never twice quite the same."""

    def __init__(
        self, page: Gray, rng: np.random.Generator, grey: int = PEN, width_mm: float = 0.5
    ) -> None:
        self.page = page
        self.rng = rng
        self.grey = grey
        self.thick = max(1, round(width_mm * PAPER_DPI / 25.4))

    def cross(self, box: Box, size: float = 1.0) -> None:
        """A cross about the size of the box."""
        self._strokes(box, size, [[(-0.5, -0.5), (0.5, 0.5)], [(-0.5, 0.5), (0.5, -0.5)]])

    def check(self, box: Box, size: float = 1.0) -> None:
        """A check mark whose tail leaves the box."""
        self._strokes(box, size, [[(-0.4, -0.05), (-0.1, 0.4), (0.75, -0.8)]])

    def slash(self, box: Box, size: float = 1.0) -> None:
        """One stroke across."""
        self._strokes(box, size, [[(-0.55, 0.55), (0.55, -0.55)]])

    def blacken(self, box: Box, size: float = 0.9) -> None:
        """The box filled by hand."""
        lines = [
            (x, y)
            for i, x in enumerate(np.linspace(-0.45, 0.45, 9))
            for y in ((-0.45, 0.45) if i % 2 else (0.45, -0.45))
        ]
        self._strokes(box, size, [lines])

    def strike_out(self, box: Box) -> None:
        """What one does over a wrong tick: a dense scribble beyond the box."""
        lines = [
            (x, y)
            for i, x in enumerate(np.linspace(-0.9, 0.9, 14))
            for y in ((-0.7, 0.7) if i % 2 else (0.7, -0.7))
        ]
        self._strokes(box, 1.0, [lines])

    def line_through(self, box: Box) -> None:
        """A straight line through a tick, well beyond the box on both sides."""
        self._strokes(box, 1.0, [[(-2.2, 0.05), (2.2, -0.05)]])

    def encircle(self, box: Box, size: float = 2.1) -> None:
        """The box circled instead of ticked."""
        turn = np.linspace(0, 2 * np.pi, 24)
        self._strokes(box, size, [[(0.5 * np.cos(a), 0.5 * np.sin(a)) for a in turn]])

    def dot(self, box: Box) -> None:
        """A small full dot."""
        x, y = self._at(box, 0.0, 0.0, 1.0)
        cv2.circle(self.page, (x, y), round(0.2 * box.width * PAPER_DPI / 72), self.grey, -1)

    def speck(self, box: Box) -> None:
        """The pen only rested: a point of ink."""
        x, y = self._at(box, 0.1, -0.1, 1.0)
        cv2.circle(self.page, (x, y), max(1, self.thick // 2), self.grey, -1)

    def write(self, box: Box, share: float = 0.6) -> None:
        """A line of handwriting: loops along the middle of the box."""
        high = min(box.height, 18.0)
        count = max(6, int(box.width * share / 5))
        t = np.linspace(0, 1, count * 8)
        x = box.x + 4 + t * (box.width * share - 8)
        y = box.y + high * (0.5 + 0.28 * np.sin(t * count * 2 * np.pi * 0.9 + self.rng.random()))
        x = x + 2.0 * np.cos(t * count * 2 * np.pi * 0.9)
        points = np.stack([x, y], axis=1) * PAPER_DPI / 72
        self._line(points)

    def _strokes(
        self, box: Box, size: float, strokes: Iterable[Iterable[tuple[float, float]]]
    ) -> None:
        shift = self.rng.normal(0, 0.07, 2)
        for stroke in strokes:
            points = [self._at(box, x + shift[0], y + shift[1], size) for x, y in stroke]
            self._line(np.array(points, np.float64))

    def _at(self, box: Box, x: float, y: float, size: float) -> tuple[int, int]:
        wobble = self.rng.normal(0, 0.03, 2)
        px = box.x + box.width / 2 + (x * size + wobble[0]) * box.width
        py = box.y + box.height / 2 + (y * size + wobble[1]) * box.height
        return round(px * PAPER_DPI / 72), round(py * PAPER_DPI / 72)

    def _line(self, points: npt.NDArray[np.float64]) -> None:
        path = np.round(points).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(self.page, [path], False, self.grey, self.thick, cv2.LINE_AA)


# Scanners and phones


@dataclass(frozen=True, kw_only=True)
class Device:
    """How a page becomes a picture. skew in degrees; perspective, shadow and noise from 0 to 1."""

    dpi: int = 150
    skew: float = 0.0
    perspective: float = 0.0
    shadow: float = 0.0
    noise: float = 0.0
    curl: float = 0.0
    quality: int = 85
    turned: int = 0


FLATBED = Device()
WORN = Device(skew=2.0, noise=0.35, quality=40)
PHONE = Device(perspective=0.6, shadow=0.6, noise=0.2, skew=1.5, quality=60)


def taken(page: Gray, device: Device, rng: np.random.Generator) -> Gray:
    """The page as that device sees it."""
    ratio = device.dpi / PAPER_DPI
    size = (round(page.shape[1] * ratio), round(page.shape[0] * ratio))
    seen = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    if device.skew or device.perspective or device.curl:
        seen = _bent(seen, device, rng)
    real = seen.astype(np.float32)
    real = 22 + real * (238 - 22) / 255  # neither ink is black nor paper white
    if device.shadow:
        real *= _shadow(real.shape, device.shadow, rng)
    if device.noise:
        real = cv2.GaussianBlur(real, (0, 0), 0.35 + 0.5 * device.noise)
        real += rng.normal(0, 22 * device.noise, real.shape)
    seen = np.clip(real, 0, 255).astype(np.uint8)
    if device.turned:
        seen = np.ascontiguousarray(np.rot90(seen, device.turned // 90))
    return compressed(seen, device.quality)


def compressed(picture: Gray, quality: int) -> Gray:
    """What JPEG leaves of it."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def _bent(page: Gray, device: Device, rng: np.random.Generator) -> Gray:
    """Turned, seen from an angle, or bowed, on a table that is darker than the paper."""
    high, wide = page.shape
    margin = 0.04 if device.perspective else 0.0
    out = (round(wide * (1 + 2 * margin)), round(high * (1 + 2 * margin)))
    angle = np.deg2rad(device.skew)
    centre = np.array([wide / 2, high / 2])
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float64)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (corners - centre) @ turn.T
    shrink = 1.0 - 0.03 * bool(device.perspective)
    moved = moved * shrink + np.array(out) / 2
    if device.perspective:
        inward = rng.uniform(0, 0.07 * device.perspective, (4, 2)) * np.array([wide, high])
        moved += inward * np.sign(np.array(out) / 2 - moved)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    table = 90 if device.perspective else 255
    bent = cv2.warpPerspective(page, matrix, out, flags=cv2.INTER_AREA, borderValue=table)
    if device.curl:
        rows, columns = np.indices(bent.shape, np.float32)
        bow = device.curl * 0.006 * high * np.sin(np.pi * columns / bent.shape[1])
        bent = cv2.remap(bent, columns, rows + bow.astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(bent, np.uint8)


def _shadow(
    shape: tuple[int, ...], depth: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """A soft slope of light, and the edge of a hand’s shadow."""
    rows, columns = np.indices(shape, np.float32)
    slope = 1 - 0.35 * depth * (columns / shape[1] * rng.random() + rows / shape[0] * rng.random())
    edge = rng.uniform(0.3, 0.8) * shape[0] + (columns - shape[1] / 2) * rng.uniform(-0.4, 0.4)
    hand = 1 - 0.35 * depth / (1 + np.exp((rows - edge) / (0.02 * shape[0])))
    return (slope * hand).astype(np.float32)


# Files


def jpeg(picture: Gray, quality: int = 60) -> bytes:
    """A JPEG file."""
    return _saved(picture, "JPEG", quality=quality)


def png(picture: Gray) -> bytes:
    """A PNG file."""
    return _saved(picture, "PNG")


def tiff(pictures: list[Gray]) -> bytes:
    """A TIFF of several pages."""
    out = BytesIO()
    first, *others = [Image.fromarray(one) for one in pictures]
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    return out.getvalue()


def pdf(pictures: list[Gray], dpi: int, quality: int = 60) -> bytes:
    """The PDF of a scanner: one JPEG a page."""
    out = BytesIO()
    first, *others = [Image.fromarray(one) for one in pictures]
    first.save(
        out, "PDF", save_all=True, append_images=others, resolution=float(dpi), quality=quality
    )
    return out.getvalue()


def _saved(picture: Gray, kind: str, **options: int) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, kind, **options)
    return out.getvalue()
