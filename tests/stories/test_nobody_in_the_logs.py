"""A whole story under the real watch: neither logs, measures nor health say a word of anybody."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.stories import faulty
from tests.stories.space import rewrite
from tests.watch.test_monitor import fetched, measured, port
from watch.commands.demo.chapter import TODAY
from watch.commands.demo.stage import Stage
from watch.commands.demo.tmp import OBTAINED

pytestmark = pytest.mark.long

__all__ = ["port"]


def strings(told: Any) -> Iterator[str]:
    match told:
        case str():
            yield told
        case dict():
            for one in told.values():
                yield from strings(one)
        case list():
            for one in told:
                yield from strings(one)


def personal(story: Stage) -> set[str]:
    """What people wrote, were called, or called their files, as the journal holds it."""
    journal = story.office.journal
    found: set[str] = set()
    for stream in journal.positions():
        for one in journal.read(stream):
            told = one.event.model_dump(mode="json")
            if one.event.type in ("CaseOpened", "SessionOpened", "CompositionRevised"):
                found |= set(strings(told))
            found |= set(strings(told.get("values")))
            found |= {told.get("dropped_as") or "", told.get("name") or ""}
    # Names, sentences, addresses, long numbers; not « oui », a day or a code of the program’s own.
    return {
        one.strip()
        for one in found
        if len(one.strip()) > 3
        and re.search(r"[A-ZÀ-Ý@]|^[\d ]{9,}$", one)
        and not OWN.fullmatch(one)
    }


OWN = re.compile(
    r"[0-9a-f]{64}|BDC[\d.]+|[A-Z0-9]{10}|[DI]-?[A-Z0-9-]+|S?\d{4}-\d+|\d{4}(-\d\d){2}(T[\d:.+Z]+)?"
    r"|\d{1,6}|[A-Z][a-z]+Opened"
)


@contextmanager
def watched(story: Stage, log: Path, form: str) -> Iterator[None]:
    rewrite(
        story.space.settings_file,
        lambda text: re.sub(r'journaux = "\w+"', f'journaux = "{form}"', text),
    )
    command = [sys.executable, "-m", "watch.cli", "watch", "--debug", str(story.space.share)]
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


def test_a_whole_story_is_told_without_a_word_of_anybody(tmp_path: Path, port: int) -> None:
    story = Stage(tmp_path / "démonstration", TODAY)
    rewrite(story.space.settings_file, lambda text: text.replace("port = 0", f"port = {port}"))
    logs = {form: tmp_path / form for form in ("json", "texte")}
    shown: list[str] = []
    scenes = OBTAINED.scenes(story)
    (story.space.drop_here / "CV de Zoé EXEMPLE-NULLEPART.docx").write_bytes(faulty.docx())
    next(scenes)  # announces the first one, which the next plays
    for form, count in (("json", 4), ("texte", 99)):
        with watched(story, logs[form], form):
            for _ in islice(scenes, count):
                shown += [fetched(port, "/health")[1], fetched(port, "/metrics")[1]]
            found = measured(port)
        if form == "json":
            assert found["parchemin_cases_open"] == 1
            assert found["parchemin_files_answered_total{outcome=accepted}"] == 13
            assert found["parchemin_files_answered_total{outcome=refused}"] == 1
            assert found["parchemin_files_received_total"] == 14
            assert found["parchemin_receipt_seconds_count"] == 14
    assert found["parchemin_cases_open"] == 0
    assert "La veille tourne.\n" in shown
    words = personal(story)
    assert {"inscription Zoé.pdf", "CV de Zoé EXEMPLE-NULLEPART.docx"} <= words
    for kind in (r"[^@]+@[^@]+", r"\d{14}", r"EXEMPLE-GON.*"):
        assert any(re.fullmatch(kind, one) for one in words), kind
    lines = [json.loads(line) for line in logs["json"].read_text().splitlines()]
    assert any(line["level"] == "DEBUG" for line in lines)
    assert "DEBUG parchemin" in logs["texte"].read_text()
    told = "\n".join(
        [*shown, *(line["message"] for line in lines), *(f.read_text() for f in logs.values())]
    )
    assert [one for one in sorted(words) if one in told or one.casefold() in told.casefold()] == []
