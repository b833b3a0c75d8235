"""A key for the whole session, and one browser to visit the page with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.credential.keys import CodeKey, PublicKeys
from tests.credential.invented import ORGANISATION, a_key
from tests.credential.visitor import Visitor


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> CodeKey:
    return a_key(tmp_path_factory.mktemp("cles"))


@pytest.fixture(scope="session")
def another_key(tmp_path_factory: pytest.TempPathFactory) -> CodeKey:
    return a_key(tmp_path_factory.mktemp("autres-cles"))


@pytest.fixture(scope="session")
def keys(key: CodeKey) -> PublicKeys:
    return key.published(ORGANISATION)


@pytest.fixture(scope="session")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with Visitor(tmp_path_factory.mktemp("visiteur")) as found:
        yield found


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return tmp_path
