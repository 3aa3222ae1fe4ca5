# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from peers import inference_ratio, our_inference, ratio_results, torch_inference
from peers.ratios import Round, exit_code, ratios
from peers.sample import PeerError, Sample, Setting
from results import table

_SETTING = Setting(("resnet18",), (8,), threads=2)


def _rounds(*pairs: tuple[float, float]) -> list[Round]:
    return [
        Round([Sample("resnet18", 8, ours, ours)], [Sample("resnet18", 8, theirs, theirs)])
        for ours, theirs in pairs
    ]


def test_median_of_each_rounds_ratio() -> None:
    # The machine is three times slower in the second round; both sides feel it.
    (ratio,) = ratios(_rounds((1.02, 1.0), (3.0, 3.0), (1.0, 0.8)), _SETTING)
    assert ratio.rounds == pytest.approx((1.02, 1.0, 1.25))
    assert ratio.median == pytest.approx(1.02)
    assert (ratio.ours, ratio.python) == (1.02, 1.0)


@pytest.mark.parametrize(
    ("ours", "max_ratio", "code"), [(1.04, 1.05, 0), (1.06, 1.05, 1), (1.06, None, 0)]
)
def test_exit_code(ours: float, max_ratio: float | None, code: int) -> None:
    assert exit_code(ratios(_rounds((ours, 1.0)), _SETTING), max_ratio) == code


def test_a_failed_or_missing_side_never_passes() -> None:
    failed = [Round([Sample("resnet18", 8, error="out of memory")], [Sample("resnet18", 8, 1, 1)])]
    (ratio,) = ratios(failed, _SETTING)
    assert ratio.error == "ours: out of memory"
    assert exit_code([ratio], 1.05) == 2
    (ratio,) = ratios([Round([Sample("resnet18", 8, 1, 1)], [])], _SETTING)
    assert ratio.error == "Python: no measurement"


def test_our_rows_are_read(data: Path) -> None:
    found = our_inference.samples(json.loads((data / "cuda.json").read_text()))
    assert Sample("resnet50", 1024, error="out of memory: 1024 images of resnet50 need more than "
                  "24 GB") in found  # fmt: skip
    sample = next(s for s in found if (s.architecture, s.batch) == ("resnet18", 128))
    assert sample.median > 0


def test_our_flags() -> None:
    command = our_inference.command(Path("program"), _SETTING, Path("out.json"))
    for flag in ("--steps=Inference", "--configurations=full", "--threads=2", "--batches=25",
                 "--precisions=torch", "--benchmark_out=out.json"):  # fmt: skip
        assert flag in command
    assert not any(flag.startswith("--max_lengths") for flag in command)
    short = our_inference.command(
        Path("program"), Setting(("bert_base",), (1,), max_length=64), Path("o")
    )
    assert "--max_lengths=64" in short
    on_gpu = our_inference.command(Path("program"), Setting(("a",), (1,), "cuda"), Path("o"))
    assert not any(flag.startswith("--threads") for flag in on_gpu)


def test_results_are_readable_and_sides_have_different_names(tmp_path: Path) -> None:
    document = ratio_results.document(_rounds((1.0, 2.0), (1.0, 1.0)), _SETTING, {"cpu_model": "x"})
    path = tmp_path / "ratio.json"
    path.write_text(json.dumps(document))
    rows = table.read([path]).rows
    assert sorted(rows["name"]) == [
        "Inference/resnet18/full/cpu/peer=python/threads=2/batch:8/manual_time",
        "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time",
    ]
    ours = rows[~rows["name"].str.contains("peer")].iloc[0]
    assert ours["ratio_to_python"] == pytest.approx(0.75)


def test_only_names_of_texts_have_a_maximum_length() -> None:
    setting = Setting(("bert_base", "resnet18"), (8,), threads=2, max_length=64)
    both = [Sample(name, 8, 1.0, 1.0) for name in setting.architectures]
    rows = ratio_results.document([Round(both, [])], setting, {})["benchmarks"]
    assert [row["name"] for row in rows] == [
        "Inference/bert_base/full/cpu/max_length=64/threads=2/batch:8/manual_time",
        "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time",
    ]


def _fake_sides(monkeypatch: pytest.MonkeyPatch, ours: float, calls: list[str]) -> None:
    def run_ours(binary: Path, setting: Setting):
        calls.append("ours")
        return [Sample("resnet18", 8, ours, ours)], {}

    def run_python(setting: Setting):
        calls.append("python")
        return [Sample("resnet18", 8, 1.0, 1.0)]

    monkeypatch.setattr(our_inference, "run", run_ours)
    monkeypatch.setattr(torch_inference, "run", run_python)


@pytest.mark.parametrize(("ours", "code"), [(1.0, 0), (1.2, 1)])
def test_the_command_alternates_and_decides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys, ours: float, code: int
) -> None:
    calls: list[str] = []
    _fake_sides(monkeypatch, ours, calls)
    binary = tmp_path / "binary"
    binary.touch()
    arguments = ["--binary", str(binary), "--architectures=resnet18", "--rounds=3",
                 "--max-ratio=1.05", "-o", str(tmp_path / "out.json")]  # fmt: skip
    assert inference_ratio.main(arguments) == code
    assert calls == ["ours", "python", "python", "ours", "ours", "python"]
    assert f"{ours:.3f}" in capsys.readouterr().out
    assert len(json.loads((tmp_path / "out.json").read_text())["benchmarks"]) == 6


def test_a_missing_program_is_told(tmp_path: Path, capsys) -> None:
    assert inference_ratio.main(["--binary", str(tmp_path / "none")]) == 2
    assert "no such program" in capsys.readouterr().err


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    binary = tmp_path / "program"
    binary.write_text("#!/bin/sh\necho '--threads: unknown' >&2\nexit 3\n")
    binary.chmod(0o755)
    with pytest.raises(PeerError, match=r"exit code 3\): --threads: unknown"):
        our_inference.run(binary, _SETTING)


def test_unknown_networks_and_lengths_are_refused(capsys) -> None:
    for argument, why in (("--architectures=resnet19", "choices: resnet18"),
                          ("--max_length=513", "3 to 512")):  # fmt: skip
        with pytest.raises(SystemExit) as exit:
            inference_ratio.main([argument])
        assert exit.value.code == 2
        assert why in capsys.readouterr().err


def test_warm_up_must_leave_batches(tmp_path: Path, capsys) -> None:
    assert inference_ratio.main(["--batches=5"]) == 2
    assert "warm-up" in capsys.readouterr().err


@pytest.mark.parametrize("architecture", ["resnet18", "bert_base"])
def test_pythons_side_measures(architecture: str) -> None:
    setting = Setting((architecture,), (1,), threads=1, batches=3, warmup_batches=1, max_length=16)
    (sample,) = torch_inference.run(setting)
    assert (sample.architecture, sample.batch, sample.error) == (architecture, 1, None)
    assert 1e-4 < sample.median < 60
