"""A certification written as a file is read back as the same one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from templates import catalog
from templates.source import french
from templates.writing import as_yaml
from tests.casefiles.certifications import certification

TRICKY = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from(" :#'\"-,«»’\n&*[]{}|>%@`!"),
    min_size=1,
    max_size=140,
)


@pytest.mark.parametrize("code", catalog.codes())
def test_each_packaged_certification_comes_back_with_its_fingerprint(
    code: str, tmp_path: Path
) -> None:
    shipped = catalog.load(code)
    written = as_yaml(shipped)
    (tmp_path / f"{code}.yaml").write_bytes(written)
    assert catalog.load(code, tmp_path).fingerprint == shipped.fingerprint
    assert max(len(line) for line in written.decode().splitlines()) <= 100


@settings(max_examples=60, deadline=None)
@given(title=TRICKY.map(french), activities=st.lists(TRICKY.map(french), max_size=4))
def test_no_text_is_bent_by_being_written(title: str, activities: list[str]) -> None:
    made = certification(title=title, activities=activities)
    again = catalog._read("cqpm-essai.yaml", as_yaml(made))
    assert again == made
