"""The signed list of withdrawals is there before anything is withdrawn, and is never old."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from forms.typography import NO_BREAK
from signing.credential.page import FILE_NAME
from signing.credential.withdrawn import Withdrawn, read_list
from tests.credential.visitor import Visitor
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.office import now
from watch.share.verification import LIST_FILE_NAME
from watch.steps import work


def published(space: Space) -> Withdrawn:
    keys = space.office.code_key.published(space.office.settings.organisation.name)
    text = (space.workspace.share / LIST_FILE_NAME).read_text(encoding="utf-8")
    return read_list(text, keys)


def looked_at(space: Space, days: int = 0) -> None:
    moment = now() + timedelta(days=days)
    space.office.clock = lambda: moment  # type: ignore[misc]
    work.advance(space.office, "verification")


def test_the_list_is_signed_empty_and_signed_anew_each_month(as_told: AsTold) -> None:
    space = as_told("décidé")
    looked_at(space)
    first, file = published(space), space.workspace.share / LIST_FILE_NAME
    assert dict(first.numbers) == {}
    assert abs(first.at - now()) < timedelta(days=1)  # as old as the stage it stands in
    page, content = space.workspace.share / FILE_NAME, file.read_bytes()
    shown = page.read_bytes()
    looked_at(space)
    assert (file.read_bytes(), page.read_bytes()) == (content, shown), "the same all month"
    looked_at(space, days=32)
    assert published(space).at - first.at >= timedelta(days=31)
    assert page.read_bytes() != shown, "the page holds the new one"


def test_a_withdrawal_enters_the_list_at_once(as_told: AsTold) -> None:
    space = as_told("décidé")
    number = space.numbers()[-1]
    looked_at(space)
    delivered = space.case(number).delivery
    assert delivered is not None
    space.act(ActKind.REVOKE, number)
    space.catch_up()
    assert set(published(space).numbers) == {delivered.number}


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with Visitor(tmp_path_factory.mktemp("visiteur")) as found:
        yield found


def test_the_published_page_says_of_a_parchemin_that_it_is_not_among_the_withdrawn(
    as_told: AsTold, visitor: Visitor, tmp_path: Path
) -> None:
    space = as_told("décidé")
    looked_at(space)
    product = space.case().product("parchemin")
    assert product is not None
    parchemin = space.copy_of(product.sha256, "parchemin.pdf")
    opened = visitor.does("open", path=space.workspace.share / FILE_NAME)
    assert "liste signée" in opened["retraits"]
    found = visitor.does("photo", path=parchemin)
    reasons = " ".join(found["reasons"]).replace(NO_BREAK, " ")
    assert found["verdict"] == "valid"
    assert "Il ne figure pas dans la liste des retraits arrêtée au" in reasons
    assert str(date.today().year) in reasons
    assert "non vérifié" not in reasons
