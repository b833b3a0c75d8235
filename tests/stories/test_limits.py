"""Each limit is a setting; what exceeds it is refused in « 3 À corriger », the limit in words."""

import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.forms import odd
from tests.returns import paper
from tests.returns.outlook import message as outlook_message
from tests.returns.outlook import storage
from tests.returns.test_wrapped import PDF, mailed, zipped
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.watch.test_bounds import bomb

pytestmark = pytest.mark.long

LARGE = np.full((1100, 1000), 255, np.uint8)


def limited(section: str, setting: str, value: str) -> Callable[[str], str]:
    """The settings file with that one setting changed."""

    def edit(text: str) -> str:
        pattern = rf"(\[limites\.{section}\]\n(?:[^\[]*\n)?){setting} = \S+"
        edited, count = re.subn(pattern, rf"\g<1>{setting} = {value}", text)
        assert count == 1
        return edited

    return edit


def pictures(count: int) -> bytes:
    """A PDF of so many scanned pages."""
    return paper.pdf([np.full((200, 140), 255, np.uint8)] * count, 100)


def png(picture: paper.Gray) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def nested(deep: int) -> bytes:
    data = zipped({"avis.pdf": PDF})
    for _ in range(deep - 1):
        data = zipped({"envoi.zip": data})
    return data


CASES: dict[str, tuple[tuple[str, str, str], Callable[[], bytes], str]] = {
    "a heavy file": (
        ("inconnu", "poids", "1"),
        lambda: odd.form() + b"\n" * 1_200_000,
        "pèse 1 Mo ; la limite est de 1 Mo",
    ),
    "a slow file": (("inconnu", "duree", "0.001"), odd.form, "la limite de 0,001 s"),
    "a greedy file": (("inconnu", "memoire", "128"), odd.form, "plus de 128 Mo de mémoire"),
    "a long PDF": (("inconnu", "pages", "2"), odd.form, "a 3 pages ; un formulaire n’en a"),
    "a long scan": (
        ("inconnu", "feuilles", "2"),
        lambda: pictures(3),
        "compte 3 pages à regarder ; la limite est de 2.",
    ),
    "a long TIFF": (
        ("inconnu", "feuilles", "2"),
        lambda: paper.tiff([LARGE[:99, :99]] * 3),
        "compte 3 pages à regarder ; la limite est de 2.",
    ),
    "a stream that unfolds": (
        ("inconnu", "flux", "1"),
        lambda: bomb(2),
        "une fois décompressé, dépasse 1 Mo",
    ),
    "a picture": (
        ("inconnu", "image", "1"),
        lambda: png(LARGE),
        "1000 × 1100 points ; la limite est de 1 millions",
    ),
    "a picture in a PDF": (
        ("inconnu", "image", "1"),
        lambda: paper.pdf([LARGE], 100),
        "1000 × 1100 points ; la limite est de 1 millions",
    ),
    "an archive of many": (
        ("envois", "documents", "2"),
        lambda: zipped({f"{n}.pdf": PDF for n in range(3)}),
        "plus de 2 documents",
    ),
    "a message of many": (
        ("envois", "documents", "2"),
        lambda: mailed(*((f"{n}.pdf", PDF) for n in range(3))),
        "plus de 2 documents",
    ),
    "an archive that unfolds": (
        ("envois", "poids", "1"),
        lambda: zipped({f"{n}.pdf": bytes(600_000) for n in range(2)}),
        "plus de 1 Mo",
    ),
    "a message of Outlook that weighs": (
        ("envois", "poids", "1"),
        lambda: outlook_message([("a.pdf", PDF + bytes(1_200_000))]),
        "plus de 1 Mo",
    ),
    "archives in archives": (
        ("envois", "niveaux", "2"),
        lambda: nested(3),
        "plus de 2 envois les uns dans les autres",
    ),
    "messages in messages": (
        ("envois", "niveaux", "2"),
        lambda: outlook_message([], storage([], storage([("avis.pdf", PDF)]))),
        "plus de 2 envois les uns dans les autres",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_exceeds_a_limit_is_refused_with_it(case: str, as_told: AsTold) -> None:
    (section, setting, value), data, words = CASES[case]
    space = as_told("nouveau")
    space.reopen(edit=limited(section, setting, value))
    assert words in refused(space, data()).replace("\N{NO-BREAK SPACE}", " ")


def test_a_higher_limit_lets_the_same_file_in(as_told: AsTold) -> None:
    """The pages of a form unfold as an unknown file may: one setting says both."""
    space = as_told("nouveau")
    space.reopen(edit=limited("inconnu", "image", "2"))
    assert space.office.settings.limits.of_pages().picture_millions == 2
    assert space.office.settings.limits.of_pages().seconds == 60
