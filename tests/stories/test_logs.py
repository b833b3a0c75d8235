"""What the logs say: a line a record, in the form the settings ask, never an error’s own words."""

import json
import logging
import warnings

import pytest

from tests.stories.conftest import AsTold
from watch import logs
from watch.office import Office
from watch.steps import work


def record(error: BaseException) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__)
    return logging.LogRecord("parchemin", logging.INFO, "x.py", 1, "job=%s", ("intake",), told)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_line_holds_the_message_and_not_the_traceback(as_json: bool) -> None:
    line = logs.Lines(as_json=as_json).format(record(ValueError("Zoé EXEMPLE-SECRET")))
    assert "job=intake" in line
    assert "SECRET" not in line
    assert "\n" not in line
    assert not as_json or json.loads(line)["level"] == "INFO"


@pytest.mark.parametrize("as_json", [True, False])
def test_nothing_that_is_logged_makes_a_line_of_its_own(as_json: bool) -> None:
    said = "a\r\nERROR parchemin faux\u2028encore\x1b[2J"
    one = logging.LogRecord("parchemin", logging.INFO, "x.py", 1, "host=%s", (said,), None)
    line = logs.Lines(as_json=as_json).format(one)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_a_library_that_warns_is_told_by_its_place_and_kind_alone() -> None:
    said = warnings.formatwarning("Zoé EXEMPLE-SECRET", RuntimeWarning, "/lib/numpy/core.py", 12)
    one = logging.LogRecord("py.warnings", logging.WARNING, "x.py", 1, "%s", (said,), None)
    line = logs.Lines(as_json=False).format(one)
    assert "core.py:12: RuntimeWarning" in line
    assert "SECRET" not in line


def test_a_step_that_fails_logs_no_name(
    as_told: AsTold, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = as_told("nouveau")

    def fail(_office: Office, _recorded: object) -> None:
        raise ValueError("Zoé EXEMPLE-SECRET")

    monkeypatch.setitem(work.EFFECTS, "formulaires", fail)
    with caplog.at_level(logging.DEBUG):
        space.hand_in(space.inscription())
    told = caplog.text + "".join(str(r.exc_info or "") for r in caplog.records)
    assert "error=ValueError" in told
    assert "SECRET" not in told
    assert "EXEMPLE" not in told
