# SPDX-License-Identifier: Apache-2.0
"""The comparison of scores with Python: values before times, names of rows, a small real run."""

import json
from pathlib import Path

import pytest
from compare.ratios import exit_code, ratios
from peers import score_features, score_markdown, scores
from peers.rounds import Rounds
from peers.rows import PeerResult, peer_row
from peers.score_setting import ScoreSetting, sizes

SETTING = ScoreSetting("logme", 100, 8, 3, "cuda")


def _result(value: float, seconds: float) -> PeerResult:
    return PeerResult(seconds, {"p50": seconds, "score_value": value})


def _rounds(ours: PeerResult, theirs: PeerResult) -> Rounds:
    rounds = Rounds(scores.PACKAGES)
    rounds.add_ours(0, SETTING, [peer_row(SETTING.row_name(), ours)], {"cpu_model": "CPU"})
    checked = scores.compared(SETTING, ours, theirs)
    rounds.add_peer(0, SETTING, scores.PEER, SETTING.row_name(scores.PEER), checked)
    return rounds


def test_equal_values_have_a_ratio() -> None:
    rounds = _rounds(_result(0.5, 0.1), _result(0.5, 2.0))
    (ratio,) = ratios(rounds.measured, scores.SECONDS)
    assert ratio.median == 20
    text = score_markdown.table([ratio], rounds, "cuda", 4)
    assert "| `logme` | 100x8 | 100 | 2000 | 20 | 20 to 20 | 0.5 | 0.5 |" in text
    assert "Tolerances: logme 0.0001." in text


def test_other_values_have_no_time() -> None:
    rounds = _rounds(_result(0.6, 0.1), _result(0.5, 2.0))
    (ratio,) = ratios(rounds.measured, scores.SECONDS)
    assert not ratio.rounds
    assert "the values differ: ours is 0.6, Python's is 0.5" in ratio.error
    assert exit_code([ratio], {}) == 2
    text = score_markdown.table([ratio], rounds, "cuda", 4)
    assert "2000" not in text
    assert "the values differ" in text


def test_a_failure_of_ours_is_named() -> None:
    rounds = _rounds(PeerResult(error="out of memory"), _result(0.5, 2.0))
    (ratio,) = ratios(rounds.measured, scores.SECONDS)
    assert ratio.error == "ours, round 1: out of memory"


def test_names_of_rows() -> None:
    start, end = "classes=3/features=100x8", "probe=logme/manual_time"
    assert SETTING.row_name() == f"Score/synthetic/full/cuda/{start}/{end}"
    named = f"Score/synthetic/full/cpu/{start}/peer=python/{end}"
    assert SETTING.row_name("python") == named


@pytest.mark.parametrize("text", ["9469", "0x5", "2x3x4", "x", "2x-3"])
def test_other_sizes_are_refused(text: str, capsys) -> None:
    with pytest.raises(SystemExit):
        scores._parser().parse_args([f"--sizes={text}"])
    assert f"{text!r} is not a size" in capsys.readouterr().err


def test_sizes() -> None:
    assert sizes("9469x2048,50x64") == ((9469, 2048), (50, 64))


def test_synthetic_features_follow_from_the_seed() -> None:
    first, again, other = (score_features.draw(60, 16, 3, 7, seed) for seed in (0, 0, 1))
    assert (first["features"] == again["features"]).all()
    assert (first["features"] != other["features"]).any()
    assert first["features"].min() == 0
    assert first["source_probabilities"].sum(1) == pytest.approx(1, abs=1e-5)
    counts = [int((first["labels"] == label).sum()) for label in range(3)]
    assert counts == [20, 20, 20]


def test_both_sides_run_and_agree(program_binary: Path, tmp_path: Path) -> None:
    binary = program_binary.parent / "score_features"
    if not binary.is_file():
        pytest.skip(f"{binary} is not built")
    out, markdown = tmp_path / "ratios.json", tmp_path / "table.md"
    # Each is two processes. One with steps, one of a formula, one with source probabilities; what
    # all of them compute is tested without processes.
    chosen = "linear,logme,leep"
    code = scores.main(
        [f"--binary={binary}", "--sizes=240x40", "--classes=3", "--source-classes=12",
         "--rounds=1", "--repetitions=1", f"--probes={chosen}", f"--output={out}",
         f"--markdown={markdown}"]
    )  # fmt: skip
    assert code == 0, markdown.read_text()
    rows = json.loads(out.read_text())["benchmarks"]
    assert len(rows) == 2 * 3
    for row in rows:
        assert not row.get("error_occurred"), row
        assert row["p50"] > 0


def test_bad_input_is_named(capsys) -> None:
    assert scores.main(["--binary=/nowhere/score_features"]) == 2
    assert "/nowhere/score_features" in capsys.readouterr().err
