"""The measure of whole cases goes to its end; what it measures is never asserted."""

import re
import shlex
from pathlib import Path

import pytest

from tools import charge
from tools.charge import drawn
from watch.commands import bench_scale

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.long
def test_whole_cases_are_measured_beside_a_store_of_finished_ones() -> None:
    rows = {row["name"]: row["ours"] for row in bench_scale.run(2, 5, workers=1, database="")}
    assert [name for name in rows if name.startswith("scale.lot.")] == ["scale.lot.1"]
    assert all(value > 0 for name, value in rows.items() if "cpu" in name)


def test_each_measure_has_its_curve_told_apart_without_colour() -> None:
    svg = drawn("Titre", ["20", "40"], "dossiers", {"SQLite": [1.5, 1.6], "PostgreSQL": [2.0]})
    assert svg.count("<polyline") == 2
    assert 'stroke-dasharray=""' in svg
    assert 'stroke-dasharray="7 4"' in svg
    assert "SQLite" in svg


def test_however_many_lots_there_are_their_marks_can_be_read() -> None:
    svg = drawn("Titre", [f"{20 * n}" for n in range(1, 51)], "dossiers", {"SQLite": [1.5] * 50})
    shown = re.findall(r'text-anchor="middle">(\d+)</text>', svg)
    assert shown == [f"{100 * n}" for n in range(1, 11)]


def test_the_curves_of_the_page_are_what_its_commands_draw_from_its_measures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = (DOCS / "charge.md").read_text(encoding="utf-8").replace("\\\n", "")
    commands = re.findall(r"^python \.\./\.\./tools/charge\.py (.*)$", page, re.MULTILINE)
    shown = {*re.findall(r"!\[.*\]\((charge-.*\.svg)\)", page)}
    monkeypatch.chdir(DOCS / "mesures")
    monkeypatch.setattr(charge, "DOCS", tmp_path)
    for command in commands:
        charge.main(shlex.split(command))
    made = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    assert made.keys() == shown == {file.name for file in DOCS.glob("charge-*.svg")}
    changed = [n for n, svg in made.items() if svg != (DOCS / n).read_text(encoding="utf-8")]
    assert not changed, f"docs/{changed} : à refaire par les commandes de docs/charge.md"
