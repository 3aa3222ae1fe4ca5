# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

from report import sentences, shares

_DOING = {
    "load_model": "loading the model", "load_data": "loading data", "score": "scoring",
    "data_to_device": "copying data to the device", "inference": "inference",
}  # fmt: skip


def test_every_sentence_recomputed_from_the_file(cpu, data: Path) -> None:
    rows = shares.with_steps(cpu.of_step("EndToEnd"))
    said = dict(zip(rows["name"], sentences.combinations(rows, cpu.contexts), strict=True))
    written = json.loads((data / "cpu.json").read_text())["benchmarks"]
    measured = [
        row
        for row in written
        if row["name"].startswith("EndToEnd") and not row.get("error_occurred")
    ]
    assert len(said) == len(measured) == 6
    for row in measured:
        largest = max(_DOING, key=lambda counter, row=row: row[counter])
        doing = _DOING[largest]
        if "mode=prefetch" in row["name"] and largest == "load_data":
            doing = "waiting for data"
        share = round(100 * row[largest] / row["end_to_end"])
        assert f": {doing} takes {share} % of " in said[row["name"]]
        assert ("(random weights)") in said[row["name"]]


def test_wording_of_a_full_network_and_a_tail(cpu) -> None:
    rows = shares.with_steps(cpu.of_step("EndToEnd"))
    said = sentences.combinations(rows, cpu.contexts)
    assert said[0] == (
        "ResNet-18 (random weights), full, on the CPU, serial mode: inference takes 74 % of 7.04 s,"
        " then loading data with 22 %."
    )
    tail = next(text for text in said if "ResNet-18 (random weights), last_3" in text)
    assert tail.endswith(
        "Its trunk ran before, building the cache in 5.41 s, which pays after 2 searches."
    )
    assert any("last_1 (same cut as last_10pct)" in text for text in said)


def test_prefetch_waits_and_loaded_weights_are_not_called_random(both) -> None:
    rows = shares.with_steps(both.of_step("EndToEnd"))
    said = sentences.combinations(rows, both.contexts)
    prefetch = next(text for text in said if "on the GPU, prefetch mode" in text)
    assert "waiting for data takes 87 % of 5.52 s" in prefetch
    assert any(text.startswith("ResNet-50, full, on the GPU") for text in said)
    assert len(set(said)) == len(said)


def test_prefetch_is_named_even_where_nothing_else_is(both) -> None:
    rows = shares.with_steps(both.of_step("EndToEnd"))
    only = rows[rows["mode"] == "prefetch"].head(1)
    assert "prefetch mode" in sentences.combinations(only, both.contexts)[0]
    assert sentences.overall(only).startswith("One combination")


def test_overall_counts_the_largest_steps(both) -> None:
    rows = shares.with_steps(both.of_step("EndToEnd"))
    assert sentences.overall(rows) == (
        "The largest step of 10 combinations measured end to end: inference in 6, loading data in 3"
        " and waiting for data in 1."
    )
    assert "no serial or prefetching search" in sentences.overall(rows.head(0))
