# SPDX-License-Identifier: Apache-2.0
"""Python's side of inference and ours: settings, rows, the order of the sides, and the verdict."""

import json
from pathlib import Path

import pytest
from compare.ratios import ratios
from peers import inference_ratio, our_inference, our_program, torch_inference
from peers.inference_setting import InferenceSetting
from peers.peer_process import PeerError
from peers.rows import PeerResult
from results import table

_SETTING = InferenceSetting(("resnet18",), (8,), threads=2)
_OURS = "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time"


def _row(seconds: float) -> dict:
    return {"name": _OURS, "p50": seconds, "real_time": 1e3 * seconds, "time_unit": "ms"}


def _fake_sides(
    monkeypatch: pytest.MonkeyPatch, ours: list[dict], python: list[dict], calls: list[str]
) -> None:
    """Rows of ours and results of Python, by network and batch size, one of each per round."""

    def run_ours(binary: Path, setting: InferenceSetting):
        calls.append("ours")
        return ours[min(calls.count("ours"), len(ours)) - 1], {"cpu_model": "x"}

    def run_python(setting: InferenceSetting):
        calls.append("python")
        return python[min(calls.count("python"), len(python)) - 1]

    monkeypatch.setattr(our_inference, "run", run_ours)
    monkeypatch.setattr(torch_inference, "run", run_python)


def _of(*seconds: float) -> list[dict]:
    return [{("resnet18", 8): _row(each)} for each in seconds]


def _python(*seconds: float) -> list[dict]:
    return [{("resnet18", 8): PeerResult(each, {"p50": each})} for each in seconds]


def _measured(monkeypatch: pytest.MonkeyPatch, ours: list[dict], python: list[dict]):
    _fake_sides(monkeypatch, ours, python, [])
    *_, rounds = inference_ratio.measure(Path("program"), _SETTING, max(len(ours), len(python)))
    return rounds


def test_median_of_each_rounds_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    # The machine is three times slower in the second round; both sides slow down.
    rounds = _measured(monkeypatch, _of(1.0, 3.0, 0.8), _python(1.02, 3.0, 1.0))
    (ratio,) = ratios(rounds.measured, inference_ratio.SECONDS)
    assert ratio.rounds == pytest.approx((1.02, 1.0, 1.25))
    assert ratio.median == pytest.approx(1.02)
    assert (ratio.ours, ratio.theirs) == (1.0, 1.02)


def test_a_failed_or_missing_side_never_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = _row(0) | {"error_occurred": True, "error_message": "out of memory"}
    for ours, python, error in (
        ([{("resnet18", 8): failed}], _python(1), "ours, round 1: out of memory"),
        (_of(1), [{}], "python, round 1: no measurement"),
        ([{}], _python(1), "ours, round 1: no measurement"),
    ):
        rounds = _measured(monkeypatch, ours, python)
        (ratio,) = ratios(rounds.measured, inference_ratio.SECONDS)
        assert ratio.error == error
        assert not any("ratio_to_python" in row for row in rounds.document()["benchmarks"])


def test_our_rows_are_read(data: Path) -> None:
    found = our_inference.rows(json.loads((data / "cuda.json").read_text()))
    assert found[("resnet50", 1024)]["error_message"] == (
        "out of memory: 1024 images of resnet50 need more than 24 GB"
    )
    assert found[("resnet18", 128)]["p50"] > 0


def test_our_flags() -> None:
    command = our_program.command(Path("program"), our_inference.flags(_SETTING), Path("out.json"))
    for flag in ("--steps=Inference", "--configurations=full", "--threads=2", "--batches=25",
                 "--precisions=torch", "--benchmark_out=out.json"):  # fmt: skip
        assert flag in command
    assert "max_lengths" not in our_inference.flags(_SETTING)
    short = our_inference.flags(InferenceSetting(("bert_base",), (1,), max_length=64))
    assert short["max_lengths"] == 64
    assert "threads" not in our_inference.flags(InferenceSetting(("a",), (1,), "cuda"))


def test_results_are_readable_and_sides_have_different_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = _measured(monkeypatch, _of(1.0, 1.0), _python(2.0, 1.0))
    path = tmp_path / "ratio.json"
    path.write_text(json.dumps(rounds.document()))
    rows = table.read([path]).rows
    assert sorted(rows["name"]) == [
        "Inference/resnet18/full/cpu/peer=python/threads=2/batch:8/manual_time",
        "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time",
    ]
    # A ratio of times, as in older files: below 1, ours is faster.
    ours = rows[~rows["name"].str.contains("peer")].iloc[0]
    assert ours["ratio_to_python"] == pytest.approx(0.75)


def test_only_names_of_texts_have_a_maximum_length() -> None:
    setting = InferenceSetting(("bert_base", "resnet18"), (8,), threads=2, max_length=64)
    assert [setting.row_name(*group) for group in setting.groups] == [
        "Inference/bert_base/full/cpu/max_length=64/threads=2/batch:8/manual_time",
        "Inference/resnet18/full/cpu/threads=2/batch:8/manual_time",
    ]


@pytest.mark.parametrize(
    ("ours", "flags", "code"),
    [
        (1.0, ["--min-ratio=0.95"], 0),
        (1.04, ["--min-ratio=0.95"], 0),
        (1.2, ["--min-ratio=0.95"], 1),
        (1.2, ["--min-ratio=python=0.95"], 1),
        (1.2, ["--min-ratio=0.8"], 0),
        (1.2, [], 0),
        (1.04, ["--max-ratio=1.05"], 0),
        (1.06, ["--max-ratio", "1.05"], 1),
    ],
)
def test_the_command_alternates_and_decides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys, ours: float, flags: list[str],
    code: int,
) -> None:  # fmt: skip
    calls: list[str] = []
    _fake_sides(monkeypatch, _of(ours), _python(1.0), calls)
    binary = tmp_path / "binary"
    binary.touch()
    arguments = ["--binary", str(binary), "--architectures=resnet18", "--rounds=3",
                 "--threads=2", "-o", str(tmp_path / "out.json")]  # fmt: skip
    assert inference_ratio.main([*arguments, *flags]) == code
    assert calls == ["ours", "python", "python", "ours", "ours", "python"]
    printed = capsys.readouterr()
    assert f"{1 / ours:.3f}" in printed.out
    assert ("(below 0.9" in printed.out) == (code == 1)
    assert ("--min-ratio=0.9524 says the same" in printed.err) == ("--max" in "".join(flags))
    assert len(json.loads((tmp_path / "out.json").read_text())["benchmarks"]) == 6


def test_a_missing_program_is_named(tmp_path: Path, capsys) -> None:
    assert inference_ratio.main(["--binary", str(tmp_path / "none")]) == 2
    assert "no such program" in capsys.readouterr().err


def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    binary = tmp_path / "program"
    binary.write_text("#!/bin/sh\necho '--threads: unknown' >&2\nexit 3\n")
    binary.chmod(0o755)
    with pytest.raises(PeerError, match=r"exit code 3\): --threads: unknown"):
        our_inference.run(binary, _SETTING)


def test_both_sides_measure_rows_of_matching_names(tmp_path: Path, program_binary: Path) -> None:
    out = tmp_path / "out.json"
    inference_ratio.main(
        [f"--binary={program_binary}", "--architectures=resnet18", "--batch-sizes=1",
         "--batches=3", "--warmup-batches=1", "--rounds=1", "--threads=1", f"--output={out}"]
    )  # fmt: skip
    ours, python = json.loads(out.read_text())["benchmarks"]
    setting = InferenceSetting(("resnet18",), (1,), threads=1)
    assert ours["name"] == setting.row_name("resnet18", 1)
    assert python["name"] == setting.row_name("resnet18", 1, "python")
    assert ours["ratio_to_python"] == pytest.approx(ours["p50"] / python["p50"])


@pytest.mark.parametrize(
    ("execution", "pythons"), [("fused", ""), ("fused_graph", "execution=cuda_graph/")]
)
def test_pythons_side_is_never_fused(execution: str, pythons: str) -> None:
    setting = InferenceSetting(("resnet18",), (8,), "cuda", execution=execution)
    assert setting.row_name("resnet18", 8, "python") == (
        f"Inference/resnet18/full/cuda/{pythons}peer=python/batch:8/manual_time"
    )


def test_unknown_networks_and_lengths_are_refused(capsys) -> None:
    for argument, why in (("--architectures=resnet19", "choices: resnet18"),
                          ("--max-length=513", "3 to 512")):  # fmt: skip
        with pytest.raises(SystemExit) as exit:
            inference_ratio.main([argument])
        assert exit.value.code == 2
        assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--batches=5", "the 5 warm-up batches"),
        ("--precision=bf16", "--precision=bf16: on a CPU our program computes in float32"),
        ("--execution=cuda_graph", "a CPU has no CUDA graphs"),
        ("--execution=fused_graph", "--execution=fused_graph: a CPU has no CUDA graphs"),
    ],
)
def test_flags_that_contradict_each_other_are_refused(flag: str, message: str, capsys) -> None:
    assert inference_ratio.main([flag]) == 2
    assert message in capsys.readouterr().err


def test_pythons_side_measures() -> None:
    setting = InferenceSetting(
        ("resnet18", "bert_base"), (1,), threads=1, batches=3, warmup_batches=1, max_length=16
    )
    found = torch_inference.run(setting)
    assert set(found) == {("resnet18", 1), ("bert_base", 1)}
    for result in found.values():
        assert result.error is None
        assert 1e-4 < result.counters["p50"] < 60
        assert result.counters["batches"] == 2
