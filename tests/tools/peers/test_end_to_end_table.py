# SPDX-License-Identifier: Apache-2.0
"""From photographs to features: all pipelines give the same features, and the table is right."""

import argparse
import json
from pathlib import Path

import pytest
import torch
from compare.ratios import Ratio, ratios
from peers import (
    end_to_end_markdown,
    end_to_end_peer,
    end_to_end_table,
    feature_distance,
    forward,
    our_loader,
    program_weights,
    tuned_end_to_end_peer,
)
from peers.end_to_end_setting import EndToEndSetting
from peers.loader_setting import LoaderSetting
from peers.rounds import Rounds
from peers.rows import PeerResult
from safetensors.torch import load_file

_OPTIONS = argparse.Namespace(
    batch=8, workers=2, rounds=2, peers=("study", "tuned"), way="frozen_graph", precision="bf16"
)


def _ours(mode: str, seconds: float) -> dict:
    name = f"EndToEnd/resnet18/full/cuda/mode={mode}/workers=2/batch:8/manual_time"
    return {"name": name, "items": 100, "extract_seconds": seconds}


def _rounds(tuned_error: str | None = None) -> Rounds:
    rounds = Rounds()
    for index, seconds in enumerate((1.0, 2.0)):
        context = {"gpu_name": "GPU", "data_images": "100"}
        ours = [_ours("serial", 2 * seconds), _ours("overlapped", seconds)]
        rounds.add_ours(index, "resnet18", ours, context)
        study = PeerResult(4.0, {"items": 100, "extract_seconds": 10.0 * seconds})
        rounds.add_peer(index, "resnet18", "study", "study", study)
        tuned = PeerResult(error=tuned_error) if tuned_error else PeerResult(
            2.0, {"items": 100, "extract_seconds": 2.0}
        )  # fmt: skip
        rounds.add_peer(index, "resnet18", "tuned", "tuned", tuned)
    return rounds


def test_the_best_of_our_rows_counts() -> None:
    rounds = _rounds()
    found = end_to_end_markdown.best(ratios(rounds.measured, end_to_end_table.RATE))
    assert [(ratio.peer, ratio.rounds) for ratio in found] == [
        ("study", (10.0, 10.0)), ("tuned", (2.0, 1.0)),
    ]  # fmt: skip
    assert all("mode=overlapped" in ratio.name for ratio in found)
    lines = end_to_end_markdown.table(found, rounds, _OPTIONS).splitlines()
    assert lines[0] == (
        "| Network | Ours (images/s) | The study's (images/s) | Over the study's "
        "| Tuned (images/s) | Over tuned |"
    )
    assert lines[2] == "| ResNet-18 | 75 | 8 | 10.0 (10.0 to 10.0) | 50 | 1.5 (1.0 to 2.0) |"
    assert "100 photographs at batch 8 with 2 workers on GPU" in lines[4]
    assert lines[5] == "- Ours (ResNet-18): `mode=overlapped workers=2`."


def test_headers_keep_their_capitals() -> None:
    ratio = Ratio("ours", "tuned_gpu", "resnet18", error="no GPU")
    text = end_to_end_markdown.table([ratio], _rounds(), _OPTIONS)
    assert "| Tuned, decoding on the GPU (images/s) |" in text


def test_a_pipeline_that_failed_is_named() -> None:
    rounds = _rounds("no compiler")
    found = end_to_end_markdown.best(ratios(rounds.measured, end_to_end_table.RATE))
    text = end_to_end_markdown.table(found, rounds, _OPTIONS)
    assert "| 75 | 8 | 10.0 (10.0 to 10.0) | failed |" in text
    assert "- resnet18, tuned: tuned, round 1: no compiler" in text


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--data-dir=/nowhere"], "--data-dir=/nowhere"),
        (["--data-dir={data}", "--way=eager_graph"], "a CPU has no CUDA graphs"),
        (["--data-dir={data}", "--precision=fp16"], "--precision=fp16"),
        (["--data-dir={data}", "--peers=study", "--min-ratio=tuned=2"], "tuned"),
        (["--data-dir={data}", "--binary=/nowhere/bench"], "/nowhere/bench"),
    ],
)
def test_bad_input_is_named(flags: list[str], message: str, photographs: Path, capsys) -> None:
    assert end_to_end_table.main([flag.format(data=photographs) for flag in flags]) == 2
    assert message in capsys.readouterr().err


def test_every_pipeline_gives_the_programs_features(
    photographs: Path, tmp_path: Path, program_binary: Path
) -> None:
    cache = program_weights.DEFAULT_CACHE
    program_weights.ensure(program_binary, ["resnet18"], cache)
    weights = str(program_weights.find(None, cache, "resnet18"))
    study = LoaderSetting(
        str(photographs), workers=1, batch=8, architecture="resnet18", weights=weights
    )
    our_loader.run(
        program_binary, study,
        {"cache_dir": str(cache), "modes": "serial", "features_dir": str(tmp_path)},
    )  # fmt: skip
    expected = load_file(tmp_path / "resnet18.full.safetensors")["features"]
    found, _, counters = end_to_end_peer.extract(study)
    assert counters["items"] == len(expected) == 20
    distances = {"study": feature_distance.distance(found, expected)}
    for pipeline in ("tuned", "tuned_gpu"):
        setting = EndToEndSetting(
            pipeline, "resnet18", weights, str(photographs), workers=1, batch=8, precision="torch",
            way="eager",
        )  # fmt: skip
        found, _, counters = tuned_end_to_end_peer.extract(setting)
        assert counters["items"] == 20
        distances[pipeline] = feature_distance.distance(found, expected)
    assert max(distances["study"], distances["tuned"]) < 1e-5
    assert distances["tuned_gpu"] < 0.01  # torchvision's decoder rounds a few values differently.
    other = torch.roll(expected, 1, 0)
    assert feature_distance.distance(other, expected) > 0.2


@pytest.mark.parametrize("pipeline", ["tuned", "tuned_gpu"])
def test_threads_are_set_before_compiling(
    pipeline: str, photographs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another number of them would compile the network again."""
    found = []

    def call(*_: torch.Tensor) -> torch.Tensor:
        found.append(torch.get_num_threads())
        return torch.zeros(20, 1)

    def prepare(*_: object) -> forward.Prepared:
        call()
        return forward.Prepared(call, {})

    monkeypatch.setattr(program_weights, "network", lambda *_: torch.nn.Flatten())
    monkeypatch.setattr(forward, "prepare", prepare)
    before = torch.get_num_threads()
    setting = EndToEndSetting(
        pipeline, "resnet18", "", str(photographs), workers=3, batch=20, precision="torch"
    )
    try:
        tuned_end_to_end_peer.extract(setting)
    finally:
        torch.set_num_threads(before)
    assert found == [3, 3, 3]


def test_the_studys_network_computes_with_as_many_threads_as_workers(
    photographs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making the loader sets another number."""
    found = []

    class Network(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            found.append(torch.get_num_threads())
            return images.mean((2, 3))

    monkeypatch.setattr(program_weights, "network", lambda *_: Network())
    before = torch.get_num_threads()
    study = LoaderSetting(str(photographs), workers=3, batch=20, architecture="resnet18")
    try:
        end_to_end_peer.extract(study)
    finally:
        torch.set_num_threads(before)
    assert found[1:] == [3]


def test_the_command_prints_and_writes_the_table(
    photographs: Path, tmp_path: Path, program_binary: Path, capsys
) -> None:
    code = end_to_end_table.main(
        [f"--data-dir={photographs}", f"--binary={program_binary}", "--architectures=resnet18",
         "--workers=1", "--batch=8", "--rounds=1", "--ours=--modes=overlapped",
         f"--output={tmp_path / 'out.json'}", f"--markdown={tmp_path / 'table.md'}"]
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 0, printed
    assert (tmp_path / "table.md").read_text() == printed.out
    assert printed.out.splitlines()[2].startswith("| ResNet-18 | ")
    rows = json.loads((tmp_path / "out.json").read_text())["benchmarks"]
    assert len(rows) == 4
    assert all(row["extract_seconds"] > 0 for row in rows)
