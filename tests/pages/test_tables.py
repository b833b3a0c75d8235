"""A printed table over a page’s end."""

import pytest

from forms.flow import Flow, Head
from forms.layout import PLAIN
from forms.metadata import About
from forms.sheet import Sheet
from tests.pages.reading import lines


@pytest.mark.parametrize("count", range(43, 50))
def test_the_last_row_never_stands_alone_at_the_top_of_a_page(count: int) -> None:
    flow = Flow(Sheet(About(title="Essai"), PLAIN))
    flow.table([Head(text="Ligne")], [[f"rang {n}"] for n in range(count)])
    rows = [run for run in lines(flow.sheet.finish()) if run.text.startswith("rang")]
    pages = [sum(run.page == page for run in rows) for page in range(rows[-1].page + 1)]
    assert sum(pages) == count
    assert pages[-1] != 1
