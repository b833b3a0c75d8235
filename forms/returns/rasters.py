"""Grey pictures as arrays, and the few things done to any of them: paper made white, enlarging.

The one door to numpy and OpenCV’s settings; it knows nothing of forms. A picture is uint8, shape
(rows, columns), 0 black, 255 white.
"""

import os

# Un processus fils n’a droit à aucun fil d’exécution : ces bibliothèques n’en prennent qu’un.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
import numpy.typing as npt

cv2.setNumThreads(1)

Gray = npt.NDArray[np.uint8]
Real = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_COARSE = 12
_VIVID, _PALE = 100, 165


def fit(picture: Gray, longest: int) -> Gray:
    """The picture, made smaller if a side exceeds `longest` pixels; never larger."""
    high, wide = picture.shape
    ratio = longest / max(high, wide)
    if ratio >= 1:
        return picture
    size = (max(1, round(wide * ratio)), max(1, round(high * ratio)))
    return _gray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def ink_of(picture: npt.NDArray[np.uint8]) -> Gray:
    """A picture in colours, (rows, columns, 3), red first, in greys where vivid ink is never white.

    A yellow pen, whose grey is that of paper, is made as dark as a pale pencil.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    red, green, blue = cv2.split(picture)
    vivid = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    if (seen := vivid > _VIVID).any():
        grey[seen] = np.minimum(grey[seen], _PALE)
    return _gray(grey)


def enlarged(picture: Gray, times: float) -> Gray:
    """The picture, larger and a little sharper, for a code too small to be read."""
    large = cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), 1.5 * times / 2)
    return _gray(cv2.addWeighted(large, 1.8, soft, -0.8, 0))


def paper_white(picture: Gray) -> Gray:
    """Shadows taken out: every region divided by the paper’s own grey there.

    What is wider than a dozen millimetres of a page becomes white: this is for marks and letters.
    """
    high, wide = picture.shape
    small_size = (max(1, wide // _COARSE), max(1, high // _COARSE))
    small = cv2.resize(picture, small_size, interpolation=cv2.INTER_AREA)
    paper = cv2.dilate(small, np.ones((5, 5), np.uint8))
    paper = cv2.medianBlur(paper, 5)
    paper = cv2.resize(paper, (wide, high), interpolation=cv2.INTER_LINEAR)
    return _gray(cv2.divide(picture, np.maximum(paper, 1), scale=255))


def png(picture: Gray) -> bytes:
    """The picture as a PNG file."""
    _, encoded = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    return encoded.tobytes()


def _gray(picture: object) -> Gray:
    return np.ascontiguousarray(picture, dtype=np.uint8)
