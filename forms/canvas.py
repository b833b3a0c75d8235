"""Pages being drawn on: marked text, lines, boxes, images, as PDF's content operators.

What is drawn inside `tagged(element)` belongs to that element; whatever else is drawn is an
artifact, so nothing can be left untagged. Lengths are points, positions measured down from the
top. `sheet` makes a file of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from forms import tags
from forms.fonts import drawable, font
from forms.layout import Box, Frame
from forms.objects import Name, Objects, Ref, number
from forms.style import BLACK, HAIRLINE, Face, TextStyle
from forms.tags import Element
from forms.typography import french, width


class Page:
    """One page being drawn."""

    def __init__(self, ref: Ref, key: int) -> None:
        self.ref = ref
        self.key = key
        self.ops: list[bytes] = []
        self.marks = 0
        self.annotations: list[Ref] = []
        self.open_artifact = False


class Canvas:
    """Pages of one frame, and the faces, images and keys they use."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.objects = Objects()
        self.pages: list[Page] = []
        self.used: dict[Face, set[int]] = {}
        self.images: dict[str, Ref] = {}
        self.keys = 0
        self._current = -1
        self._marking = False

    # Pages

    def new_page(self) -> int:
        """A new page, drawn on from now; its index."""
        self.pages.append(Page(self.objects.reserve(), self.new_key()))
        self._current = len(self.pages) - 1
        return self._current

    @property
    def page(self) -> int:
        """The index of the page being drawn; -1 before the first."""
        return self._current

    @property
    def page_count(self) -> int:
        """Pages so far."""
        return len(self.pages)

    @contextmanager
    def on(self, page: int) -> Iterator[None]:
        """Draw on an earlier page for a while."""
        before, self._current = self._current, page
        yield
        self._current = before

    def new_key(self) -> int:
        """A new key of the parent tree, for a page or a widget."""
        self.keys += 1
        return self.keys - 1

    # Marking

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to `element`; not nested, not across pages."""
        if self._marking:
            raise RuntimeError("marked content does not nest")
        page = self.pages[self._current]
        self.close_artifact(page)
        element.kids.append(tags.Content(self._current, page.marks))
        page.ops.append(b"/%b <</MCID %d>> BDC" % (element.role.encode(), page.marks))
        page.marks += 1
        self._marking = True
        yield
        self._marking = False
        page.ops.append(b"EMC")

    def _draw(self, operators: bytes) -> None:
        page = self.pages[self._current]
        if not self._marking and not page.open_artifact:
            page.ops.append(b"/Artifact BMC")
            page.open_artifact = True
        page.ops.append(operators)

    @staticmethod
    def close_artifact(page: Page) -> None:
        """End what was drawn outside any element."""
        if page.open_artifact:
            page.ops.append(b"EMC")
            page.open_artifact = False

    # Drawing

    def text(
        self, x: float, top: float, words: str, style: TextStyle, *, align: str = "left"
    ) -> None:
        """One line of text; `x` is its left edge, its middle or its right edge by `align`."""
        self.lines(x, top, (words,), style, align=align)

    def lines(
        self,
        x: float,
        top: float,
        lines: Sequence[str],
        style: TextStyle,
        *,
        align: str = "left",
    ) -> None:
        """Lines already wrapped, the first line's leading starting at `top`."""
        face = font(style.face)
        used = self.used.setdefault(style.face, set())
        y = self.frame.page_height - top - first_baseline(style)
        ops = [
            b"BT /%b %b Tf %b g" % (resource(style.face), number(style.size), number(style.grey)),
        ]
        if style.tracking:
            ops.append(b"%b Tc" % number(style.tracking))
        left = 0.0
        last = len(lines) - 1
        for i, line in enumerate(lines):
            words = drawable(french(line))
            start = x if align == "left" else x - width(line, style) * _SHARE[align]
            ops.append(
                b"%b %b Td" % (number(start - left), number(y if i == 0 else -style.leading))
            )
            left = start
            ops.append(face.compose(words if i == last else words + " ", used))
        ops.append(b"0 Tc ET" if style.tracking else b"ET")
        self._draw(b" ".join(ops))

    def rule(
        self, x: float, y: float, length: float, *, weight: float = HAIRLINE, grey: float = BLACK
    ) -> None:
        """A horizontal line."""
        self.line(x, y, x + length, y, weight=weight, grey=grey)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        weight: float = HAIRLINE,
        grey: float = BLACK,
    ) -> None:
        """A straight line."""
        up = self.frame.page_height
        self._draw(
            b"%b w %b G %b %b m %b %b l S"
            % tuple(number(v) for v in (weight, grey, x1, up - y1, x2, up - y2))
        )

    def rect(
        self,
        box: Box,
        *,
        fill: float | None = None,
        stroke: float | None = None,
        weight: float = HAIRLINE,
    ) -> None:
        """A rectangle, filled and outlined in greys."""
        paint = b"B" if fill is not None and stroke is not None else b"S" if fill is None else b"f"
        ops = [number(weight), b"w"]
        if fill is not None:
            ops += [number(fill), b"g"]
        if stroke is not None:
            ops += [number(stroke), b"G"]
        ops += [number(v) for v in self.place(box)]
        self._draw(b" ".join([*ops, b"re", paint]))

    def circle(
        self, x: float, y: float, radius: float, *, stroke: float = BLACK, weight: float = 0.8
    ) -> None:
        """A circle around its middle."""
        self._draw(
            b"%b w %b G " % (number(weight), number(stroke))
            + circle_path(x, self.frame.page_height - y, radius)
            + b" S"
        )

    def raw(self, operators: bytes) -> None:
        """Content operators as they are, in PDF's own coordinates (up from the bottom)."""
        self._draw(b"q " + operators + b" Q")

    @contextmanager
    def graphics(self, operators: bytes) -> Iterator[None]:
        """What is drawn inside follows these operators (a turn, an outline), undone after."""
        self._draw(b"q " + operators)
        yield
        self._draw(b"Q")

    def image(
        self,
        box: Box,
        name: str,
        entries: Mapping[str, Any],
        data: bytes,
        *,
        compress: bool = True,
    ) -> None:
        """An image XObject filling the box; the same `name` is stored once.

        compress: not for what is compressed already, whose /Filter the entries then name.
        """
        if name not in self.images:
            self.images[name] = self.objects.stream(
                {"Type": Name("XObject"), "Subtype": Name("Image"), **entries},
                data,
                compress=compress,
            )
        x, y, wide, high = (number(v) for v in self.place(box))
        resource = b"Im%d" % list(self.images).index(name)
        self._draw(b"q %b 0 0 %b %b %b cm /%b Do Q" % (wide, high, x, y, resource))

    def place(self, box: Box) -> tuple[float, float, float, float]:
        """The box as PDF has it: left, bottom, width, height."""
        return box.x, self.frame.page_height - box.bottom, box.width, box.height


def first_baseline(style: TextStyle) -> float:
    """From the top of a line to where its letters stand."""
    return (style.leading - style.size) / 2 + 0.79 * style.size


def cross_path(x: float, y: float, size: float) -> bytes:
    """The two strokes of a ticked box, inside its edges, in PDF's own coordinates."""
    low, high = 0.24 * size, 0.76 * size
    ends = (x + low, y + low, x + high, y + high, x + low, y + high, x + high, y + low)
    return b"1.3 w 1 J 0 G %b %b m %b %b l %b %b m %b %b l S" % tuple(number(v) for v in ends)


def dot_path(x: float, y: float, size: float) -> bytes:
    """The dot of a chosen option, in the middle of its ring."""
    return b"0 g " + circle_path(x + size / 2, y + size / 2, size * 0.27) + b" f"


def circle_path(x: float, y: float, radius: float) -> bytes:
    """A circle as four curves, in PDF's own coordinates."""
    k = radius * 0.5523
    points = (
        (x + radius, y),
        (x + radius, y + k, x + k, y + radius, x, y + radius),
        (x - k, y + radius, x - radius, y + k, x - radius, y),
        (x - radius, y - k, x - k, y - radius, x, y - radius),
        (x + k, y - radius, x + radius, y - k, x + radius, y),
    )
    start, *curves = (b" ".join(number(v) for v in point) for point in points)
    return start + b" m " + b" ".join(curve + b" c" for curve in curves)


_SHARE = {"centre": 0.5, "right": 1.0}


def resource(face: Face) -> bytes:
    """The name a page calls that face by."""
    return b"F%d" % _FACES.index(face)


_FACES = list(Face)
