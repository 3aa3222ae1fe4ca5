# SPDX-License-Identifier: Apache-2.0
"""What a report says of searches of whole zoos: only numbers of the rows, and their quotients."""

from pathlib import Path

import planted_results as planted
import pytest
from report.answer import first, sentences
from report.answer.first import First
from report.rendering import render

_STEADY = {"ci95_processes_rel": 0.01}
_ALONE = {"alone_load_data": 0.6, "alone_inference": 0.3, "alone_load_model": 0.1}


def _gather(tmp_path: Path, *rows: dict, **context: str) -> First:
    return first.gather(planted.read(tmp_path, list(rows), **context))


def _actions(found: First) -> list[str]:
    return [sentences.action(one) for one in found.answer.actions]


def test_headline_and_limit(tmp_path: Path) -> None:
    found = _gather(tmp_path, planted.zoo_search(failed="broken", **_ALONE))
    assert sentences.headline(found.answer) == (
        "1,000 images \N{MULTIPLICATION SIGN} 3 candidates: 1.0 s now. Limit: loading data."
    )
    assert found.answer.remarks == ("Failed: broken.",)
    found = _gather(tmp_path, planted.zoo_search())  # The busiest part, where none was alone.
    assert found.answer.limit == "inference"


def test_the_cost_at_another_scale(tmp_path: Path) -> None:
    """Decoding once: it is the limit until the candidates' networks take longer."""
    answer = _gather(tmp_path, planted.zoo_search(**_ALONE)).answer
    assert answer.now.seconds(1000, 3) == pytest.approx(1.0)
    over, score = 0.9 / 0.6, 0.09 / 3000
    assert answer.now.seconds(2000, 3) == pytest.approx(over * 1.2 + 6000 * score + 0.01)
    assert answer.now.seconds(1000, 30) == pytest.approx(over * 3.0 + 30000 * score + 0.01)
    plain = planted.zoo_search(plan="one_by_one", **_ALONE)
    answer = _gather(tmp_path, plain).answer
    assert answer.now.seconds(1000, 30) == pytest.approx(over * 6.0 + 30000 * score + 0.01)


def test_each_way_to_search_has_its_bar_and_its_ratio(tmp_path: Path) -> None:
    rows = [planted.zoo_search(seconds, plan, **_STEADY) for plan, seconds in
            (("one_by_one", 12.0), ("decode_once", 4.0), ("shared", 1.0))]  # fmt: skip
    found = _gather(tmp_path, *rows)
    assert [(bar.label, bar.seconds) for bar in found.answer.picture.bars] == [
        ("One by one", 12.0), ("Decode once", 4.0), ("Share segments", 1.0),
    ]  # fmt: skip
    for bar in found.answer.picture.bars:
        assert sum(piece.seconds for piece in bar.pieces) == pytest.approx(bar.seconds)
    assert found.saved == [
        "Decoding once is 3.0 times as fast as searching one by one, measured.",
        "Sharing segments is 3.9 to 4.1 times as fast as decoding once, measured.",
    ]


def test_a_trace_is_the_picture(tmp_path: Path) -> None:
    found = _gather(tmp_path, planted.zoo_search(trace=planted.trace()))
    bars = {bar.label: bar for bar in found.answer.picture.bars}
    (span,) = bars["Inference"].pieces
    assert (span.start, span.seconds) == (pytest.approx(0.3), pytest.approx(0.6))
    assert found.answer.picture.longest == pytest.approx(1.0)


def test_plans_of_other_settings_or_files_are_not_mixed(tmp_path: Path) -> None:
    rows = [planted.zoo_search(4.0, "one_by_one", keys="workers=2"), planted.zoo_search(1.0)]
    assert _gather(tmp_path, *rows).saved == []
    files = planted.read(tmp_path, [planted.zoo_search(4.0, "one_by_one")], [planted.zoo_search()])
    assert first.gather(files).saved == []


def test_a_plan_that_pays_already_is_named(tmp_path: Path) -> None:
    rows = [planted.zoo_search(4.0, "one_by_one", **_STEADY), planted.zoo_search(**_STEADY)]
    said = _gather(tmp_path, *rows).answer.declined
    text = "Already used: sharing segments, 3.9 to 4.1 times as fast as searching one by one."
    assert text in said
    assert not any("another plan" in one for one in said)
    # A faster row with another plan is advice.
    rows = [planted.zoo_search(0.5, "one_by_one", **_STEADY), planted.zoo_search(**_STEADY)]
    said = _gather(tmp_path, *rows).answer.declined
    assert not any("Already used" in one for one in said)


def test_halving_pays_or_not(tmp_path: Path) -> None:
    def halved(seconds: float, **counters: float) -> First:
        halving = planted.zoo_search(seconds, budget="halving", **(_STEADY | counters))
        return _gather(tmp_path, planted.zoo_search(**_STEADY), halving)

    assert _actions(halved(0.5, regret=0.0)) == [
        "Drop the weaker half in rounds (budget halving): 2.0 times as fast, measured; "
        "its choice scores as much."
    ]
    assert "its choice scores 0.25 less" in _actions(halved(0.5, regret=0.25))[0]
    for seconds in (0.998, 1.5):
        found = halved(seconds)
        assert found.answer.actions == () and found.answer.after is None
        assert "No gain beyond 3 % and noise: another budget." in found.answer.declined


def test_advice_is_a_measured_row_that_was_faster(tmp_path: Path) -> None:
    rows = [
        planted.zoo_search(keys="precision=torch/workers=8", **_STEADY),
        planted.zoo_search(0.5, keys="precision=bf16/workers=8", feature_distance=0.02, **_STEADY),
        planted.zoo_search(0.8, keys="page_cache=cold/workers=8", ranking="b,a,c", **_STEADY),
        planted.zoo_search(2.0, keys="decoder=nvjpeg/workers=8", **_STEADY),
        planted.zoo_search(0.2, keys="page_cache=cold/precision=bf16/workers=8", **_STEADY),
    ]
    found = _gather(tmp_path, *rows)
    said = _actions(found)
    assert said[0].startswith("Compute in bf16 (precision bf16): ")
    assert "features move by 2 %" in said[0]
    assert said[1].startswith("Use a cold page cache: ") and "another first place: b" in said[1]
    assert len(said) == 2
    assert found.answer.changed == (1, 2)
    assert found.answer.after.seconds(1000, 3) == pytest.approx(0.2)
    assert "--precisions=bf16" in found.answer.actions[0].command
    for action, seconds in zip(found.answer.actions, (0.5, 0.8), strict=True):
        assert action.gain.times == pytest.approx(1.0 / seconds)
        assert action.gain.low < action.gain.times < action.gain.high


def test_noise_and_other_questions_are_not_advice(tmp_path: Path) -> None:
    rows = [planted.zoo_search(), planted.zoo_search(0.98, keys="workers=16")]
    assert _actions(_gather(tmp_path, *rows)) == []
    other = planted.zoo_search(0.1, keys="probe=minibatch/workers=8", **_STEADY)
    assert _actions(_gather(tmp_path, planted.zoo_search(**_STEADY), other)) == []
    assert len(_gather(tmp_path, *rows, planted.zoo_search(0.1, items=500.0, plan="x")).zoos) == 2


def test_a_bound_of_memory_is_a_setting(tmp_path: Path) -> None:
    bounded = planted.zoo_search(3.0, **_STEADY, recomputed_segments=2.0)
    bounded["label"] = bounded["label"].replace("everything", "pieces")
    (said,) = _gather(tmp_path, bounded, option_device_cache="60000000").answer.remarks
    assert "within its bounds of memory it kept what one piece of the data set needs" in said
    assert "computed 2 segments again" in said


def test_predictions_of_the_planner(tmp_path: Path) -> None:
    rows = [planted.zoo_search(2.0, plan, prediction_error=error, predicted_seconds=2 + 2 * error)
            for plan, error in (("decode_once", -0.25), ("shared", 0.5))]  # fmt: skip
    (zoo,) = _gather(tmp_path, *rows).zoos
    assert zoo.planned == (
        "The planner's 2 predictions were off by 38 % in the median, 50 % at most."
    )
    (zoo,) = _gather(tmp_path, rows[0]).zoos
    assert zoo.planned == "The planner's prediction was off by 25 %."


def test_counters_that_are_missing_are_not_spoken_of(tmp_path: Path) -> None:
    row = {key: value for key, value in planted.zoo_search().items()
           if not isinstance(value, float) or key == "real_time"}  # fmt: skip
    report = render(planted.read(tmp_path, [row | {"label": "anything"}]), tmp_path / "out")
    assert "nan" not in report.path.read_text().lower()
    assert report.sentences[0].endswith("3 candidates: 1.0 s now. Limit: not known.")


def test_places_are_shared_and_random_weights_rank_nothing(tmp_path: Path) -> None:
    row = planted.zoo_search(score_value0=0.9, score_value1=0.9, accuracy0=0.9, accuracy1=0.9)
    names = {f"weights_{name}": f"{name}.safetensors {name}" for name in "abc"}
    found = _gather(tmp_path, row, **names)
    assert [(one.place, one.name) for one in found.ranking] == [(1, "a"), (1, "b"), (3, "c")]
    # Wilson's interval of 180 of 200 held-out items, from scipy.stats.binomtest(...).proportion_ci.
    interval = (found.ranking[0].low, found.ranking[0].high)
    assert interval == pytest.approx((0.850638, 0.934330), abs=1e-4)
    equal = names | {"weights_c": "a.safetensors a"}
    assert [one.place for one in _gather(tmp_path, row, **equal).ranking] == [1, 1, 1]
    assert _gather(tmp_path, row, weights="random (seed 0)").ranking == []
