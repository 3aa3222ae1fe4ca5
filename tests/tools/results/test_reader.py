# SPDX-License-Identifier: Apache-2.0
import json
import math
from pathlib import Path

import pytest
from results import configurations, processes, reader, row_order, table
from results.reader import ResultError

_NAME = "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time"


def _write(folder: Path, rows: list[dict], name: str = "results.json") -> Path:
    path = folder / name
    path.write_text(json.dumps({"context": {}, "benchmarks": rows}), encoding="utf-8")
    return path


def _row(**entries) -> dict:
    return {"name": _NAME, "run_type": "iteration", "real_time": 5.0, "time_unit": "ms"} | entries


def test_every_row_but_aggregates(cpu, data: Path) -> None:
    written = json.loads((data / "cpu.json").read_text())["benchmarks"]
    expected = {row["name"] for row in written if row["run_type"] != "aggregate"}
    assert set(cpu.rows["name"]) == expected
    assert len(cpu.rows) == len(expected)


def test_parts_units_and_counters(cpu) -> None:
    rows = cpu.rows.set_index("name")
    row = rows.loc["EndToEnd/resnet18/full/cpu/decoder=stb/mode=serial/threads=2/workers=2/batch:8"
                   "/manual_time"]  # fmt: skip
    assert (row["step"], row["subject"], row["configuration"]) == ("EndToEnd", "resnet18", "full")
    assert (row["device"], row["mode"], row["batch"]) == ("cpu", "serial", 8)
    assert row["seconds"] == pytest.approx(row["end_to_end"])
    milliseconds = rows.loc[_NAME]
    assert milliseconds["seconds"] == pytest.approx(0.1623)
    load = rows.loc["LoadData/images/cpu/decoder=stb/workers=2/batch:8/manual_time"]
    assert load["configuration"] is None


def test_failed_rows_are_separate(cpu) -> None:
    assert len(cpu.failed) == 2
    assert cpu.failed["seconds"].isna().all()
    assert any("truncated" in message for message in cpu.failed["error"])
    assert not set(cpu.failed["name"]) & set(cpu.measured["name"])


def test_same_cut(cpu) -> None:
    same = cpu.rows[cpu.rows["same_cut_as"].notna()]
    assert list(same["configuration"]) == ["last_1"]
    assert list(same["same_cut_as"]) == ["last_10pct"]


def test_order_follows_the_search_and_the_work(both) -> None:
    steps = list(dict.fromkeys(both.rows["step"]))
    assert steps == ["LoadModel", "LoadData", "DataToDevice", "Inference", "WriteActivations",
                     "Score", "EndToEnd"]  # fmt: skip
    inference = both.of_step("Inference")
    on_cpu = inference[(inference["device"] == "cpu") & (inference["subject"] == "resnet18")]
    assert list(dict.fromkeys(on_cpu["configuration"])) == [
        "full",
        "last_3",
        "last_25pct",
        "last_1",
    ]
    assert list(dict.fromkeys(inference["subject"])) == ["resnet18", "resnet50"]


def test_work_of_writing_activations_is_not_the_configuration_s(tmp_path: Path) -> None:
    rows = [
        _row(name=f"{step}/resnet18/{configuration}/cuda/batch:128/manual_time", macs=macs)
        for step, configuration, macs in (
            ("Inference", "full", 1.8e9),
            ("Inference", "last_1", 2e8),
            ("Inference", "last_50pct", 8e8),
            ("WriteActivations", "last_1", 1.6e9),
            ("WriteActivations", "last_50pct", 1e9),
        )
    ]
    inference = table.read([_write(tmp_path, rows)]).of_step("Inference")
    assert list(inference["configuration"]) == ["full", "last_50pct", "last_1"]


def test_without_macs_the_names_order() -> None:
    names = ["last_1", "last_25pct", "joint_last_3", "full", "last_3", "last_50pct"]
    ordered = sorted(names, key=configurations.order)
    assert ordered == ["full", "last_50pct", "last_25pct", "joint_last_3", "last_3", "last_1"]
    assert sorted(["resnet101", "resnet18"], key=row_order.natural) == ["resnet18", "resnet101"]


def test_repetitions_become_their_median(tmp_path: Path) -> None:
    rows = [_row(real_time=time, p50=time / 1e3) for time in (5.0, 9.0, 6.0)]
    result = table.read([_write(tmp_path, rows)]).rows
    assert len(result) == 1
    assert result.iloc[0]["seconds"] == pytest.approx(0.006)
    assert result.iloc[0]["p50"] == pytest.approx(0.006)


def test_one_failed_repetition_fails_the_combination(tmp_path: Path) -> None:
    rows = [_row(), _row(error_occurred=True, error_message="out of memory", real_time=0)]
    results = table.read([_write(tmp_path, rows)])
    assert list(results.failed["error"]) == ["out of memory"]
    assert results.measured.empty


def test_non_finite_numbers_count_as_missing(tmp_path: Path) -> None:
    rows = [_row(p50=math.nan, items_per_second=math.inf, p90=0.1)]
    row = table.read([_write(tmp_path, rows)]).rows.iloc[0]
    assert math.isnan(row["p50"])
    assert math.isnan(row["items_per_second"])
    assert row["p90"] == 0.1


def test_names_of_others_are_left_out(tmp_path: Path) -> None:
    results = table.read([_write(tmp_path, [_row(), _row(name="BM_Other/8")])])
    assert results.ignored == ("BM_Other/8",)
    assert len(results.rows) == 1


def test_files_of_one_name_stay_separate(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    paths = [_write(tmp_path, [_row()]), _write(tmp_path / "old", [_row()])]
    assert list(table.read(paths).rows["source"]) == ["results", "results-2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("hello", "not JSON"),
        ('{"context": {}, "benchmarks": [{"name": "Infer', "truncated"),
        ('{"context": {}}', "no 'benchmarks'"),
        ("[]", "no 'benchmarks'"),
        ('{"context": {}, "benchmarks": []}', "holds no results"),
        ('{"context": 3, "benchmarks": [{}]}', "'context' is not an object"),
        ('{"benchmarks": [{"name": "BM_Other"}]}', "no rows of model_search_bench"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ResultError, match=message) as raised:
        table.read([path])
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)


def test_a_missing_file_a_folder_and_binary_data(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="no such file"):
        table.read([tmp_path / "none.json"])
    with pytest.raises(ResultError, match=r"[Dd]irectory"):
        table.read([tmp_path])
    (tmp_path / "image.json").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(ResultError, match="not JSON"):
        table.read([tmp_path / "image.json"])


def test_other_json_in_a_folder_is_left_out(tmp_path: Path, capsys) -> None:
    kept = _write(tmp_path, [_row()])
    (tmp_path / "settings.json").write_text('{"a": 1}')
    (tmp_path / "list.json").write_text("[]")
    assert list(reader.files([tmp_path])) == [kept]
    assert "left out JSON without a 'benchmarks' list: list.json, settings.json" in (
        capsys.readouterr().err
    )
    assert [process.file for process in processes.read(tmp_path)] == [str(kept)]
    kept.unlink()
    with pytest.raises(ResultError, match="with results in this folder"):
        list(reader.files([tmp_path]))
    (tmp_path / "cut.json").write_text('{"benchmarks": [')
    with pytest.raises(ResultError, match="truncated JSON"):
        processes.read(tmp_path)


def test_single_processes_are_not_counted_twice(tmp_path: Path) -> None:
    merged = _write(tmp_path, [_row()])
    folder = tmp_path / "results.processes"
    folder.mkdir()
    own = [_write(folder, [_row()], f"{number}.json") for number in (1, 2)]
    assert list(reader.files([tmp_path])) == [merged]
    assert list(reader.files([folder])) == own
    assert len(processes.read(folder)) == 2


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = _write(tmp_path, [_row()])
    path.write_text(path.read_text(), encoding="utf-8-sig")
    assert len(reader.read(path).rows) == 1
