# SPDX-License-Identifier: Apache-2.0
"""The peers of LoadModel: arithmetic, verdict, the shape of the JSON, and real small runs."""

import json
import mmap
from pathlib import Path

import pytest
import torch
from compare.ratios import exit_code, ratios
from peers import load_files, load_peer, load_ratio, page_cache
from peers.load_setting import LoadSetting
from peers.peer_process import PeerError
from peers.rounds import Rounds
from peers.rows import PeerResult

_OURS = "LoadModel/resnet18/full/cpu/page_cache=cold/manual_time"
_SETTING = LoadSetting("weights", "resnet18", "cold")


def _rounds(*pairs: tuple[float, float], error: str | None = None) -> Rounds:
    """Seconds of ours and theirs; either side's first inference takes a second."""
    rounds = Rounds(load_ratio.PACKAGES)
    for index, (ours, theirs) in enumerate(pairs):
        row = {"name": _OURS, "p50": ours, "first_inference_seconds": 1.0, "real_time": 1e3 * ours}
        rounds.add_ours(index, _SETTING, [row], {"cpu_model": "CPU"})
        counters = {"p50": theirs, "first_inference_seconds": 1.0}
        result = PeerResult(error=error) if error else PeerResult(theirs, counters)
        rounds.add_peer(index, _SETTING, "safetensors", _SETTING.row_name("safetensors"), result)
    return rounds


def test_a_ratio_is_the_median_of_each_rounds() -> None:
    measured = _rounds((1, 2), (1, 3), (2, 2)).measured
    (ratio,) = ratios(measured, load_ratio.LOAD)
    assert ratio.rounds == (2.0, 3.0, 1.0)
    assert ratio.median == 2.0
    assert (ratio.ours, ratio.theirs) == (1, 2)
    (with_inference,) = ratios(measured, load_ratio.WITH_INFERENCE)
    assert with_inference.median == 1.5


def test_states_of_the_page_cache_are_not_mixed() -> None:
    rounds = _rounds((1, 2))
    warm = LoadSetting("weights", "resnet18", "warm")
    rounds.add_peer(0, warm, "torch_load", warm.row_name("torch_load"), PeerResult(9, {"p50": 9}))
    found = ratios(rounds.measured, load_ratio.LOAD)
    assert [ratio.peer for ratio in found] == ["safetensors"]


def test_a_peer_that_failed_has_no_ratio_and_loses_no_row() -> None:
    rounds = _rounds((1, 0), error="load_peer failed: no module")
    (ratio,) = ratios(rounds.measured, load_ratio.LOAD)
    assert ratio.error == "safetensors, round 1: load_peer failed: no module"
    assert exit_code([ratio], {}) == 2
    ours, peer = rounds.document()["benchmarks"]
    assert ours["p50"] == 1
    assert peer["error_occurred"]


def test_the_json_has_the_shape_of_the_programs() -> None:
    document = _rounds((1, 2), (1, 4)).document()
    names = [row["name"] for row in document["benchmarks"]]
    peer = "LoadModel/resnet18/full/cpu/page_cache=cold/peer=safetensors/manual_time"
    assert names.count(peer) == names.count(_OURS) == 2
    for row in document["benchmarks"]:
        assert row["repetitions"] == 2
    assert document["benchmarks"][-1]["real_time"] == pytest.approx(4e3)
    assert "peer_safetensors" in document["context"]


def test_the_context_names_all_networks() -> None:
    """A separate process loads each network."""
    rounds = Rounds()
    for index in (0, 1):
        for name in ("resnet18", "vit_b_16"):
            context = {
                "date": f"{index} {name}",
                "option_architectures": name,
                "option_threads": "2",
                f"architecture_{name}": name,
                f"weights_{name}": f"{name}.safetensors",
            }
            rounds.add_ours(index, LoadSetting("weights", name), [], context)
    context = rounds.document()["context"]
    assert context["option_architectures"] == "resnet18,vit_b_16"
    assert context["option_threads"] == "2"
    assert context["date"] == "0 resnet18"
    for name in ("resnet18", "vit_b_16"):
        assert context[f"architecture_{name}"] == name
        assert context[f"weights_{name}"] == f"{name}.safetensors"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--loads=3", "--warmup-loads=3"], "--loads=3"),
        (["--peers=safetensors", "--min-ratio=torch_load=2"], "torch_load"),
        (["--architectures=bert_base"], "--architectures=bert_base"),
        (["--binary=/nowhere/bench"], "/nowhere/bench"),
    ],
)
def test_bad_input_is_named(flags: list[str], message: str, capsys, tmp_path: Path) -> None:
    assert load_ratio.main([f"--weights-dir={tmp_path}", *flags]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    load_files.ensure(folder, "resnet18")
    return folder


def test_every_side_loads_the_same_network(weights: Path) -> None:
    setting = LoadSetting(str(weights), "resnet18")
    images = torch.randn(2, 3, 224, 224)
    features = []
    for side in load_peer.SIDES:
        network, parts = load_peer.load(side, setting)
        assert list(parts) == ["init", "read", "fill", "copy"]
        assert not network.training
        with torch.inference_mode():
            features.append(network(images))
    for other in features[1:]:
        assert torch.equal(features[0], other)


def test_files_are_written_once(weights: Path) -> None:
    before = [path.stat().st_mtime_ns for path in load_files.paths(weights, "resnet18")]
    load_files.ensure(weights, "resnet18")
    assert before == [path.stat().st_mtime_ns for path in load_files.paths(weights, "resnet18")]


def test_pages_are_dropped_or_an_error_says_that_they_stay(weights: Path) -> None:
    path, _ = load_files.paths(weights, "resnet18")
    path.read_bytes()
    if page_cache.resident_pages(path) == 0:
        pytest.skip("this file system keeps no pages")
    page_cache.drop(path)
    assert page_cache.resident_pages(path) == 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped[0] == path.read_bytes()[0]
        with pytest.raises(PeerError, match="still in the page cache"):
            page_cache.drop(path)


def test_sides_run_and_are_written(
    weights: Path, photographs: Path, tmp_path: Path, program_binary: Path
) -> None:
    out = tmp_path / "ratios.json"
    peers = ("torch_load", "torch_load_mmap_meta", "safetensors_device_meta")
    code = load_ratio.main(
        [f"--weights-dir={weights}", f"--binary={program_binary}", "--architectures=resnet18",
         f"--peers={','.join(peers)}",
         "--rounds=1", "--loads=3", "--warmup-loads=1", "--page-caches=warm",
         f"--ours=--cache_dir={tmp_path}", f"--ours=--data_dir={photographs}",
         "--ours=--reads=buffered,mmap", f"--output={out}"]
    )  # fmt: skip
    assert code == 0
    rows = json.loads(out.read_text())["benchmarks"]
    sides = {row["name"].partition("peer=")[2].split("/")[0] for row in rows}
    assert sides == {"", *peers}
    assert sum("peer=" not in row["name"] for row in rows) == 2
    for row in rows:
        assert row["p50"] > 0
        parts = 1e3 * sum(
            row.get(f"{part}_seconds", 0) for part in ("init", "read", "fill", "copy")
        )
        if "peer=" in row["name"]:
            expected = row["bytes"] / (1e-3 * row["real_time"])
            assert row["bytes_per_second"] == pytest.approx(expected)
            # Each part begins where the last one ends.
            assert parts == pytest.approx(row["real_time"])
        else:
            assert 0 < parts <= row["real_time"] * (1 + 1e-6)  # Inside of the load.
