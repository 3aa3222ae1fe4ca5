# SPDX-License-Identifier: Apache-2.0
"""tools/export.py: the entries of github-action-benchmark, and what is never exported."""

import json
import math
from pathlib import Path

import jsonschema
import pytest
from track import export_command as export

NAME = "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time"


def row(**entries) -> dict:
    return {"name": NAME, "run_type": "iteration", "real_time": 5.0, "time_unit": "ms"} | entries


def write(path: Path, rows: list, **context) -> Path:
    context = {"cpu_model": "a CPU", "git_revision": "0123456789ab"} | context
    path.write_text(json.dumps({"context": context, "benchmarks": rows}), encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return export.main([str(argument) for argument in arguments])


def exported(path: Path) -> dict[str, dict]:
    entries = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert len({entry["name"] for entry in entries}) == len(entries)
    return {entry["name"]: entry for entry in entries}


def test_the_median_of_batches_in_the_unit_of_the_row(tmp_path: Path) -> None:
    search = "EndToEnd/a/full/cpu/mode=serial/batch:8/manual_time"
    rows = [
        row(
            p50=0.004,
            ci95_rel=0.02,
            batches=45,
            items_per_second=1600.0,
            noisy=1,
            drifted=1,
            launch_bound=0,
        ),
        row(name=search, time_unit="s"),
    ]
    assert run(write(tmp_path / "r.json", rows), "-o", tmp_path) == 0
    smaller, bigger = exported(tmp_path / "smaller.json"), exported(tmp_path / "bigger.json")
    assert smaller[NAME]["value"] == pytest.approx(4.0)
    assert (smaller[NAME]["unit"], smaller[NAME]["range"]) == ("ms", "± 0.08")
    for part in ("runs: 1", "batches: 45", "a CPU", "0123456789ab", "flags: noisy, drifted"):
        assert part in smaller[NAME]["extra"]
    whole = smaller[search]
    assert (whole["value"], whole["unit"]) == (5.0, "s")
    assert "range" not in whole
    assert bigger == {
        f"{NAME} items_per_second": {
            "name": f"{NAME} items_per_second", "value": 1600.0, "unit": "items/s",
            "extra": smaller[NAME]["extra"],
        }
    }  # fmt: skip


def test_runs_give_their_median_and_spread(tmp_path: Path) -> None:
    # One run in another unit, one that repeated the row: a process counts once.
    write(tmp_path / "1.json", [row(real_time=5.0)])
    write(tmp_path / "2.json", [row(real_time=6000.0, time_unit="us")])
    write(tmp_path / "3.json", [row(real_time=time) for time in (9.0, 9.0, 30.0)])
    assert run(tmp_path, "--smaller", tmp_path / "out" / "s") == 0
    entry = exported(tmp_path / "out" / "s")[NAME]
    assert (entry["value"], entry["unit"], entry["range"]) == (6.0, "ms", "± 3")
    assert entry["extra"].startswith("runs: 3\n")


def test_what_cannot_be_a_number_is_left_out_and_reported(tmp_path: Path, capsys) -> None:
    rows = [
        row(items_per_second=math.nan),
        row(name="failed", real_time=0.0, error_occurred=True, error_message="out of memory"),
        row(name="skipped", real_time=0.0, skipped=True, skip_message="no GPU"),
        row(name=f"{NAME}_cv", run_type="aggregate", aggregate_name="cv", real_time=0.1),
        row(name="zero", real_time=0.0),
        row(name="endless", real_time=math.inf),
        row(name="fortnights", time_unit="fortnight"),
        row(name="half", real_time=1.0),
        row(name="half", real_time=0.0, error_occurred=True, error_message="lost"),
        row(name="MaxBatchSize/a/full/cpu/manual_time", real_time=9e3, max_batch_size=135),
        "no row",
    ]
    assert run(write(tmp_path / "r.json", rows), "-o", tmp_path) == 0
    assert list(exported(tmp_path / "smaller.json")) == [NAME]
    (largest,) = exported(tmp_path / "bigger.json").values()
    assert (largest["value"], largest["unit"]) == (135, "items")
    said = capsys.readouterr().err
    for part in ("items_per_second is nan", "failed: out of memory", "no GPU", "an aggregate (cv)",
                 "left out zero: real_time is 0.0", "real_time is inf", "'fortnight'; choices: ns",
                 "left out half: it failed in another", "a row without a name"):  # fmt: skip
        assert part in said


def test_counters_go_to_the_file_of_their_direction(tmp_path: Path, capsys) -> None:
    path = write(tmp_path / "r.json", [row(peak_device_bytes=7.0, accuracy=0.5)])
    assert run(path, "-o", tmp_path, "--counters=peak_device_bytes,accuracy") == 0
    assert exported(tmp_path / "smaller.json")[f"{NAME} peak_device_bytes"]["unit"] == "bytes"
    assert list(exported(tmp_path / "bigger.json")) == [f"{NAME} accuracy"]
    with pytest.raises(SystemExit) as ended:
        run(path, "-o", tmp_path, "--counters=macs")
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "'macs' is unknown; choices: " in told and "peak_device_bytes" in told


def test_no_empty_list_is_written(tmp_path: Path, capsys) -> None:
    path = write(tmp_path / "r.json", [row()])
    (tmp_path / "bigger.json").write_text("of an earlier run")
    assert run(path, "-o", tmp_path) == 0
    assert not (tmp_path / "bigger.json").exists()
    assert "not written" in capsys.readouterr().err
    assert run(path, "--bigger", tmp_path / "b.json") == 2
    assert f"--bigger={tmp_path}/b.json: there is nothing for it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "r.json: not Google Benchmark JSON"),
        ("[]", "r.json: not Google Benchmark JSON"),
        ('{"context": {}, "benchmarks": {}}', "no 'benchmarks' list"),
        ('{"context": {}, "benchmarks": []}', "no row of these files can be exported"),
    ],
)
def test_bad_files_are_refused(text: str, message: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "r.json").write_text(text)
    assert run(tmp_path / "r.json", "-o", tmp_path / "out") == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_other_refusals(tmp_path: Path, capsys) -> None:
    one = write(tmp_path / "1.json", [row()])
    two = write(tmp_path / "2.json", [row()], cpu_model="another")
    assert run(one, two, "-o", tmp_path / "out") == 2
    assert "(a CPU; another)" in capsys.readouterr().err
    assert run(one) == 2
    assert "-o DIR" in capsys.readouterr().err
    assert run(tmp_path / "none.json", "-o", tmp_path) == 2
    assert "none.json: no such file" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", "-o", tmp_path) == 2
    assert "no *.json in this folder" in capsys.readouterr().err
    assert run(one, "--smaller", one / "below") == 2
    assert "1.json" in capsys.readouterr().err


def test_real_files_follow_the_schema(root: Path, data: Path, tmp_path: Path) -> None:
    schema = json.loads((data / "formats/custom_smaller_or_bigger.schema.json").read_text())
    baselines = root / "reports/baselines"
    for source in (baselines / "h200-searches.json", baselines / "h200-inference-grid-1.json"):
        assert run(source, "-o", tmp_path) == 0
        for side in ("smaller", "bigger"):
            entries = json.loads((tmp_path / f"{side}.json").read_text(encoding="utf-8"))
            jsonschema.validate(entries, schema)
