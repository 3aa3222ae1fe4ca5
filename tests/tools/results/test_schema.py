# SPDX-License-Identifier: Apache-2.0
"""The schema covers the committed results and does not contradict itself."""

import json
import re
from pathlib import Path

import pytest
from results import benchmark_name, reader, schema

_AFFECTS = {"features", "memory", "loading", "score", "cost"}


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads(Path(schema.__file__).with_name("schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["baselines", "tests"])
def files(request: pytest.FixtureRequest) -> list[Path]:
    root = Path(__file__).parents[3]
    folder = {"baselines": root / "reports/baselines", "tests": root / "tests/tools/data"}
    return sorted(folder[request.param].glob("*.json"))


def test_entries_refer_to_each_other(document: dict) -> None:
    assert document["schema"] == 1
    for axis in document["axes"]:
        assert set(axis["affects"]) <= _AFFECTS and axis["affects"], axis["key"]
        assert axis["steps"] and set(axis["steps"]) <= set(schema.STEPS), axis["key"]
        assert axis["named"] in ("unless_default", "always", "part")
        assert axis["type"] in ("word", "number", "bytes")
        rules = (axis["default_rule"], axis.get("default_values"))
        assert axis["default"] is not None or any(rules), axis["key"]
        if axis["values"] is not None and axis["default"] is not None:
            assert axis["default"] in axis["values"], axis["key"]
    for step in document["steps"]:
        names = [axis["flag"] or axis["key"] for axis in document["axes"]
                 if step["name"] in axis["steps"]]  # fmt: skip
        assert step["axes"] == names
    flags = {axis["flag"]: axis["values"] for axis in document["axes"]}
    for preset in document["presets"]:
        for flag, values in preset["values"].items():
            assert flags[flag] is None or set(values) <= set(flags[flag])


def test_names_are_unique(document: dict) -> None:
    for table, key in (("steps", "name"), ("axes", "key"), ("counters", "name"),
                       ("architectures", "name"), ("settings", "flag")):  # fmt: skip
        names = [entry[key] for entry in document[table]]
        assert len(names) == len(set(names)), table


def test_rows_of_committed_results_have_known_keys_and_counters(files: list[Path]) -> None:
    # Counters that the tools write, and counters of older versions of the program.
    others = {"ratio_to_python", "fill_seconds", "cache_pays_after", "best_batch_size"}
    others |= {f"{step.counter}_batch_p50" for step in schema.PARTS}
    # Of peers in Python.
    others |= {"compile_seconds", "capture_seconds", "measured_candidates", "measured_seconds"}
    for path in files:
        for row in reader.read(path).rows:
            if row.aggregate is not None:
                continue
            name = benchmark_name.parse(row.run_name)
            for key, value in name.keys:
                axis = schema.AXES.get(key)
                if key in ("peer", "way", "peer_candidates"):  # Of rows that Python measured.
                    continue
                assert name.step in axis.steps, row.name
                # `pil` is the decoder of the published results.
                known = axis is None or axis.values is None or value in (*axis.values, "pil")
                assert known and (axis is None or value != axis.default), row.name
            for counter in row.numbers:
                assert counter in others or schema.counter(counter), f"{path.name}: {counter}"


def test_numbered_counters() -> None:
    assert schema.counter("block_03_seconds").unit == "s"
    assert schema.counter("regret_at_1024").unit == "share"
    assert schema.counter("accuracy_head1").better == "higher"
    assert schema.counter("p50").better == "lower"
    assert schema.counter("nothing") is None
    assert not any("<" in name for name in schema.DIRECTED)


def test_directions() -> None:
    assert schema.smaller_is_better("time") and schema.smaller_is_better("peak_device_bytes")
    assert not schema.smaller_is_better("items_per_second")
    assert schema.smaller_is_better("a_counter_that_nobody_knows")


def test_parts_of_a_search() -> None:
    assert [step.counter for step in schema.PARTS] == [
        "load_model", "load_data", "data_to_device", "inference", "score",
    ]  # fmt: skip


def test_defaults_stand_nowhere_else_in_python(root: Path) -> None:
    for path in (root / "tools").rglob("*.py"):
        found = re.findall(r"[\"'](contiguous|buffered)[\"']", path.read_text())
        assert not found, path


def test_unknown_architectures_are_refused_with_the_choices() -> None:
    with pytest.raises(KeyError, match=r"choices: resnet18 .* roberta_base"):
        schema.architecture("resnet19")
