"""Pages received that are not ours: seen as they were, searchable, and nothing of them acts."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Dictionary, Name, String

from casefiles.errors import PackError
from forms.pages.reproduction import Received, Words, reproduction
from forms.returns.reproduced import count, reproduce
from tests.pages.drawn import EVERYDAY
from tests.pages.reading import failures, words


def foreign() -> bytes:
    """Somebody’s printed document, with a script that runs when it opens."""
    make = next(iter(EVERYDAY.values()))
    out = BytesIO()
    with pikepdf.open(BytesIO(make())) as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.save(out)
    return out.getvalue()


def copied(data: bytes) -> bytes:
    pages = [
        Received(
            width=one.width,
            height=one.height,
            jpeg=one.jpeg,
            pixels=one.pixels,
            lines=tuple(
                Words(text=w.words, x=w.x, foot=w.foot, width=w.width, size=w.size)
                for w in one.lines
            ),
        )
        for one in reproduce(data)
    ]
    return reproduction(
        pages, title="Pages reçues", organisation="Centre EXEMPLE", made_on=date(2026, 6, 12)
    )


def test_a_foreign_page_becomes_a_picture_whose_words_are_found() -> None:
    source = foreign()
    copy = copied(source)
    assert failures(copy) == []
    said = words(copy)
    wanted = [w for w in words(source).split() if len(w) > 5]
    assert sum(w in said for w in wanted) > 0.9 * len(wanted)
    with pikepdf.open(BytesIO(source)) as one, pikepdf.open(BytesIO(copy)) as other:
        assert len(one.pages) == len(other.pages) == count(source)
        assert "/OpenAction" in one.Root
        assert "/OpenAction" not in other.Root
        assert b"JavaScript" not in copy


def test_what_is_no_picture_stops_the_volume_by_name() -> None:
    wrong = Received(width=595, height=842, jpeg=b"%PDF-1.7", pixels=(1, 1))
    for pages in ([], [wrong]):
        with pytest.raises(PackError, match="« Avis reçu »"):
            reproduction(
                pages, title="Avis reçu", organisation="Centre EXEMPLE", made_on=date(2026, 6, 12)
            )
