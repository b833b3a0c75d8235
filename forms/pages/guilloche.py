"""The engraving of the parchemin: braided bands, rosettes, drawn as one fine-lined path each.

Pure geometry to PDF path operators, in PDF’s own coordinates (points, up from the bottom left).
Curves are sampled with their slopes and joined as cubics, so few points stay smooth.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from math import cos, pi, sin

from forms.objects import number

Point = tuple[float, float]
Curve = Callable[[float], Point]

INK = b"0.36 0.45 0.55"
PALE = b"0.90 0.92 0.945"


def _smooth(curve: Curve, start: float, end: float, steps: int) -> Iterator[bytes]:
    """The curve from `start` to `end` as a path of `steps` cubics."""
    h = (end - start) / steps
    step = h / 1000

    def slope(t: float) -> Point:
        (x1, y1), (x2, y2) = curve(t - step), curve(t + step)
        return (x2 - x1) / (2 * step), (y2 - y1) / (2 * step)

    x, y = curve(start)
    dx, dy = slope(start)
    yield b"%b %b m" % (_n(x), _n(y))
    for i in range(1, steps + 1):
        t = start + i * h
        nx, ny = curve(t)
        ndx, ndy = slope(t)
        yield b"%b %b %b %b %b %b c" % (
            *(_n(v) for v in (x + dx * h / 3, y + dy * h / 3)),
            *(_n(v) for v in (nx - ndx * h / 3, ny - ndy * h / 3)),
            *(_n(v) for v in (nx, ny)),
        )
        x, y, dx, dy = nx, ny, ndx, ndy


def _n(value: float) -> bytes:
    return number(round(value, 2))


@lru_cache(maxsize=8)
def band(left: float, bottom: float, right: float, top: float, half: float) -> bytes:
    """Braids along the four sides of a rectangle, `half` high on either side of it."""
    strands, wave = 6, 25.0
    ops = [b"%b RG 0.3 w" % INK]
    for along, across, level, flip in (
        (left, right, bottom, False),
        (left, right, top, False),
        (bottom, top, left, True),
        (bottom, top, right, True),
    ):
        waves = max(1, round((across - along) / wave))
        length = (across - along) / waves
        for strand in range(strands):
            shift = 2 * pi * strand / strands
            curve = _strand(level, length, half, shift, along, flip)
            ops += _smooth(curve, along, across, waves * 6)
    return b" ".join([*ops, b"S"])


def _strand(
    level: float, length: float, half: float, shift: float, along: float, flip: bool
) -> Curve:
    """One wave whose swing itself swells and sinks, once every wave."""

    def curve(t: float) -> Point:
        turn = 2 * pi * (t - along) / length
        swing = half * (0.62 + 0.38 * cos(turn))
        value = level + swing * sin(turn + shift)
        return (value, t) if flip else (t, value)

    return curve


@lru_cache(maxsize=16)
def rosette(
    x: float,
    y: float,
    radius: float,
    *,
    petals: int = 12,
    rings: int = 7,
    hollow: float = 0.34,
    ink: bytes = INK,
    weight: float = 0.3,
) -> bytes:
    """Rings of petals around a middle, each turned a little from the one outside it."""
    ops = [b"%b RG %b w" % (ink, number(weight))]
    for ring in range(rings):
        part = ring / max(1, rings - 1)
        middle = radius * (hollow + (0.86 - hollow) * (1 - part))
        swing = radius * 0.14 * (1 - 0.45 * part)
        for turn in (0.0, pi / petals):
            shift = turn + part * pi / petals
            curve = _petal(x, y, middle, swing, petals, shift)
            ops += _smooth(curve, 0.0, 2 * pi, petals * 4)
    return b" ".join([*ops, b"S"])


def _petal(x: float, y: float, middle: float, swing: float, petals: int, shift: float) -> Curve:
    def curve(t: float) -> Point:
        r = middle + swing * cos(petals * (t + shift))
        return x + r * cos(t), y + r * sin(t)

    return curve


@lru_cache(maxsize=4)
def ground(x: float, y: float, radius: float) -> bytes:
    """A large pale rose behind the words: circles of one size around a ring, as a lathe cuts."""
    ops = [b"%b RG 0.35 w" % PALE]
    count = 48
    for i in range(count):
        turn = 2 * pi * i / count
        at_x, at_y = x + radius * 0.5 * cos(turn), y + radius * 0.5 * sin(turn)
        ops += _smooth(_circle(at_x, at_y, radius * 0.5), 0.0, 2 * pi, 8)
    return b" ".join([*ops, b"S"])


def _circle(x: float, y: float, radius: float) -> Curve:
    return lambda t: (x + radius * cos(t), y + radius * sin(t))
