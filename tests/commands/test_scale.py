"""The measure of whole cases goes to its end; what it measures is never asserted."""

import pytest

from tools.charge import drawn
from watch.commands import bench_scale


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
