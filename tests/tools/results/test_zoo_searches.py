# SPDX-License-Identifier: Apache-2.0
"""What Search rows say, and that every tool copes with rows whose subject is a zoo."""

import json
import warnings
from pathlib import Path

import planted_results as planted
import pytest
from compare.command import main as compare
from report.command import main as report
from results import schema, zoo_searches
from results.reader import ResultError
from track.export_command import main as export

_BERT = {"architecture_a": "bert_base", "architecture_b": "bert_base"}


def test_what_a_row_says(tmp_path: Path) -> None:
    rows = [planted.zoo_search(2.0, failed="d,e", alone_load_data=0.3, alone_inference=1.5)]
    (found,) = zoo_searches.of(planted.read(tmp_path, rows, option_device_cache="600"))
    assert (found.zoo, found.plan, found.budget, found.seconds) == ("zoo", "shared", "all", 2.0)
    assert found.setting["device_cache"] == "600" and "host_cache" not in found.setting
    assert (found.limit, found.keeping, found.failed) == (
        "inference", "everything", ("d", "e"),
    )  # fmt: skip
    assert found.busy == pytest.approx(
        {"load_data": 0.8, "load_model": 0.4, "inference": 1.6, "score": 0.18}
    )
    assert list(found.parts) == ["inference", "load_data", "score"]
    assert [(p.place, p.candidate, p.accuracy) for p in found.ranking] == [
        (1, "a", 0.9), (2, "b", 0.8), (3, "c", pytest.approx(0.7)),
    ]  # fmt: skip


def test_without_seconds_alone_the_busy_ones_count(tmp_path: Path) -> None:
    (found,) = zoo_searches.of(planted.read(tmp_path, [planted.zoo_search(alone_load_data=9.0)]))
    assert found.alone == {}
    assert next(iter(found.parts.items())) == ("inference", 0.8)


def _places(tmp_path: Path, row: dict) -> list[int]:
    (found,) = zoo_searches.of(planted.read(tmp_path, [row]))
    return [place.place for place in found.ranking]


def test_equal_values_share_a_place_unless_they_left_in_different_rounds(tmp_path: Path) -> None:
    equal = {f"score_value{i}": 0.5 for i in range(4)}
    row = planted.zoo_search(ranking="a,b,c,d", **equal)
    assert _places(tmp_path, row) == [1, 1, 1, 1]
    rounds = {"candidates_round1": 4.0, "candidates_round2": 2.0}
    row = planted.zoo_search(ranking="a,b,c,d", budget="halving", **equal, **rounds)
    assert _places(tmp_path, row) == [1, 1, 3, 3]


def test_a_ranking_without_scores_keeps_its_order(tmp_path: Path) -> None:
    row = {key: value for key, value in planted.zoo_search().items() if "score_v" not in key}
    assert _places(tmp_path, row) == [1, 2, 3]


def test_failed_and_odd_rows_are_no_searches(tmp_path: Path) -> None:
    odd = planted.zoo_search(plan="decode_once") | {"label": "", "items": "many"}
    rows = [planted.failed("Search/zoo/cuda/plan=shared"), odd]
    (found,) = zoo_searches.of(planted.read(tmp_path, rows))
    assert (found.ranking, found.failed, found.limit) == ((), (), "")


def test_the_question_is_that_of_equal_data_items_and_candidates(tmp_path: Path) -> None:
    one = [planted.zoo_search(), planted.zoo_search(ranking="c,b,a", plan="one_by_one")]
    same, other = zoo_searches.of(planted.read(tmp_path, one))
    assert same.question == other.question
    changed = [planted.zoo_search(ranking="a,b"), planted.zoo_search(items=500.0, plan="x")]
    for search in zoo_searches.of(planted.read(tmp_path, changed)):
        assert search.question != same.question


def test_a_zoo_of_texts_is_read_as_text(tmp_path: Path) -> None:
    results = planted.read(tmp_path, [planted.zoo_search()], **_BERT)
    assert results.domains == ["text"]


def test_a_zoo_is_not_a_candidate(tmp_path: Path) -> None:
    results = planted.read(tmp_path, [planted.zoo_search(), planted.end_to_end()])
    assert list(results.of_candidates["subject"]) == ["resnet18"]


def test_counters_of_places_have_their_meaning() -> None:
    for name, known in (("accuracy0", "accuracy<n>"), ("loss12", "loss<n>"),
                        ("items_round3", "items_round<n>")):  # fmt: skip
        assert schema.counter(name).name == known
    assert not schema.smaller_is_better("accuracy0")
    assert schema.counter("nothing7") is None


def _file(folder: Path, rows: list[dict], name: str = "run", **context: str) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"context": planted.CONTEXT | context, "benchmarks": rows}))
    return path


def test_a_report_says_no_nonsense_of_a_zoo(tmp_path: Path) -> None:
    many = ",".join(f"child-{i}" for i in range(150))
    rows = [planted.zoo_search(ranking=many), planted.end_to_end()]
    path = _file(tmp_path, rows, weights="random (seed 0)")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # A table of many counters is one block.
        assert report([str(path), "-o", str(tmp_path / "report")]) == 0
    text = (tmp_path / "report/report.md").read_text()
    assert "What limits zoo" not in text
    assert "zoo has no row" not in text and "zoo lacks" not in text
    assert "child-1,child-2" not in text.replace(" ", "")
    assert "zoo (random" not in text


def test_comparisons_and_exports_keep_the_row(tmp_path: Path, capsys) -> None:
    path = _file(tmp_path, [planted.zoo_search(failed="d")])
    assert compare([str(path), str(path)]) == 0
    assert "Search/zoo" in capsys.readouterr().out
    assert export([str(path), "-o", str(tmp_path / "out")]) == 0
    (entry,) = json.loads((tmp_path / "out/smaller.json").read_text())
    assert entry["name"].startswith("Search/zoo/") and entry["value"] == 1000.0


def test_versions_of_searches_are_not_mixed(tmp_path: Path) -> None:
    rows = [planted.zoo_search(row_version=version) for version in (1.0, 2.0)]
    with pytest.raises(ResultError, match="Search: row_version 1"):
        planted.read(tmp_path, rows[:1], rows[1:])
