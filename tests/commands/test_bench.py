"""`parchemin bench`: each row by its name, as soon as it is measured, at its own cost alone."""

import json

import pytest
from click.testing import CliRunner

from watch.cli import main
from watch.commands import bench, bench_pack, bench_signatures

pytestmark = pytest.mark.long

ROW = {"name", "ours", "peer_name", "peer", "ratio", "unit"}


def test_only_the_rows_asked_for_are_measured_beside_the_plain_library() -> None:
    asked = ["bench", "--rounds", "1", "--only", "sign.p256", "--only", "verify.form", "--json"]
    rows = json.loads(CliRunner().invoke(main, asked).stdout)["rows"]
    assert [one["name"] for one in rows] == [
        "verify.form", "sign.p256.invisible", "sign.p256.visible"
    ]  # fmt: skip
    for one in rows:
        assert set(one) == ROW
        assert (one["unit"], one["ratio"]) == ("ms CPU", round(one["ours"] / one["peer"], 3))


def test_a_row_is_told_before_the_next_is_measured_and_makes_nothing_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("made for a row nobody asked for")

    monkeypatch.setattr(bench_signatures._Made, "_pieces", never)
    monkeypatch.setattr(bench_signatures._Made, "pv", property(never))
    monkeypatch.setattr(bench_pack, "_pages", never)
    rows = bench.run(1, ["sign.p256.invisible", "verify.pv"])
    assert next(rows)["name"] == "sign.p256.invisible"
    with pytest.raises(AssertionError, match="nobody asked for"):
        next(rows)


def test_a_person_reads_the_signatures_per_second_beside_the_library() -> None:
    asked = ["bench", "--rounds", "1", "--only", "sign.p256.invisible"]
    heads, told, *_ = CliRunner().invoke(main, asked).stdout.splitlines()
    assert "Par s" in heads
    name, ours, per_second, *_ = told.split()
    assert name == "sign.p256.invisible"
    assert float(per_second) == pytest.approx(1000 / float(ours), rel=0.05)


def test_the_memory_of_a_volume_is_told_weight_by_weight() -> None:
    rows = list(bench_pack.run(["pack.memory.verify"], documents=2, weights=(1,)))
    assert [one["name"] for one in rows] == ["pack.memory.nothing", "pack.memory.verify.1"]
    assert all(one["ours"] > 10 for one in rows)


def test_the_pages_of_a_volume_do_not_pass_through_memory() -> None:
    """Scans drawn to be read weigh more than what was received: ten times the weight, one peak."""
    rows = bench_pack.run(["pack.memory.pages"], documents=60, weights=(6, 60))
    _, light, heavy = [one["ours"] for one in rows]
    assert heavy < light + 15
