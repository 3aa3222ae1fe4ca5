# SPDX-License-Identifier: Apache-2.0
"""What a report says of searches of whole zoos: only numbers of the rows, and their quotients."""

from pathlib import Path

import planted_results as planted
from report.rendering import render
from report.whole_search import section

_STEADY = {"ci95_processes_rel": 0.01}


def _one(tmp_path: Path, *rows: dict, **context: str) -> section.Found:
    (found,) = section.gather(planted.read(tmp_path, list(rows), **context))
    return found


def _text(tmp_path: Path, *rows: dict, **context: str) -> str:
    return " ".join(_one(tmp_path, *rows, **context).sentences)


def test_what_took_the_time_and_what_is_the_next_limit(tmp_path: Path) -> None:
    alone = {"alone_load_data": 0.6, "alone_inference": 0.3, "alone_load_model": 0.1,
             "elapsed_over_slowest_alone": 1.5}  # fmt: skip
    found = _one(tmp_path, planted.zoo_search(failed="broken", **alone))
    assert found.title == "zoo on the GPU, 3 candidates over 1,000 images"
    text = " ".join(found.sentences)
    for words in (
        "With plan shared and budget all the search takes 1.00 s, 333 ms a candidate.",
        "The extraction takes 900 ms (90 %) and scoring 90.0 ms (9 %).",
        "inference was busy for 800 ms, loading data was busy for 400 ms",
        "Its limit is loading data, which takes 600 ms alone; the extraction takes 1.50 times",
        "The next limit is inference, which takes 300 ms alone.",
        "Left out: broken.",
    ):
        assert words in text, text


def test_without_seconds_alone_the_limit_is_the_busiest_part(tmp_path: Path) -> None:
    text = _text(tmp_path, planted.zoo_search())
    assert "Its limit is inference, which was busy for 800 ms." in text
    assert "The next limit is loading data, which was busy for 400 ms." in text
    assert "alone" not in text


def test_each_way_to_search_has_its_ratio(tmp_path: Path) -> None:
    rows = [planted.zoo_search(seconds, plan) for plan, seconds in
            (("one_by_one", 12.0), ("decode_once", 4.0), ("shared", 1.0))]  # fmt: skip
    text = _text(tmp_path, *rows)
    assert (
        "With budget all, decoding once is 3.00 times as fast (12.0 s to 4.00 s) and sharing "
        "segments is 4.00 times as fast (4.00 s to 1.00 s); together 12.0 times as fast."
    ) in text
    text = _text(tmp_path, rows[0], rows[2])
    assert "decoding once and sharing segments is 12.0 times as fast (12.0 s to 1.00 s)." in text


def test_ratios_of_several_processes_have_an_interval(tmp_path: Path) -> None:
    rows = [planted.zoo_search(4.0, "one_by_one", **_STEADY), planted.zoo_search(1.0, **_STEADY)]
    assert "is 4.00 times as fast (3.94 to 4.06) (4.00 s" in _text(tmp_path, *rows)
    assert "is 4.00 times as fast (4.00 s" in _text(tmp_path, rows[0], planted.zoo_search(1.0))


def test_plans_of_other_settings_or_files_are_not_mixed(tmp_path: Path) -> None:
    rows = [planted.zoo_search(4.0, "one_by_one", keys="workers=2"), planted.zoo_search(1.0)]
    assert "sharing segments" not in _text(tmp_path, *rows)
    files = planted.read(tmp_path, [planted.zoo_search(4.0, "one_by_one")], [planted.zoo_search()])
    (found,) = section.gather(files)
    assert "sharing segments" not in " ".join(found.sentences)


def test_halving_pays_or_not(tmp_path: Path) -> None:
    def halved(seconds: float, **counters: float) -> str:
        halving = planted.zoo_search(seconds, budget="halving", **(_STEADY | counters))
        return _text(tmp_path, planted.zoo_search(**_STEADY), halving)

    text = halved(0.5, regret=0.0, regret_loss=0.0)
    assert "Halving pays with plan shared: 500 ms in place of 1.00 s, 2.00 times as fast" in text
    assert "Its choice is the best candidate" in text
    text = halved(0.998, regret=0.25, halving_rounds=4.0, score=0.6)
    assert "Halving does not pay with plan shared: 998 ms in place of 1.00 s" in text
    assert "the difference is within the rows' noise" in text
    assert "4 rounds of scores take 600 ms in place of 90.0 ms" in text
    assert "Its choice scores 0.250 less than the best candidate on all items." in text
    assert "and it is slower" in halved(1.5)
    assert "within the rows' noise" in halved(1.001)
    assert "with 0.200 more loss on all items" in halved(0.5, regret=0.0, regret_loss=0.2)


def test_advice_is_a_measured_row_that_was_faster(tmp_path: Path) -> None:
    rows = [
        planted.zoo_search(keys="precision=torch/workers=8", **_STEADY),
        planted.zoo_search(0.5, keys="precision=bf16/workers=8", feature_distance=0.02, **_STEADY),
        planted.zoo_search(0.8, keys="page_cache=cold/workers=8", ranking="b,a,c", **_STEADY),
        planted.zoo_search(2.0, keys="decoder=nvjpeg/workers=8", **_STEADY),
        planted.zoo_search(0.2, keys="page_cache=cold/precision=bf16/workers=8", **_STEADY),
    ]
    text = _text(tmp_path, *rows)
    assert "precision bf16 takes 500 ms, 2.00 times as fast (1.9" in text
    assert "features are within 2 % of the reference" in text
    assert "a cold page cache takes 800 ms, 1.25 times as fast" in text
    assert "the first place is b in place of a" in text
    assert "nvjpeg" not in text
    assert "Fastest of all, a cold page cache and precision bf16 takes 200 ms" in text


def test_noise_and_other_questions_are_not_advice(tmp_path: Path) -> None:
    rows = [planted.zoo_search(), planted.zoo_search(0.98, keys="workers=16")]
    assert "No other measured plan or setting is faster" in _text(tmp_path, *rows)
    other = planted.zoo_search(0.1, keys="probe=minibatch/workers=8", **_STEADY)
    assert "takes 100 ms" not in _text(tmp_path, planted.zoo_search(**_STEADY), other)
    results = planted.read(tmp_path, [*rows, planted.zoo_search(0.1, items=500.0, plan="x")])
    assert len(section.gather(results)) == 2


def test_a_bound_of_memory_is_a_setting(tmp_path: Path) -> None:
    bounded = planted.zoo_search(3.0, **_STEADY, recomputed_segments=2.0)
    bounded["label"] = bounded["label"].replace("everything", "pieces")
    path = planted.read(tmp_path, [bounded], option_device_cache="60000000")
    (found,) = section.gather(path)
    text = " ".join(found.sentences)
    assert "within its bounds of memory it kept what one piece of the data set needs" in text
    assert "computed 2 segments again" in text


def test_predictions_of_the_planner(tmp_path: Path) -> None:
    rows = [planted.zoo_search(2.0, plan, prediction_error=error, predicted_seconds=2 + 2 * error)
            for plan, error in (("decode_once", -0.25), ("shared", 0.5))]  # fmt: skip
    text = _text(tmp_path, *rows)
    assert "The planner's 2 predictions were off by 38 % in the median and by 50 % at most" in text
    assert "3.00 s predicted, 2.00 s taken; plan shared" in text
    assert "was off by 25 % (1.50 s predicted, 2.00 s taken)." in _text(tmp_path, rows[0])


def test_counters_that_are_missing_are_not_spoken_of(tmp_path: Path) -> None:
    row = {key: value for key, value in planted.zoo_search().items()
           if not isinstance(value, float) or key == "real_time"}  # fmt: skip
    found = _one(tmp_path, row | {"label": "anything"})
    assert found.title == "zoo on the GPU"
    assert found.sentences == ("With plan shared and budget all the search takes 1.00 s.",)
    assert found.ranking == "" and "nan" not in found.searches


def test_both_documents_have_the_section(tmp_path: Path) -> None:
    rows = [planted.zoo_search(), planted.zoo_search(0.5, budget="halving", ranking="b,a,c")]
    report = render(planted.read(tmp_path, rows), tmp_path / "out")
    text, page = report.path.read_text(), report.page.read_text()
    assert "## The whole search" in text and 'id="zoo"' in page
    assert "| 1 | a | 90.0 % | 0.100 | 2 |" in text
    assert "No end-to-end combination" not in text and "### Search of the zoo" not in text
    assert text.splitlines()[2] == (
        "These results have one search of a whole zoo: zoo on the GPU, 3 candidates over 1,000 "
        "images."
    )
    assert any("Its limit is inference" in sentence for sentence in report.sentences)
    render(planted.read(tmp_path, [planted.end_to_end()]), tmp_path / "out")
    assert "The whole search" not in report.path.read_text()
