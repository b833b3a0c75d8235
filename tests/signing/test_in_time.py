"""What a proof is worth later: once the answers it holds are out of date, and past that."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from signing import archival, pades, revocation, trust
from signing.policy import Policy
from signing.report import Level
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import ServedAuthority
from tests.signing.conftest import loaded, now

WEEKS = timedelta(days=30)


def made(
    level: Level, who: str, form: Path, served: ServedAuthority, target: Path, *, at: datetime
) -> Path:
    return pades.sign(
        form, target, field="Employeur", signer=loaded(served.identity(who)), at=at, level=level,
        timestamper=TimestampService(served.tsa_url), trust=trust.load(served.root),
        fetcher=served.fetcher,
    ).path  # fmt: skip


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_a_signature_is_not_in_doubt_because_its_answers_are_of_last_month(
    level: Level, form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    file = made(level, "employeur", form, served, tmp_path / "s.pdf", at=now())
    report = verify(file, at=now() + WEEKS, trust=trust.load(served.root))
    signature = report.signatures[0]
    assert (report.verdict, signature.level) == ("valid", level)
    told = any("révocation" in reason for reason in signature.reasons)
    assert told is (level in {"B-B", "B-T"})  # the others hold the answers of their own day


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_an_answer_older_than_the_signature_proves_nothing_of_it(
    level: Level, form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    """Revoked since 2024, it signs today beside an answer of 2023 that called it good."""
    roots = trust.load(served.root)
    file = made("B-T", "revoque", form, served, tmp_path / "s.pdf", at=now())
    if level == "B-LT":
        old = now().replace(year=2023)
        with served.living_at(old):
            archival.raise_to(file, tmp_path / "r.pdf", level="B-LT", at=old, trust=roots,
                              fetcher=served.fetcher)  # fmt: skip
        file = tmp_path / "r.pdf"
    report = verify(file, at=now(), trust=roots)
    assert report.signatures[0].level == "B-T"
    assert any("n’a pas été vérifiée" in reason for reason in report.signatures[0].reasons)
    assert report.questions
    asked = Policy(revocation="required")
    assert verify(file, at=now(), trust=roots, rules=asked).verdict == "indeterminate"
    told = roots.and_also(Trust(crls=(served.crl("inter"),)))
    report = verify(file, at=now(), trust=told)
    assert (report.verdict, report.signatures[0].sub_indication) == (
        "indeterminate",
        "REVOKED_NO_POE",
    )


def test_an_old_answer_that_says_revoked_is_believed_still(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    file = made("B-B", "revoque", form, served, tmp_path / "s.pdf", at=now())
    last_month = Trust(crls=(served.crl("inter", now() - WEEKS),))
    report = verify(file, at=now(), trust=trust.load(served.root).and_also(last_month))
    assert report.signatures[0].sub_indication == "REVOKED_NO_POE"


def test_an_answer_given_while_we_wait_for_it_is_not_from_the_future(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    """The hour of the question is kept while a slow service, or a clock ahead of ours, answers."""
    roots = trust.load(served.root)
    file = made("B-B", "employeur", form, served, tmp_path / "s.pdf", at=now())
    asked = now()
    with served.living_at(asked + timedelta(seconds=30)):
        answers = served.fetcher.gather(verify(file, at=asked, trust=roots).questions)
    report = verify(file, at=asked, trust=roots.and_also(revocation.answers(answers)))
    assert report.verdict == "valid"
    assert not any("révocation" in reason for reason in report.signatures[0].reasons)
