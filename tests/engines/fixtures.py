"""The engines as pytest fixtures: one Chromium for the whole session."""

from collections.abc import Iterator

import pytest

from tests.engines.chromium import PdfJs
from tests.engines.filling import Filler
from tests.engines.poppler import Poppler


@pytest.fixture(scope="session")
def pdfjs() -> Iterator[PdfJs]:
    """pdf.js in Chromium; started by the first test that asks for it."""
    with PdfJs() as browser:
        yield browser


@pytest.fixture(scope="session")
def poppler() -> Poppler:
    return Poppler()


@pytest.fixture(scope="session", params=["pdf.js", "poppler"])
def filler(request: pytest.FixtureRequest) -> Filler:
    """Each filling engine in turn: a test that takes it runs once per engine."""
    name = {"pdf.js": "pdfjs", "poppler": "poppler"}[request.param]
    engine: Filler = request.getfixturevalue(name)
    return engine
